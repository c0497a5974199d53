import type { Asker, RememberedApproval, ToolCall, ToolCallState, ToolPolicy } from '../../../src-preload/contract/index.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import { sealedHeader, type Keyring } from '../secrets/index.ts';
import { inTransaction, type Connection } from './connection.ts';
import { toStoreError } from './store-errors.ts';

/** A kept yes, with what it was given for. */
export interface StoredApproval extends RememberedApproval {
  /** Tool and exact argv, program and folder. */
  key: string;
}

export interface StoredTimer {
  id: string;
  /** Calendar time, ms. */
  dueAtMs: number;
  createdAtMs: number;
  kind: 'timer' | 'reminder';
  /** What to remind of; a name for a timer; '' = none. */
  text: string;
  language: string;
  /** It was set in a tainted turn, and so are its words when they are told. */
  tainted?: boolean;
}

export interface CallFilter {
  conversationId?: string | undefined;
  beforeMs?: number | undefined;
  limit: number;
  /** Words that must all occur in tool, plan or result. */
  query?: string | undefined;
  state?: ToolCallState | undefined;
  channel?: Asker['channel'] | undefined;
}

/** What the tools keep. Every call is one short synchronous transaction; errors are those of the store. Rows that do not open are left out of lists. */
export interface ToolRecords {
  saveCall(call: ToolCall): void;
  getCall(id: string): ToolCall | undefined;
  /** Newest first. With `query` or `channel`, which are sealed, at most the latest 3000 calls are looked through. */
  listCalls(filter: CallFilter): ToolCall[];
  /** Calls that an earlier life of the app has not ended, as they are. */
  unendedCalls(): ToolCall[];
  /** Keeps the newest `count`. */
  pruneCalls(count: number): void;
  listApprovals(): StoredApproval[];
  saveApproval(approval: StoredApproval): void;
  removeApproval(id: string): boolean;
  policies(): ReadonlyMap<string, Exclude<ToolPolicy, 'default'>>;
  setPolicy(tool: string, policy: ToolPolicy): void;
  listTimers(): StoredTimer[];
  saveTimer(timer: StoredTimer): void;
  removeTimer(id: string): boolean;
}

interface SealedRow {
  id: string;
  version: number;
  content: Buffer;
}
interface CallRow extends SealedRow {
  conversation_id: string | null;
  state: ToolCallState;
  created_at_ms: number;
}

const SEARCHED_CALLS = 3_000;
const OPENED_AT_ONCE = 200;
const UNENDED = `('planned', 'waiting', 'running', 'background')`;
const CALL = 'SELECT id, version, conversation_id, state, created_at_ms, content FROM tool_calls';

function prepare(connection: Connection) {
  return {
    getCall: connection.prepare<[id: string], CallRow>(`${CALL} WHERE id = ?`),
    listCalls: connection.prepare<{ before: number; conversation: string | null; state: string | null; limit: number }, CallRow>(
      `${CALL} WHERE created_at_ms < @before AND (@conversation IS NULL OR conversation_id = @conversation) AND (@state IS NULL OR state = @state)
       ORDER BY created_at_ms DESC, id DESC LIMIT @limit`,
    ),
    unended: connection.prepare<[], CallRow>(`${CALL} WHERE state IN ${UNENDED} ORDER BY created_at_ms`),
    saveCall: connection.prepare<CallRow>(
      `INSERT INTO tool_calls (id, version, conversation_id, state, created_at_ms, content)
       VALUES (@id, @version, @conversation_id, @state, @created_at_ms, @content)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, content = excluded.content`,
    ),
    callVersion: connection.prepare<[id: string], number>('SELECT version FROM tool_calls WHERE id = ?').pluck(),
    pruneCalls: connection.prepare<[count: number]>(
      `DELETE FROM tool_calls WHERE id IN (SELECT id FROM tool_calls ORDER BY created_at_ms DESC LIMIT -1 OFFSET ?)`,
    ),
    oldCalls: connection.prepare<[header: Buffer, limit: number], CallRow>(`${CALL} WHERE substr(content, 1, 5) <> ? LIMIT ?`),
    listApprovals: connection.prepare<[], SealedRow>('SELECT id, version, content FROM remembered_approvals ORDER BY id'),
    approvalVersion: connection.prepare<[id: string], number>('SELECT version FROM remembered_approvals WHERE id = ?').pluck(),
    saveApproval: connection.prepare<SealedRow>(
      `INSERT INTO remembered_approvals (id, version, content) VALUES (@id, @version, @content)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, content = excluded.content`,
    ),
    removeApproval: connection.prepare<[id: string]>('DELETE FROM remembered_approvals WHERE id = ?'),
    policies: connection.prepare<[], { tool: string; policy: Exclude<ToolPolicy, 'default'> }>('SELECT tool, policy FROM tool_policies'),
    setPolicy: connection.prepare<[tool: string, policy: string]>(
      'INSERT INTO tool_policies (tool, policy) VALUES (?, ?) ON CONFLICT (tool) DO UPDATE SET policy = excluded.policy',
    ),
    removePolicy: connection.prepare<[tool: string]>('DELETE FROM tool_policies WHERE tool = ?'),
    listTimers: connection.prepare<[], SealedRow & { due_at_ms: number }>(
      'SELECT id, version, due_at_ms, content FROM tool_timers ORDER BY due_at_ms, id',
    ),
    timerVersion: connection.prepare<[id: string], number>('SELECT version FROM tool_timers WHERE id = ?').pluck(),
    saveTimer: connection.prepare<SealedRow & { due_at_ms: number }>(
      `INSERT INTO tool_timers (id, version, due_at_ms, content) VALUES (@id, @version, @due_at_ms, @content)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, due_at_ms = excluded.due_at_ms, content = excluded.content`,
    ),
    removeTimer: connection.prepare<[id: string]>('DELETE FROM tool_timers WHERE id = ?'),
  };
}

