import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallLogEntry, CallRecord, CallSegment, CallSpeaker, PhoneCall } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import { sealedHeader, type Keyring } from '../secrets/index.ts';
import { inTransaction, type Connection } from './connection.ts';
import { createFilter, createProbe } from './search-filter.ts';
import { matchTerms, queryTerms, type QueryTerm } from './search-words.ts';
import { toStoreError } from './store-errors.ts';

/** Who answered, as it is filtered by. */
export type AnsweredBy = CallSpeaker | 'nobody';

export interface PhoneLogFilter {
  beforeMs?: number | undefined;
  limit: number;
  /** Words or word beginnings, or any part of a number, that must all occur in name, number, purpose, summary, tasks or what was said. */
  query?: string | undefined;
  direction?: PhoneCall['direction'] | undefined;
  answeredBy?: AnsweredBy | undefined;
}

/** A line of the log, with what statistics count. */
export type PhoneLogEntry = Omit<CallRecord, 'segments'>;

/**
 * What the telephone keeps. Each call is one short synchronous transaction, except `list` and `entriesSince`, which work in slices; errors are those of the
 * store. Rows that do not open are left out.
 */
export interface PhoneRecords {
  /** `isOver`: the call has ended, and is made ready for the search. */
  saveCall(record: CallRecord, isOver: boolean): void;
  getCall(id: string): CallRecord | undefined;
  /** Newest first. */
  list(filter: PhoneLogFilter): Promise<CallLogEntry[]>;
  /** Everything that began then or later, oldest last. */
  entriesSince(fromMs: number): Promise<PhoneLogEntry[]>;
  /** Calls that an earlier life of the app has not ended. */
  unendedCalls(): CallRecord[];
  removeCall(id: string): boolean;
  /** Ids of ended calls that began before then, whether they can be opened or not. */
  idsBefore(beforeMs: number): string[];
  has(id: string): boolean;
}

interface CallRow {
  id: string;
  version: number;
  direction: PhoneCall['direction'];
  answered_by: AnsweredBy;
  ended: 0 | 1;
  started_at_ms: number;
  content: Buffer;
}
interface WholeRow extends CallRow {
  transcript: Buffer;
  filter: Buffer | null;
}

const ROWS_PER_STEP = 50;
const RENEWED_PER_STEP = 8;
const PLAIN = 'id, version, direction, answered_by, ended, started_at_ms, content';
const ENTRY = `SELECT ${PLAIN}, filter FROM phone_calls`;
const WHOLE = `SELECT ${PLAIN}, transcript, filter FROM phone_calls`;

interface PagePlace {
  beforeMs: number;
  /** Of the row at exactly `beforeMs` up to which everything was seen. */
  beforeId: string;
  direction: string | null;
  answeredBy: string | null;
  fromMs: number;
  limit: number;
}

function prepare(connection: Connection) {
  return {
    get: connection.prepare<[id: string], WholeRow>(`${WHOLE} WHERE id = ?`),
    has: connection.prepare<[id: string], number>('SELECT 1 FROM phone_calls WHERE id = ?').pluck(),
    version: connection.prepare<[id: string], number>('SELECT version FROM phone_calls WHERE id = ?').pluck(),
    page: connection.prepare<PagePlace, Omit<WholeRow, 'transcript'>>(
      `${ENTRY} WHERE (started_at_ms, id) < (@beforeMs, @beforeId) AND started_at_ms >= @fromMs
         AND (@direction IS NULL OR direction = @direction) AND (@answeredBy IS NULL OR answered_by = @answeredBy)
       ORDER BY started_at_ms DESC, id DESC LIMIT @limit`,
    ),
    unended: connection.prepare<[], WholeRow>(`${WHOLE} WHERE ended = 0 ORDER BY started_at_ms`),
    save: connection.prepare<WholeRow>(
      `INSERT INTO phone_calls (id, version, direction, answered_by, ended, started_at_ms, content, transcript, filter)
       VALUES (@id, @version, @direction, @answered_by, @ended, @started_at_ms, @content, @transcript, @filter)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, direction = excluded.direction, answered_by = excluded.answered_by,
         ended = excluded.ended, started_at_ms = excluded.started_at_ms, content = excluded.content, transcript = excluded.transcript,
         filter = excluded.filter`,
    ),
    remove: connection.prepare<[id: string]>('DELETE FROM phone_calls WHERE id = ?'),
    idsBefore: connection
      .prepare<[beforeMs: number], string>('SELECT id FROM phone_calls WHERE ended = 1 AND started_at_ms < ? ORDER BY started_at_ms')
      .pluck(),
    underOldKeys: connection.prepare<[afterId: string, header: Buffer, limit: number], WholeRow>(
      `${WHOLE} WHERE id > ? AND substr(content, 1, 5) <> ? ORDER BY id LIMIT ?`,
    ),
  };
}

