import type { Unsubscribe } from '../../base/dispose.ts';
import type { WatchedFact, WatchedThing } from './killswitch.ts';
import { processStartId } from './watchdog/process-facts.ts';

/** As it is told to the watchdog: with the birth of the process, because pids come back. */
export type IdentifiedThing =
  | { kind: 'process'; pid: number; group: boolean; startId: string | undefined }
  | { kind: 'container'; id: string };

export type Facts = Record<'toolCalls' | 'tokens' | 'errors', number>;

/** What runs and how much has happened, for the watchdog. */
export interface WatchList {
  watch(thing: WatchedThing): Unsubscribe;
  count(fact: WatchedFact, by?: number): void;
  things(): IdentifiedThing[];
  /** Since the start. */
  facts(): Facts;
  onThings(listener: () => void): Unsubscribe;
}

const NAME_OF = { 'tool-call': 'toolCalls', token: 'tokens', error: 'errors' } as const;

export function createWatchList(): WatchList {
  const things = new Set<IdentifiedThing>();
  const listeners = new Set<() => void>();
  const facts: Facts = { toolCalls: 0, tokens: 0, errors: 0 };
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    watch(thing) {
      const known: IdentifiedThing = thing.kind === 'process' ? { ...thing, startId: processStartId(thing.pid) } : { ...thing };
      things.add(known);
      changed();
      return () => {
        if (things.delete(known)) changed();
      };
    },
    count: (fact, by = 1) => void (facts[NAME_OF[fact]] += by),
    things: () => [...things],
    facts: () => ({ ...facts }),
    onThings(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
