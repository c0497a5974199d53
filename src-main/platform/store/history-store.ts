import { copyFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Keyring } from '../secrets/index.ts';
import { createBackups, type StoreBackup } from './backups.ts';
import type { Connection } from './connection.ts';
import {
  markSuspect,
  openAndMigrate,
  openHistoryFile,
  openTemporaryHistory,
  type HistoryFileDependencies,
  type OpenHistory,
} from './history-file.ts';
import { migrations } from './migrations/index.ts';
import { createLatchRecords, type LatchRecords } from './latch-records.ts';
import { renewUnderActiveKey } from './renewal.ts';
import { createPhoneRecords, type PhoneRecords } from './phone-records.ts';
import { DATABASE_SUFFIXES, moveDatabase, runFileTask } from './store-files.ts';
import { draftGone, isDamage, notReopened, toStoreError } from './store-errors.ts';
import type { Store } from './store.ts';
import { createToolRecords, type ToolRecords } from './tool-records.ts';
import { createUpkeep, type Upkeep } from './upkeep.ts';

/** The store with its life around it. */
export interface HistoryStore extends Store {
  /** What the tools keep: calls, kept answers, timers. */
  readonly tools: ToolRecords;
  /** The call log. */
  readonly phone: PhoneRecords;
  /** The off-switch's second place, beside its file. */
  readonly latch: LatchRecords;
  /** False while the history on disk cannot be used (`problem` says why): the app runs on a history in memory, and the file is left untouched. */
  isLasting(): boolean;
  /** What the owner should know: set aside, refused, not writable. Undefined when all is well, also after a restored backup. */
  problem(): ErrorData | undefined;
  backups(): StoreBackup[];
  backUp(): Promise<StoreBackup>;
  /**
   * Puts a backup in the place of the present history, which becomes a backup itself; one after the other. Rejects, and changes nothing, when it cannot be
   * used; with `store.not-reopened` when the disk then refused the history before it too, and the app runs on one in memory.
   */
  restoreBackup(fileName: string): Promise<void>;
  /** After a restored backup, or when a failed one left only a history in memory: whatever was shown is no longer true. */
  onReplaced(listener: () => void): Unsubscribe;
  /** Backup if due, bin, retention: happens by itself every hour. */
  upkeep: Pick<Upkeep, 'run'>;
  /** Resolves when the work in the background that began with the opening or a change of keys is over. */
  whenSettled(): Promise<void>;
}

export interface StoreOptions {
  dataDirectory: string;
  keyring: Keyring;
  nativeBinding: string | undefined;
  clock: Clock;
  log: Log;
  /** Daily backups to keep; 0 = none are made. */
  keepBackups: () => number;
  /** Days after which a conversation without new messages goes to the bin; 0 = never. */
  historyDays: () => number;
}

