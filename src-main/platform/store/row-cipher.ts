import type { Keyring } from '../secrets/index.ts';
import type { MessageRow, SummaryRow } from './queries.ts';

/**
 * Seals and opens the texts of rows. What is authenticated along with a text: its table and column, the row's id and version, and the plain columns that
 * give it its meaning (whose words, in which conversation). So a text moved to another row, an older text put back beside a newer version, and an answer
 * turned into a question all fail to open.
 */
export interface RowCipher {
  sealTitle(conversation: { id: string; version: number }, title: string): Buffer;
  openTitle(conversation: { id: string; version: number; title: Buffer }): string;
  sealText(message: MessagePlace, text: string): Buffer;
  openText(message: MessagePlace & { text: Buffer }): string;
  sealSummary(summary: SummaryPlace, text: string): Buffer;
  openSummary(summary: SummaryRow): string;
}

type MessagePlace = Pick<MessageRow, 'id' | 'version' | 'conversation_id' | 'role'>;
type SummaryPlace = Pick<SummaryRow, 'conversation_id' | 'version' | 'through_message_id'>;

export function createRowCipher(keyring: Pick<Keyring, 'seal' | 'open'>): RowCipher {
  return {
    sealTitle: ({ id, version }, title) => keyring.seal(title, context('conversations.title', id, version)),
    openTitle: ({ id, version, title }) => keyring.open(title, context('conversations.title', id, version)),
    sealText: (message, text) => keyring.seal(text, messageContext(message)),
    openText: (message) => keyring.open(message.text, messageContext(message)),
    sealSummary: (summary, text) => keyring.seal(text, summaryContext(summary)),
    openSummary: (summary) => keyring.open(summary.text, summaryContext(summary)),
  };
}

function messageContext({ id, version, conversation_id, role }: MessagePlace): string {
  return context('messages.text', id, version, conversation_id, role);
}

function summaryContext({ conversation_id, version, through_message_id }: SummaryPlace): string {
  return context('summaries.text', conversation_id, version, through_message_id);
}

/** `table|row id|version|…`, with quotes around whatever contains the separator. */
function context(column: string, id: string, version: number, ...bound: string[]): string {
  return [column, id, String(version), ...bound].map((part) => (/[|"]/.test(part) ? JSON.stringify(part) : part)).join('|');
}
