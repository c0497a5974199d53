import { inTransaction, type Connection } from './connection.ts';

/** The off-switch as the database knows it; what the words mean is the kill switch's affair. */
export interface LatchRow {
  level: number;
  trigger: string | null;
  reason: string;
  seq: number;
  atMs: number;
  languageCutOff: boolean;
}

export interface LatchEvent {
  seq: number;
  kind: 'engage' | 'lift' | 'cut-language' | 'restore-language';
  /** Of the stop that was engaged or lifted. */
  level: number;
  source: string;
  reason: string;
  atMs: number;
}

/** Each call is one transaction that is on the platter when it returns, unlike the rest of the store. */
export interface LatchRecords {
  /** undefined = none was ever written here. */
  read(): LatchRow | undefined;
  /** The state, and what brought it about. */
  write(row: LatchRow, event?: LatchEvent): void;
  /** An event alone: the record of a lift stands before the lift. */
  record(event: LatchEvent): void;
  /** Newest first. */
  events(limit: number): LatchEvent[];
}

/** Whoever stops everything waits for nobody who has the database locked: the file is written, and this is tried again. */
const STOP_PATIENCE_MS = 50;
const RECORD_PATIENCE_MS = 2_000;

interface Row {
  level: number;
  trigger_name: string | null;
  reason: string;
  seq: number;
  at_ms: number;
  language_cut_off: number;
}

export function createLatchRecords(connection: Connection): LatchRecords {
  const read = connection.prepare<[], Row>('SELECT * FROM killswitch_latch WHERE id = 1');
  const write = connection.prepare<[Row]>(`
    INSERT INTO killswitch_latch (id, level, trigger_name, reason, seq, at_ms, language_cut_off)
    VALUES (1, @level, @trigger_name, @reason, @seq, @at_ms, @language_cut_off)
    ON CONFLICT (id) DO UPDATE SET level = excluded.level, trigger_name = excluded.trigger_name, reason = excluded.reason, seq = excluded.seq,
      at_ms = excluded.at_ms, language_cut_off = excluded.language_cut_off`);
  const insertEvent = connection.prepare<[LatchEvent]>(
    'INSERT INTO killswitch_events (seq, kind, level, source, reason, at_ms) VALUES (@seq, @kind, @level, @source, @reason, @atMs)',
  );
  const listEvents = connection.prepare<[limit: number], LatchEvent>(
    'SELECT seq, kind, level, source, reason, at_ms AS atMs FROM killswitch_events ORDER BY id DESC LIMIT ?',
  );

  return {
    read() {
      const row = read.get();
      return (
        row && {
          level: row.level,
          trigger: row.trigger_name,
          reason: row.reason,
          seq: row.seq,
          atMs: row.at_ms,
          languageCutOff: row.language_cut_off === 1,
        }
      );
    },
    write: (row, event) =>
      durably(connection, STOP_PATIENCE_MS, () => {
        const { level, trigger, reason, seq, atMs, languageCutOff } = row;
        write.run({ level, trigger_name: trigger, reason, seq, at_ms: Math.round(atMs), language_cut_off: languageCutOff ? 1 : 0 });
        if (event) insertEvent.run({ ...event, atMs: Math.round(event.atMs) });
      }),
    record: (event) => durably(connection, RECORD_PATIENCE_MS, () => void insertEvent.run({ ...event, atMs: Math.round(event.atMs) })),
    events: (limit) => listEvents.all(limit),
  };
}

/** The store as a whole may lose its last commits in a power cut (see connection.ts); a stop, and the record of its lift, may not. */
function durably(connection: Connection, patienceMs: number, work: () => void): void {
  const usualPatienceMs = Number(connection.pragma('busy_timeout', { simple: true }));
  connection.pragma(`busy_timeout = ${patienceMs}`);
  connection.pragma('synchronous = FULL');
  try {
    inTransaction(connection, work);
  } finally {
    connection.pragma('synchronous = NORMAL');
    connection.pragma(`busy_timeout = ${usualPatienceMs}`);
  }
}
