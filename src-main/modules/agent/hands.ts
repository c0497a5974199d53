import type { ToolDefinition, ToolRequest } from '../../inference/contracts/index.ts';
import type { ToolResult, Tools, ToolTurn } from '../tools/index.ts';
import type { AnswerRequest, PreparedExchange } from './agent.ts';

export type ToolsPort = Pick<Tools, 'beginTurn' | 'intent'>;

/** The tools of one answer, from the first look at what is on offer to the last result. */
export interface Hands {
  offered(): ToolDefinition[];
  /** Waits until the turn counts, then has the calls made side by side. Rejects only when the answer is aborted. */
  call(requests: readonly ToolRequest[]): Promise<readonly ToolResult[]>;
  isTainted(): boolean;
  /** The answer is over. What runs in the background goes on. */
  end(): void;
}

const NEVER = new Promise<void>(() => undefined);

/** What would be on offer in a turn that nobody has begun yet. */
export function offeredAhead(tools: ToolsPort, { asker, conversationId, language }: PreparedExchange): ToolDefinition[] {
  const signal = AbortSignal.abort();
  return tools.beginTurn({ asker, conversationId, language, tainted: false, signal, committed: NEVER }).offered();
}

/**
 * `isTainted`: whether the prompt holds text from outside; known once it was put together, and asked for at the first call. `signal`: of the whole
 * answer, the kill switch included.
 */
export function createHands(tools: ToolsPort, request: AnswerRequest, signal: AbortSignal, isTainted: () => boolean): Hands {
  const { asker, language, committed } = request;
  const over = new AbortController();
  let counts = false;
  let pending: Promise<unknown> = Promise.resolve();
  let turn: ToolTurn | undefined;
  const begin = (conversationId: string | null, tainted: boolean): ToolTurn =>
    tools.beginTurn({ asker, conversationId, language, tainted, signal: over.signal, committed });
  /** Only for looking: the conversation may not exist yet, and what the prompt holds is not known. */
  const draft = begin(request.conversationId, request.tainted === true);

  const onAbort = (): void => {
    if (!counts) return over.abort();
    turn?.interrupt();
    // Tools that must not be left half done come to their end first.
    void pending.then(() => over.abort());
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  return {
    offered: () => (turn ?? draft).offered(),
    async call(requests) {
      await unlessAborted(committed, signal);
      counts = true;
      if (!turn) {
        turn = begin(request.conversationId ?? request.conversationIdNow?.() ?? null, isTainted());
        // What is on offer may taint it, too.
        turn.offered();
      }
      const current = turn;
      const results = Promise.all(requests.map((each) => current.call(each)));
      pending = results.catch(() => undefined);
      request.onTools?.(true);
      try {
        return await unlessAborted(results, signal);
      } finally {
        request.onTools?.(false);
      }
    },
    isTainted: () => isTainted() || draft.isTainted() || turn?.isTainted() === true,
    end() {
      signal.removeEventListener('abort', onAbort);
      if (!signal.aborted) over.abort();
    },
  };
}

/** Rejects with the reason of the abort when that comes first. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
