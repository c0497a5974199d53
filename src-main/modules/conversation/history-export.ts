import type { Conversation, Message } from '../../../src-preload/contract/index.ts';

export type ExportFormat = 'markdown' | 'json';

export interface ExportOptions {
  locale: 'en' | 'de';
  /** How a German export speaks of its owner. */
  address: 'du' | 'sie';
  /** IANA name; undefined = that of this computer. */
  timeZone?: string;
}

/** A conversation as a file that other programs can read. Nothing is left out: also what was written but not heard is in it, and marked. */
export function exportConversation(
  conversation: Conversation,
  messages: readonly Message[],
  format: ExportFormat,
  options: ExportOptions,
): { fileName: string; content: string } {
  const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', ...zoneOf(options) }).format(conversation.createdAtMs);
  const name = fileNameOf(conversation.title === '' ? wordsOf(options).untitled : conversation.title);
  const content = format === 'json' ? toJson(conversation, messages) : toMarkdown(conversation, messages, options);
  return { fileName: `${name} ${day}.${format === 'json' ? 'json' : 'md'}`, content };
}

function toJson(conversation: Conversation, messages: readonly Message[]): string {
  const { id, title, createdAtMs, updatedAtMs } = conversation;
  const file = { format: 'openclaw-conversation', version: 1, conversation: { id, title, createdAtMs, updatedAtMs }, messages };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function toMarkdown(conversation: Conversation, messages: readonly Message[], options: ExportOptions): string {
  const words = wordsOf(options);
  const date = new Intl.DateTimeFormat(options.locale, { dateStyle: 'long', timeStyle: 'short', ...zoneOf(options) });
  const time = new Intl.DateTimeFormat(options.locale, { dateStyle: 'short', timeStyle: 'short', ...zoneOf(options) });
  const title = conversation.title === '' ? words.untitled : conversation.title.replace(/\s+/g, ' ');
  const blocks = [`# ${title}`, `${words.started} ${date.format(conversation.createdAtMs)} · ${words.messages(messages.length)}`];
  for (const message of messages) {
    blocks.push(
      `## ${message.role === 'user' ? words.user : words.assistant} · ${time.format(message.createdAtMs)}`,
      ...bodyOf(message, words),
    );
  }
  return `${blocks.join('\n\n')}\n`;
}

function bodyOf(message: Message, words: Words): string[] {
  const heardChars = message.heardChars ?? message.text.length;
  const heard = message.text.slice(0, heardChars).trimEnd();
  const unheard = message.text.slice(heardChars).trim();
  const blocks = heard === '' ? [] : [heard];
  if (unheard !== '') blocks.push(`*${words.unheard}*`, unheard.replace(/^/gm, '> '));
  if (message.status === 'failed') blocks.push(`*${words.failed}*`);
  return blocks;
}

interface Words {
  user: string;
  assistant: string;
  untitled: string;
  started: string;
  messages: (count: number) => string;
  unheard: string;
  failed: string;
}

const english: Words = {
  user: 'You',
  assistant: 'Assistant',
  untitled: 'Conversation',
  started: 'Started',
  messages: (count) => (count === 1 ? '1 message' : `${count} messages`),
  unheard: 'Interrupted; not heard:',
  failed: 'The answer broke off because of an error.',
};

const german: Words = {
  user: 'Du',
  assistant: 'Assistent',
  untitled: 'Gespräch',
  started: 'Begonnen',
  messages: (count) => (count === 1 ? '1 Nachricht' : `${count} Nachrichten`),
  unheard: 'Unterbrochen; nicht gehört:',
  failed: 'Die Antwort brach wegen eines Fehlers ab.',
};

function wordsOf({ locale, address }: ExportOptions): Words {
  if (locale === 'en') return english;
  return address === 'sie' ? { ...german, user: 'Sie' } : german;
}

function zoneOf({ timeZone }: ExportOptions): { timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}

const MAX_NAME_CHARS = 80;
/** Names that Windows keeps for devices, with any ending. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** The title as a file name that Windows, macOS and Linux all take. */
function fileNameOf(title: string): string {
  const allowed = title
    .normalize('NFC')
    // eslint-disable-next-line no-control-regex
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ');
  const short = [...allowed]
    .slice(0, MAX_NAME_CHARS)
    .join('')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (short === '') return 'conversation';
  return DEVICE_NAME.test(short) ? `_${short}` : short;
}