/** Opens the history. Rejects only for mistakes of ours; whatever is wrong with the file or the disk is in `problem`, and the app can talk. */
export async function openStore(options: StoreOptions): Promise<HistoryStore> {
  const { dataDirectory, keyring, nativeBinding, clock, log } = options;
  const file = join(dataDirectory, 'history.db');
  const backups = createBackups({ file, directory: join(dataDirectory, 'backups'), nativeBinding, clock, keepCount: options.keepBackups });
  const deps: HistoryFileDependencies = { file, backups, keyring, nativeBinding, clock, log };
  let current = await openOrImprovise(deps);
  const toolRecords = ofConnection((connection) => createToolRecords({ connection, keyring }));
  const phoneRecords = ofConnection((connection) => createPhoneRecords({ connection, keyring }));
  let background: Promise<void> = Promise.resolve();
  let disposed = false;
  const listeners = new Set<() => void>();
  let restoring: Promise<void> = Promise.resolve();

  const upkeep = createUpkeep({
    messages: () => current.messages,
    backups: { isDue: () => current.isLasting && backups.isDue(), make: backups.make },
    historyDays: options.historyDays,
    clock,
    log,
  });
  /** In slices, one after the other: open titles and previews for the list, then seal what lies under an old key. */
  const settle = (): void => {
    const { connection, messages } = current;
    const mayContinue = (): boolean => !disposed && connection.open;
    background = background
      .then(() => messages.warm(mayContinue))
      .catch((error: unknown) => log.warn('The list of conversations could not be opened', { error }))
      .then(() => renewUnderActiveKey({ connection, messages, keyring, clock, log, mayContinue }))
      .then((outcome) => (outcome.renewed + outcome.unreadable > 0 ? log.info('Texts sealed under the present key', outcome) : undefined))
      .then(() => renewToolRecords(toolRecords(connection), mayContinue))
      .then(() => renewPhoneRecords(phoneRecords(connection), mayContinue))
      .catch((error: unknown) => log.error('Texts could not be sealed under the present key', { error }));
  };
  const unsubscribe = keyring.onRotated(settle);
  settle();

  const suspect = (error: unknown): never => {
    if (isDamage(error) && current.isLasting) markSuspect(file);
    throw error;
  };
  const watch = <Value>(work: () => Value): Value => {
    try {
      return work();
    } catch (error) {
      return suspect(error);
    }
  };

  const restore = async (fileName: string): Promise<void> => {
    const draft = await rehearse(deps, fileName);
    // From here to the new `current` without a pause, so that no call meets a store that is half one and half the other.
    const outcome = swap(deps, current, draft);
    current = outcome.history;
    if (outcome.state === 'back') throw outcome.error;
    if (outcome.state === 'swapped') {
      log.info('Backup restored', { file: fileName });
      settle();
    }
    for (const listener of listeners) listener();
    if (outcome.state === 'in-memory') throw outcome.error;
  };

  return {
    ...createFacade(() => current.messages, watch),
    tools: createToolFacade(() => toolRecords(current.connection), watch),
    phone: createPhoneFacade(() => phoneRecords(current.connection), watch, suspect),
    latch: createLatchFacade(() => current.connection),
    searchMessages: (query) => current.messages.searchMessages(query).catch(suspect),
    isLasting: () => current.isLasting,
    problem: () => current.problem,
    backups: () => backups.list(),
    backUp: () => (current.isLasting ? backups.make('daily') : Promise.reject(notLasting())),
    upkeep,
    whenSettled: () => background,
    restoreBackup(fileName) {
      const mine = restoring.then(() => restore(fileName));
      restoring = mine.catch(() => undefined);
      return mine;
    },
    onReplaced(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      unsubscribe();
      await upkeep.dispose();
      await restoring;
      await background;
      current.connection.close();
    },
  };
}

interface CurrentHistory extends OpenHistory {
  isLasting: boolean;
}

async function openOrImprovise(deps: HistoryFileDependencies): Promise<CurrentHistory> {
  if (deps.keyring.protection === 'none') return improvise(deps, undefined);
  try {
    return { ...(await openHistoryFile(deps)), isLasting: true };
  } catch (error) {
    const cause = toStoreError(error);
    deps.log.error('The history cannot be used', { error: cause });
    return improvise(deps, toErrorData(cause));
  }
}

function improvise(deps: HistoryFileDependencies, problem: ErrorData | undefined): CurrentHistory {
  return { ...openTemporaryHistory(deps), isLasting: false, problem };
}

