import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SearchHit } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Keyring } from '../secrets/index.ts';
import type { MessageRow, Queries } from './queries.ts';
import type { RowCipher } from './row-cipher.ts';
import { createProbe } from './search-filter.ts';
import { matchTerms, queryTerms, type WordMatch } from './search-words.ts';

const MAX_HITS = 100;
const FILTERS_PER_STEP = 256;
/** After this long other work gets its turn. */
const SLICE_MS = 3;
const CHARS_BEFORE = 48;
const CHARS_AFTER = 120;

/**
 * Goes through the messages from the newest to the oldest, in slices of a few milliseconds: the filter says which may match, those are opened and
 * checked. Resolves with at most 100 hits; with what was found so far when `isOpen` turns false in between.
 */
export function createSearch(deps: {
  queries: Queries;
  cipher: RowCipher;
  keyring: Keyring;
  clock: Pick<Clock, 'nowMs'>;
  titleOf: (conversationId: string) => string;
  isOpen: () => boolean;
}): (query: string) => Promise<SearchHit[]> {
  const open = (row: MessageRow): string => {
    try {
      return deps.cipher.openText(row);
    } catch (error) {
      // A message that cannot be opened is told when it is shown; it must not hide all others from the search.
      if (error instanceof AppError) return '';
      throw error;
    }
  };

  return async (query) => {
    const terms = queryTerms(query);
    if (terms.length === 0) return [];
    const probe = createProbe(terms, deps.keyring);
    const hits: SearchHit[] = [];
    let beforeSeq = Number.MAX_SAFE_INTEGER;
    let sliceEndMs = deps.clock.nowMs() + SLICE_MS;
    /** Lets other work run when the slice is used up; false when the store was closed meanwhile. */
    const goOn = async (): Promise<boolean> => {
      if (deps.clock.nowMs() < sliceEndMs) return true;
      await nextTurn();
      sliceEndMs = deps.clock.nowMs() + SLICE_MS;
      return deps.isOpen();
    };
    for (;;) {
      const rows = deps.queries.listFilters.all(beforeSeq, FILTERS_PER_STEP);
      const verdicts = probe(rows.map((row) => row.filter));
      for (const [index, { seq }] of rows.entries()) {
        if (!verdicts[index]) continue;
        const row = deps.queries.getVisibleMessage.get(seq);
        const text = row && open(row);
        const match = text && matchTerms(text, terms);
        if (row && text && match) hits.push({ ...toHit(row, text, match), conversationTitle: deps.titleOf(row.conversation_id) });
        if (hits.length === MAX_HITS || !(await goOn())) return newestFirst(hits);
      }
      const last = rows.at(-1);
      if (!last || !(await goOn())) return newestFirst(hits);
      beforeSeq = last.seq;
    }
  };
}

function newestFirst(hits: SearchHit[]): SearchHit[] {
  return hits.toSorted((left, right) => right.createdAtMs - left.createdAtMs);
}

function toHit(row: MessageRow, text: string, match: WordMatch): Omit<SearchHit, 'conversationTitle'> {
  const start = cutBefore(text, match.start);
  const end = cutAfter(text, match.end);
  const head = start > 0 ? '…' : '';
  const tail = end < text.length ? '…' : '';
  // Line breaks become blanks one for one, so that the offsets stay true.
  const excerpt = `${head}${text.slice(start, end).replace(/\s/g, ' ')}${tail}`;
  const shift = head.length - start;
  return {
    conversationId: row.conversation_id,
    messageId: row.id,
    excerpt,
    matchStart: match.start + shift,
    matchEnd: match.end + shift,
    createdAtMs: row.created_at_ms,
  };
}

/** The beginning of a word some characters ahead of the match. */
function cutBefore(text: string, matchStart: number): number {
  const earliest = matchStart - CHARS_BEFORE;
  if (earliest <= 0) return 0;
  const blank = text.slice(earliest, matchStart).search(/\s/);
  return blank === -1 ? wholeSign(text, earliest) : earliest + blank + 1;
}

function cutAfter(text: string, matchEnd: number): number {
  const latest = matchEnd + CHARS_AFTER;
  if (latest >= text.length) return text.length;
  const blank = text.slice(matchEnd, latest).search(/\s\S*$/);
  return blank === -1 ? wholeSign(text, latest) : matchEnd + blank;
}

/** Not between the two halves of a surrogate pair. */
function wholeSign(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc_00 && code <= 0xdf_ff ? offset - 1 : offset;
}
