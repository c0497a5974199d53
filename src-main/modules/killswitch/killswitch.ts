import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { KillLevel, KillState, KillTrigger } from '../../../src-preload/contract/index.ts';

/** What acts on the world, and the lowest level that stops it: answer 1 · tool 2 · outgoing 3 · call 3 · inference 4 · process 5. */
export type Effect = 'answer' | 'tool' | 'outgoing' | 'call' | 'inference' | 'process';

/**
 * The first layer of every stop. Whoever is about to act passes it in the same tick as the act itself; whoever acts for longer holds its signal.
 * Reading it costs nothing and never waits.
 */
export interface Gate {
  isOpen(effect: Effect): boolean;
  /** Throws `killswitch.engaged` when it is shut. */
  pass(effect: Effect): void;
  /** Aborted, with the `killswitch.engaged` error as its reason, at the moment the gate shuts; already aborted while it is shut. Ask anew for each piece of work. */
  signal(effect: Effect): AbortSignal;
}

/** The second layer: ends by force what might not obey the gate (containers, process groups, workers, connections). */
export interface Stopper {
  effect: Effect;
  /** Ends everything of its kind and resolves with the names of what was cut off; called again on every engagement, also when nothing runs. Must not wait for politeness. */
  stop(): Promise<readonly string[]>;
}

/** Something that runs and would have to be ended if this process could not: told to the watchdog. */
export type WatchedThing = { kind: 'process'; pid: number; /** Of its whole group. */ group: boolean } | { kind: 'container'; id: string };

/** Facts for the watchdog's judgement. */
export type WatchedFact = 'tool-call' | 'token' | 'error';

export interface Engagement {
  level: KillLevel;
  trigger: KillTrigger;
  reason?: string;
}

export interface KillSwitch extends Disposable {
  readonly gate: Gate;
  state(): KillState;
  onChange(listener: (state: KillState) => void): Unsubscribe;
  /**
   * Shuts the gates in this very tick, writes the latch (file, then database), then runs the stoppers in order. Never rejects, never lowers the level.
   * Resolves when everything has stopped or was given up on; `state().stopLatencyMs` tells how long it took.
   */
  engage(engagement: Engagement): Promise<KillState>;
  /**
   * Returns the trigger's own test: whether these words mean "stop everything", in English or German. Called before any model sees them. Of a partial
   * transcript, which may be the beginning of another sentence, only what begins none counts.
   */
  isStopPhrase(words: string, isPartial?: boolean): boolean;
  register(stopper: Stopper): Unsubscribe;
  /** Returns what takes it off the watchdog's list again. */
  watch(thing: WatchedThing): Unsubscribe;
  count(fact: WatchedFact, by?: number): void;
}