/** Copies the backup beside the history and opens it there once, updates and all: what fails, fails before anything is replaced. */
async function rehearse(deps: HistoryFileDependencies, fileName: string): Promise<string> {
  const { backups, file, nativeBinding } = deps;
  const path = backups.pathOf(fileName);
  const draft = `${file}.restoring`;
  for (const suffix of DATABASE_SUFFIXES) await rm(draft + suffix, { force: true });
  try {
    for (const suffix of DATABASE_SUFFIXES) if (existsSync(path + suffix)) await copyFile(path + suffix, draft + suffix);
    const reply = await runFileTask({ task: 'check', file: draft, nativeBinding });
    const known = migrations.at(-1)?.version ?? 0;
    if (!reply.ok || reply.verdict !== 'ok' || reply.schemaVersion > known) throw unusable(fileName);
    openAndMigrate({ ...deps, file: draft }).connection.close();
    return draft;
  } catch (error) {
    for (const suffix of DATABASE_SUFFIXES) await rm(draft + suffix, { force: true });
    throw toStoreError(error);
  }
}

type Swap =
  | { state: 'swapped'; history: CurrentHistory }
  /** The history before is in use again. */
  | { state: 'back'; history: CurrentHistory; error: unknown }
  /** Neither could be opened. */
  | { state: 'in-memory'; history: CurrentHistory; error: AppError };

function swap(deps: HistoryFileDependencies, current: CurrentHistory, draft: string): Swap {
  const { file, backups } = deps;
  if (!existsSync(draft)) throw draftGone();
  const former = backups.newPath('before-restore');
  if (current.isLasting) {
    requireAlone(current);
    current.connection.close();
  }
  try {
    moveDatabase(file, former);
    moveDatabase(draft, file);
    const history: CurrentHistory = { ...openAndMigrate(deps), isLasting: true, problem: undefined };
    if (!current.isLasting) current.connection.close();
    backups.prune();
    return { state: 'swapped', history };
  } catch (error) {
    // The copy opened a moment ago, so this is the disk: back to what was.
    return goBack(deps, current, former, toStoreError(error));
  }
}

function goBack(deps: HistoryFileDependencies, current: CurrentHistory, former: string, error: unknown): Swap {
  try {
    if (existsSync(former)) moveDatabase(former, deps.file);
    const history = current.isLasting ? { ...current, ...openAndMigrate(deps) } : current;
    return { state: 'back', history, error };
  } catch (cause) {
    deps.log.error('The history could not be opened again after a failed restore', { error: toStoreError(cause) });
    const problem = notReopened(error);
    if (!current.isLasting) return { state: 'back', history: current, error: problem };
    return { state: 'in-memory', history: improvise(deps, toErrorData(problem)), error: problem };
  }
}

