import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ConversationRow, Queries } from './queries.ts';
import type { RowCipher } from './row-cipher.ts';
import { toStoreError } from './store-errors.ts';

const PREVIEW_CHARS = 120;
const ROWS_PER_STEP = 64;

/**
 * Opened titles and previews. The list of conversations is asked for often and would otherwise open two texts per conversation each time. One that
 * cannot be opened is empty here and logged, because it must not hide all other conversations; the message itself tells when it is read.
 */
export interface Headings {
  of(row: ConversationRow): { title: string; preview: string };
  /** Opens those of all conversations ahead of the first list, a few at a time; ends early when `mayContinue` turns false. */
  warm(mayContinue: () => boolean): Promise<void>;
  /** Drops what is remembered, after a purge: nothing that was deleted stays in memory. */
  forget(): void;
}

export function createHeadings(deps: { queries: Queries; cipher: RowCipher; log: Log }): Headings {
  const { queries, cipher, log } = deps;
  // Keyed by what was sealed (id and version): a changed row has another key, also when another process changed it.
  const titles = new Map<string, { version: number; title: string }>();
  const previews = new Map<string, { messageId: string; version: number; preview: string }>();

  const orEmpty = (open: () => string): string => {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn('A text could not be opened', { error: toStoreError(error) });
      return '';
    }
  };
  const titleOf = (row: ConversationRow): string => {
    const known = titles.get(row.id);
    if (known?.version === row.version) return known.title;
    const title = orEmpty(() => cipher.openTitle(row));
    titles.set(row.id, { version: row.version, title });
    return title;
  };
  const previewOf = (row: ConversationRow): string => {
    const { last_seq: seq, last_id: messageId, last_version: version } = row;
    if (seq === null || messageId === null || version === null) return '';
    const known = previews.get(row.id);
    if (known?.messageId === messageId && known.version === version) return known.preview;
    const message = queries.getMessageBySeq.get(seq);
    const preview = message ? orEmpty(() => firstWords(cipher.openText(message))) : '';
    previews.set(row.id, { messageId, version, preview });
    return preview;
  };

  const of = (row: ConversationRow): { title: string; preview: string } => ({ title: titleOf(row), preview: previewOf(row) });

  return {
    of,
    async warm(mayContinue) {
      const rows = queries.listConversations.all();
      for (let index = 0; index < rows.length && mayContinue(); index += ROWS_PER_STEP) {
        rows.slice(index, index + ROWS_PER_STEP).forEach(of);
        await nextTurn();
      }
    },
    forget() {
      titles.clear();
      previews.clear();
    },
  };
}

/** The beginning of a text on one line, cut between words. */
export function firstWords(text: string): string {
  const line = text
    .slice(0, PREVIEW_CHARS * 4)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= PREVIEW_CHARS) return line;
  const cut = line.slice(0, PREVIEW_CHARS);
  const blank = cut.lastIndexOf(' ');
  // One endless word: never between the halves of a surrogate pair.
  return `${blank > 0 ? cut.slice(0, blank) : cut.replace(/[\ud800-\udbff]$/, '')}…`;
}
