import type { Bridge, CallInput, CallName, CallResult, Connection, EventName, EventPayload } from '../../src-preload/contract/index.ts';

type Answers = { [Name in CallName]?: (input: CallInput<Name>) => CallResult<Name> | Promise<CallResult<Name>> };

/** A bridge whose core says what the test has written down; every other call is refused. */
export interface ScriptedBridge extends Bridge {
  readonly calls: [CallName, unknown][];
  tell<Name extends EventName>(name: Name, payload: EventPayload<Name>): void;
  setConnection(connection: Connection): void;
}

export function createScriptedBridge(answers: Answers): ScriptedBridge {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const connectionListeners = new Set<(connection: Connection) => void>();
  const calls: ScriptedBridge['calls'] = [];
  let connection: Connection = 'open';
  return {
    door: 'browser',
    calls,
    async call(name, input) {
      calls.push([name, input]);
      const answer = answers[name];
      if (!answer) throw new Error(`The script has no answer to "${name}"`);
      return answer(input);
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => void set.delete(listener);
    },
    tell(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
    connection: () => connection,
    onConnection(listener) {
      connectionListeners.add(listener);
      return () => void connectionListeners.delete(listener);
    },
    setConnection(next) {
      connection = next;
      for (const listener of connectionListeners) listener(next);
    },
    openAudioPort: () => () => undefined,
  };
}