/** Another process that has the file open would go on writing into what is moved away. */
function requireAlone({ connection }: CurrentHistory): void {
  const patience = Number(connection.pragma('busy_timeout', { simple: true }));
  connection.pragma('busy_timeout = 0');
  try {
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec('BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    connection.pragma('locking_mode = NORMAL');
    throw toStoreError(error);
  } finally {
    connection.pragma(`busy_timeout = ${patience}`);
  }
}

function unusable(fileName: string): AppError {
  return new AppError('store.backup-unusable', `The backup ${fileName} is damaged or of a newer version of the app. Choose another one.`, {
    details: { fileName },
  });
}

function notLasting(): AppError {
  return new AppError(
    'store.not-lasting',
    'The history on disk is not in use, so there is nothing to back up. Mend what the notice says first.',
  );
}

/** The store's calls, each passed on to whichever history is the current one. */
function createFacade(
  messages: () => OpenHistory['messages'],
  watch: <Value>(work: () => Value) => Value,
): Omit<Store, 'searchMessages' | 'dispose'> {
  return {
    listConversations: () => watch(() => messages().listConversations()),
    getConversation: (id) => watch(() => messages().getConversation(id)),
    listMessages: (conversationId, options) => watch(() => messages().listMessages(conversationId, options)),
    getMessage: (id) => watch(() => messages().getMessage(id)),
    getSummary: (conversationId) => watch(() => messages().getSummary(conversationId)),
    createConversation: (input) => watch(() => messages().createConversation(input)),
    renameConversation: (id, title) => watch(() => messages().renameConversation(id, title)),
    deleteConversation: (id, deletedAtMs) => watch(() => messages().deleteConversation(id, deletedAtMs)),
    restoreConversation: (id) => watch(() => messages().restoreConversation(id)),
    purgeBin: (olderThanMs) => watch(() => messages().purgeBin(olderThanMs)),
    insertMessage: (message) => watch(() => messages().insertMessage(message)),
    updateMessage: (id, patch) => watch(() => messages().updateMessage(id, patch)),
    deleteMessage: (id) => watch(() => messages().deleteMessage(id)),
    saveSummary: (conversationId, summary) => watch(() => messages().saveSummary(conversationId, summary)),
  };
}

/** The records of whichever connection is the current one; its statements are prepared once. */
function ofConnection<Records>(create: (connection: Connection) => Records): (connection: Connection) => Records {
  const prepared = new WeakMap<Connection, { records: Records }>();
  return (connection) => {
    const known = prepared.get(connection) ?? { records: create(connection) };
    prepared.set(connection, known);
    return known.records;
  };
}

function createToolFacade(records: () => ToolRecords, watch: <Value>(work: () => Value) => Value): ToolRecords {
  return {
    saveCall: (call) => watch(() => records().saveCall(call)),
    getCall: (id) => watch(() => records().getCall(id)),
    listCalls: (filter) => watch(() => records().listCalls(filter)),
    unendedCalls: () => watch(() => records().unendedCalls()),
    pruneCalls: (count) => watch(() => records().pruneCalls(count)),
    listApprovals: () => watch(() => records().listApprovals()),
    saveApproval: (approval) => watch(() => records().saveApproval(approval)),
    removeApproval: (id) => watch(() => records().removeApproval(id)),
    policies: () => watch(() => records().policies()),
    setPolicy: (tool, policy) => watch(() => records().setPolicy(tool, policy)),
    listTimers: () => watch(() => records().listTimers()),
    saveTimer: (timer) => watch(() => records().saveTimer(timer)),
    removeTimer: (id) => watch(() => records().removeTimer(id)),
  };
}

/** After a change of keys, in slices like all else. */
async function renewToolRecords(records: ReturnType<typeof createToolRecords>, mayContinue: () => boolean): Promise<void> {
  while (mayContinue() && records.renew()) await nextTurn();
}

async function renewPhoneRecords(records: ReturnType<typeof createPhoneRecords>, mayContinue: () => boolean): Promise<void> {
  for (let last: string | undefined = ''; last !== undefined && mayContinue(); await nextTurn()) last = records.renew(last);
}

function createPhoneFacade(
  records: () => PhoneRecords,
  watch: <Value>(work: () => Value) => Value,
  suspect: (error: unknown) => never,
): PhoneRecords {
  return {
    saveCall: (record, isOver) => watch(() => records().saveCall(record, isOver)),
    getCall: (id) => watch(() => records().getCall(id)),
    list: (filter) => records().list(filter).catch(suspect),
    entriesSince: (fromMs) => records().entriesSince(fromMs).catch(suspect),
    unendedCalls: () => watch(() => records().unendedCalls()),
    removeCall: (id) => watch(() => records().removeCall(id)),
    idsBefore: (beforeMs) => watch(() => records().idsBefore(beforeMs)),
    has: (id) => watch(() => records().has(id)),
  };
}

/** The latch of whichever connection is the current one. Not `watch`ed: whoever stops everything must not stumble over damage elsewhere. */
function createLatchFacade(connection: () => Connection): LatchRecords {
  const prepared = new WeakMap<Connection, LatchRecords>();
  const records = (): LatchRecords => {
    const known = prepared.get(connection()) ?? createLatchRecords(connection());
    prepared.set(connection(), known);
    return known;
  };
  return {
    read: () => records().read(),
    write: (row, event) => records().write(row, event),
    record: (event) => records().record(event),
    events: (limit) => records().events(limit),
  };
}