/** The records on one open connection. `renew` seals again what lies under an old key, a few rows at a time; false = nothing was left to do. */
export function createToolRecords(deps: {
  connection: Connection;
  keyring: Pick<Keyring, 'seal' | 'open' | 'activeKeyId'>;
}): ToolRecords & { renew(): boolean } {
  const { connection, keyring } = deps;
  const queries = prepare(connection);
  const open = <Value>(context: string, row: SealedRow): Value | undefined => {
    try {
      return JSON.parse(keyring.open(row.content, `${context}|${row.id}|${row.version}`)) as Value;
    } catch (error) {
      // Changed from outside, or its key is gone: it must not hide all others.
      if (error instanceof AppError) return undefined;
      throw error;
    }
  };
  const seal = (context: string, id: string, version: number, value: unknown): Buffer =>
    keyring.seal(JSON.stringify(value), `${context}|${id}|${version}`);
  const openCall = (row: CallRow): ToolCall | undefined => open<ToolCall>(callContext(row), row);
  const openAll = (rows: readonly CallRow[]): ToolCall[] => rows.map(openCall).filter((call) => call !== undefined);
  const saveCall = (call: ToolCall): void => {
    const version = (queries.callVersion.get(call.id) ?? 0) + 1;
    const row = { id: call.id, version, conversation_id: call.conversationId, state: call.state, created_at_ms: call.createdAtMs };
    queries.saveCall.run({ ...row, content: seal(callContext(row), call.id, version, call) });
  };

  return {
    saveCall: (call) => guard(() => inTransaction(connection, () => saveCall(call))),
    getCall(id) {
      const row = guard(() => queries.getCall.get(id));
      return row === undefined ? undefined : openCall(row);
    },
    listCalls: ({ conversationId, beforeMs, limit, query, state, channel }) =>
      guard(() => {
        const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
        const where = { conversation: conversationId ?? null, state: state ?? null };
        let before = beforeMs ?? Number.MAX_SAFE_INTEGER;
        if (words.length === 0 && channel === undefined) return openAll(queries.listCalls.all({ ...where, before, limit }));
        const found: ToolCall[] = [];
        for (let seen = 0; seen < SEARCHED_CALLS && found.length < limit; seen += OPENED_AT_ONCE) {
          const rows = queries.listCalls.all({ ...where, before, limit: OPENED_AT_ONCE });
          found.push(...openAll(rows).filter((call) => matches(call, words) && (channel === undefined || call.asker.channel === channel)));
          if (rows.length < OPENED_AT_ONCE) break;
          before = rows.at(-1)?.created_at_ms ?? 0;
        }
        return found.slice(0, limit);
      }),
    unendedCalls: () => guard(() => openAll(queries.unended.all())),
    pruneCalls: (count) => guard(() => void queries.pruneCalls.run(count)),
    listApprovals: () =>
      guard(() =>
        queries.listApprovals
          .all()
          .map((row) => open<StoredApproval>('remembered_approvals.content', row))
          .filter((approval) => approval !== undefined),
      ),
    saveApproval: (approval) =>
      guard(() => {
        const version = (queries.approvalVersion.get(approval.id) ?? 0) + 1;
        queries.saveApproval.run({
          id: approval.id,
          version,
          content: seal('remembered_approvals.content', approval.id, version, approval),
        });
      }),
    removeApproval: (id) => guard(() => queries.removeApproval.run(id).changes > 0),
    policies: () => guard(() => new Map(queries.policies.all().map(({ tool, policy }) => [tool, policy]))),
    setPolicy: (tool, policy) =>
      guard(() => void (policy === 'default' ? queries.removePolicy.run(tool) : queries.setPolicy.run(tool, policy))),
    listTimers: () =>
      guard(() =>
        queries.listTimers
          .all()
          .map((row) => open<StoredTimer>(`tool_timers.content|${row.due_at_ms}`, row))
          .filter((timer) => timer !== undefined),
      ),
    saveTimer: (timer) =>
      guard(() => {
        const version = (queries.timerVersion.get(timer.id) ?? 0) + 1;
        const content = seal(`tool_timers.content|${timer.dueAtMs}`, timer.id, version, timer);
        queries.saveTimer.run({ id: timer.id, version, due_at_ms: timer.dueAtMs, content });
      }),
    removeTimer: (id) => guard(() => queries.removeTimer.run(id).changes > 0),
    renew: () =>
      guard(() =>
        inTransaction(connection, () => {
          const rows = queries.oldCalls.all(sealedHeader(keyring.activeKeyId()), 32);
          const readable = openAll(rows);
          for (const call of readable) saveCall(call);
          return readable.length > 0;
        }),
      ),
  };
}

function callContext(row: Pick<CallRow, 'conversation_id' | 'state' | 'created_at_ms'>): string {
  return `tool_calls.content|${row.conversation_id ?? ''}|${row.state}|${row.created_at_ms}`;
}

function guard<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error);
  }
}

function matches(call: ToolCall, words: readonly string[]): boolean {
  const { summary, details } = call.plan;
  const text = [call.tool, summary, ...details.map((detail) => detail.text), call.result ?? '', call.asker.name ?? '']
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A call that an earlier life of the app left open, as it is kept: it ended with the app. */
export function endedWithTheApp(call: ToolCall, atMs: number): ToolCall {
  const error = new AppError(
    'tools.app-ended',
    'The app ended while this ran. What it had done by then was not recorded; look before you ask again.',
  );
  return { ...call, state: 'stopped', endedAtMs: atMs, error: toErrorData(error), undo: 'none' };
}
