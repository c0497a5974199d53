import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { Message } from '../../src-preload/contract/index.ts';
import { AppError } from '../../src-main/base/errors.ts';
import type { Clock } from '../../src-main/base/clock.ts';
import { createKeyring, type Keyring } from '../../src-main/platform/secrets/index.ts';
import { openStore, type HistoryStore, type StoreOptions } from '../../src-main/platform/store/index.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** 2026-03-01T12:00:00Z: backups carry the date in their names. */
export const BENCH_START_MS = Date.UTC(2026, 2, 1, 12);

/** A data folder with the real keyring and the real store in it, opened and closed as often as a test likes. */
export interface HistoryBench {
  readonly dataDirectory: string;
  /** `history.db` in it. */
  readonly file: string;
  readonly clock: VirtualClock;
  readonly log: RecordingLog;
  /** The keyring of the folder, opened anew. */
  keyring(): Promise<Keyring>;
  open(overrides?: Partial<StoreOptions>): Promise<HistoryStore>;
  /** The database past the store, for looking and for meddling; the store should be closed. */
  raw<Value>(work: (database: Database.Database) => Value): Value;
  /** Every file of the data folder, also in its subfolders, as bytes. */
  bytesOnDisk(): Buffer;
}

export async function createHistoryBench(): Promise<HistoryBench> {
  const dataDirectory = await temporaryFolder();
  const file = join(dataDirectory, 'history.db');
  const clock = createVirtualClock(BENCH_START_MS);
  const log = createRecordingLog();
  const keyring = (): Promise<Keyring> => createKeyring({ dataDirectory, clock, log });
  return {
    dataDirectory,
    file,
    clock,
    log,
    keyring,
    async open(overrides = {}) {
      const store = await openStore({
        dataDirectory,
        keyring: overrides.keyring ?? (await keyring()),
        nativeBinding: undefined,
        clock,
        log,
        keepBackups: () => 7,
        historyDays: () => 0,
        ...overrides,
      });
      onTestFinished(() => store.dispose());
      return store;
    },
    raw(work) {
      const database = new Database(file);
      try {
        return work(database);
      } finally {
        database.close();
      }
    },
    bytesOnDisk: () => Buffer.concat(filesBelow(dataDirectory).map((path) => readFileSync(path))),
  };
}

/** A message in which only what matters to the test is said. */
export function messageOf(conversationId: string, text: string, more: Partial<Message> = {}): Omit<Message, 'id'> & { id?: string } {
  return {
    conversationId,
    text,
    role: 'user',
    medium: 'text',
    language: 'en',
    heardChars: null,
    status: 'complete',
    createdAtMs: BENCH_START_MS,
    ...more,
  };
}

/** A conversation with these messages in it, oldest first. */
export function tellStore(store: HistoryStore, texts: readonly string[], title = 'Talk', createdAtMs = BENCH_START_MS) {
  const conversation = store.createConversation({ title, createdAtMs });
  const messages = texts.map((text) => store.insertMessage(messageOf(conversation.id, text, { createdAtMs })));
  return { conversation, messages };
}

/** Everything that can be read from a store, for comparing whole histories. */
export function readAll(store: HistoryStore) {
  return store.listConversations().map((conversation) => ({
    ...conversation,
    messages: store.listMessages(conversation.id, { limit: 10_000 }),
    summary: store.getSummary(conversation.id),
  }));
}

/** What the work throws; fails when it does not. */
export function thrownBy(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

/** A clock that is this much later at each look: everything that works in slices pauses after every step. */
export function createHastyClock(stepMs: number): Clock {
  let nowMs = BENCH_START_MS;
  const tick = (): number => (nowMs += stepMs);
  return { nowMs: tick, wallMs: () => BENCH_START_MS, after: () => ({ cancel: () => undefined }) };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