/** The records on one open connection. `renew` seals again what lies under an old key, from the id on that is given; resolves with where to go on. */
export function createPhoneRecords(deps: {
  connection: Connection;
  keyring: Pick<Keyring, 'seal' | 'open' | 'activeKeyId' | 'derive' | 'has'>;
}): PhoneRecords & { renew(afterId: string): string | undefined } {
  const { connection, keyring } = deps;
  const queries = prepare(connection);
  const open = <Value>(row: CallRow, column: 'content' | 'transcript', sealed: Buffer): Value | undefined => {
    try {
      return JSON.parse(keyring.open(sealed, contextOf(row, column))) as Value;
    } catch (error) {
      // Changed from outside, or its key is gone: it must not hide all others.
      if (error instanceof AppError) return undefined;
      throw error;
    }
  };
  const openEntry = (row: CallRow): PhoneLogEntry | undefined => open<PhoneLogEntry>(row, 'content', row.content);
  const openWhole = (row: WholeRow): CallRecord | undefined => {
    const entry = openEntry(row);
    const segments = entry && open<CallSegment[]>(row, 'transcript', row.transcript);
    return entry && segments && { ...entry, segments };
  };
  const save = (record: CallRecord, isOver: boolean): void => {
    const { segments, ...entry } = record;
    const { id, direction, startedAtMs } = record.call;
    const row: CallRow = {
      id,
      version: (queries.version.get(id) ?? 0) + 1,
      direction,
      answered_by: record.answeredBy ?? 'nobody',
      ended: isOver ? 1 : 0,
      started_at_ms: Math.round(startedAtMs),
      content: Buffer.alloc(0),
    };
    queries.save.run({
      ...row,
      content: keyring.seal(JSON.stringify(entry), contextOf(row, 'content')),
      transcript: keyring.seal(JSON.stringify(segments), contextOf(row, 'transcript')),
      filter: isOver ? createFilter(searchText(record), keyring) : null,
    });
  };
  const isFound = (row: Omit<WholeRow, 'transcript'>, terms: readonly QueryTerm[]): boolean => {
    const whole = queries.get.get(row.id);
    const record = whole && openWhole(whole);
    return record !== undefined && matchTerms(searchText(record), terms) !== undefined;
  };
  const pages = async function* (place: Omit<PagePlace, 'beforeId' | 'limit'>): AsyncGenerator<Omit<WholeRow, 'transcript'>[]> {
    let { beforeMs } = place;
    let beforeId = '';
    for (;;) {
      const rows = guard(() => queries.page.all({ ...place, beforeMs, beforeId, limit: ROWS_PER_STEP }));
      yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_PER_STEP) return;
      beforeMs = last.started_at_ms;
      beforeId = last.id;
      await nextTurn();
      // The store was closed, or a backup took its place.
      if (!connection.open) return;
    }
  };

  return {
    saveCall: (record, isOver) => guard(() => inTransaction(connection, () => save(record, isOver))),
    getCall: (id) =>
      guard(() => {
        const row = queries.get.get(id);
        return row && openWhole(row);
      }),
    async list({ beforeMs = Number.MAX_SAFE_INTEGER, limit, query = '', direction = null, answeredBy = null }) {
      const terms = termsOf(query);
      const probe = terms.length === 0 ? undefined : createProbe(terms, keyring);
      const found: CallLogEntry[] = [];
      for await (const rows of pages({ beforeMs, direction, answeredBy, fromMs: Number.MIN_SAFE_INTEGER })) {
        const verdicts = probe?.(rows.map((row) => row.filter ?? Buffer.alloc(0)).filter((filter) => filter.length > 0)) ?? [];
        let filtered = 0;
        for (const row of rows) {
          const mayMatch = row.filter === null || probe === undefined || verdicts[filtered] === true;
          if (row.filter !== null) filtered += 1;
          const entry = mayMatch && guard(() => (terms.length === 0 || isFound(row, terms) ? openEntry(row) : undefined));
          if (entry) found.push(toLogEntry(entry));
          if (found.length === limit) return found;
        }
      }
      return found;
    },
    async entriesSince(fromMs) {
      const found: PhoneLogEntry[] = [];
      for await (const rows of pages({ beforeMs: Number.MAX_SAFE_INTEGER, direction: null, answeredBy: null, fromMs: Math.floor(fromMs) }))
        found.push(...rows.map(openEntry).filter((entry) => entry !== undefined));
      return found;
    },
    unendedCalls: () =>
      guard(() =>
        queries.unended
          .all()
          .map(openWhole)
          .filter((record) => record !== undefined),
      ),
    removeCall: (id) => guard(() => queries.remove.run(id).changes > 0),
    idsBefore: (beforeMs) => guard(() => queries.idsBefore.all(Math.floor(beforeMs))),
    has: (id) => guard(() => queries.has.get(id) !== undefined),
    renew: (afterId) =>
      guard(() =>
        inTransaction(connection, () => {
          const rows = queries.underOldKeys.all(afterId, sealedHeader(keyring.activeKeyId()), RENEWED_PER_STEP);
          for (const row of rows) {
            const record = openWhole(row);
            if (record) save(record, row.ended === 1);
          }
          return rows.at(-1)?.id;
        }),
      ),
  };
}

/** Where a value belongs, and what must not be changed beside it. */
function contextOf(row: CallRow, column: 'content' | 'transcript'): string {
  return `phone_calls.${column}|${row.direction}|${row.answered_by}|${row.ended}|${row.started_at_ms}|${row.id}|${row.version}`;
}

function guard<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error);
  }
}

function toLogEntry({ latenciesMs: _latencies, unheard: _unheard, ...entry }: PhoneLogEntry): CallLogEntry {
  return entry;
}

/** What people look for. A number is there with each of its ends, so that every part of it is the beginning of a word. */
function searchText({ call, summary, tasks, segments }: CallRecord): string {
  const digits = call.party.number.replace(/\D/g, '');
  const ends = Array.from({ length: Math.max(0, digits.length - 2) }, (_value, index) => digits.slice(index));
  return [call.party.name, ...ends, call.purpose, call.screeningText, summary, ...tasks, ...segments.map(({ text }) => text)].join('\n');
}

/** A number as people type it, with blanks, dashes and the zero of their own country, is one word. */
function termsOf(query: string): QueryTerm[] {
  const number = query.replace(/[\s()/.-]/g, '');
  if (!/^\+?\d{3,}$/.test(number)) return queryTerms(query);
  const digits = number.replace(/^\+?0*/, '');
  return queryTerms(digits === '' ? number : digits);
}
