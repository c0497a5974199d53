import type { KillLevel, KillState } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { createDeferred } from '../../base/deferred.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { AuditEvent } from '../../platform/observability/index.ts';
import type { LatchRecords } from '../../platform/store/index.ts';
import { createKillGate } from './kill-gate.ts';
import { languageNotRestored, mayNotLift, notRecorded, staleToken, wrongPhrase } from './killswitch-errors.ts';
import type { Engagement, KillSwitch, Stopper } from './killswitch.ts';
import type { WriteStep } from './latch-file.ts';
import { createLatchKeeper } from './latch-keeper.ts';
import { higher, type Latch } from './latch.ts';
import { createLiftOffers, isLiftPhrase, LIFT_PHRASE } from './lift-offers.ts';
import { createPassphrase } from './passphrase.ts';
import { isStopPhrase } from './stop-phrase.ts';
import { mergeStopped, runStoppers } from './stop-run.ts';
import { createWatchList, type WatchList } from './watch-list.ts';

/** Ways in that may lift. A phone, a message, a program or the model is none of them. */
const LIFTERS: ReadonlySet<string> = new Set(['window', 'browser', 'terminal']);
export type Lifter = 'window' | 'browser' | 'terminal';

export interface LiftRequest {
  token: string;
  phrase: string;
  passphrase?: string | undefined;
}

/** The kill switch with all its sides: what acts sees `KillSwitch`, the shell and the watchdog's line the rest. */
export interface KillSwitchService extends KillSwitch {
  readonly watched: WatchList;
  /** Called when the gates have just been shut, before anything is written: for the watchdog, which remembers it should this process die right now. */
  onShut(listener: () => void): Unsubscribe;
  /** Between a trigger and the end of the last thing that it ends. */
  isStopping(): boolean;
  prepareLift(): { token: string; expiresAtMs: number; phrase: { en: string; de: string } };
  /** Rejects with the errors of the contract; it stays engaged then. */
  lift(request: LiftRequest, by: Lifter): Promise<KillState>;
  setPassphrase(current: string, next: string): Promise<KillState>;
  cutLanguage(cut: boolean): Promise<KillState>;
  /** What others know and the state shows. */
  note(facts: Partial<Pick<KillState, 'watchdog' | 'shortcut' | 'lastDrill'>>): void;
}

export interface KillSwitchDeps {
  dataDirectory: string;
  records: LatchRecords;
  /** After a restored backup the database holds an old latch; this writes the present one. */
  onStoreReplaced?: (listener: () => void) => Unsubscribe;
  audit: { record(event: AuditEvent): Promise<void> };
  /** Like `audit.record`, but rejects when it is not on disk. */
  recordForSure: (event: AuditEvent) => Promise<void>;
  tell: (state: KillState) => void;
  clock: Clock;
  log: Log;
  /** What the assistant is called, for the stop phrase. */
  names?: () => readonly string[];
  /** The latch could not be written; told for every try. */
  onNotWritten?: (error: unknown) => void;
  /** For tests that end the process between two steps. */
  step?: WriteStep;
}

/**
 *   running ──engage──▶ stopping ──all ended or given up on──▶ stopped ──lift──▶ running
 *                        ▲    └─engage higher─┘                   │
 *                        └────────────────engage again────────────┘
 */
type Phase =
  | { state: 'running' }
  | { state: 'stopping'; sinceMs: number; ended: Promise<KillState> }
  | { state: 'stopped'; latencyMs: number | null };

export function createKillSwitch(deps: KillSwitchDeps): KillSwitchService {
  const { clock, log } = deps;
  const step: WriteStep = deps.step ?? (() => undefined);
  const keeper = createLatchKeeper(deps);
  const gate = createKillGate();
  const passphrase = createPassphrase(deps.dataDirectory);
  const offers = createLiftOffers(clock);
  const watched = createWatchList();
  const stoppers = new Set<Stopper>();
  const listeners = new Set<(state: KillState) => void>();
  const shutListeners = new Set<() => void>();
  const noted: Pick<KillState, 'watchdog' | 'shortcut' | 'lastDrill'> = {
    watchdog: 'missing',
    shortcut: { accelerator: '', registered: false },
    lastDrill: null,
  };
  let latch: Latch = keeper.first();
  gate.set(latch.level, latch.languageCutOff);
  // Both places say the same from now on, and a first start leaves its mark. Somebody may stop it while that is written.
  keeper.stop(latch);
  for (let more = keeper.above(latch.level); more !== undefined; more = keeper.above(latch.level)) {
    latch = higher(latch, more);
    gate.set(latch.level, latch.languageCutOff);
    keeper.stop(latch);
  }
  let stopped: KillState['stopped'] = [];
  let phase: Phase = latch.level === 0 ? { state: 'running' } : { state: 'stopped', latencyMs: null };

  const state = (): KillState => ({
    level: latch.level,
    engagedAtMs: latch.level === 0 ? null : latch.atMs,
    trigger: latch.level === 0 ? null : latch.trigger,
    reason: latch.level === 0 ? '' : latch.reason,
    stopped,
    stopLatencyMs: phase.state === 'stopped' ? phase.latencyMs : null,
    languageCutOff: latch.languageCutOff,
    passphraseSet: passphrase.isSet(),
    ...noted,
  });
  /** Whoever listens must not keep a stop, or another listener, from going on. */
  const tellEach = <Value>(told: Iterable<(value: Value) => void>, value: Value): void => {
    for (const listener of told) {
      try {
        listener(value);
      } catch (error) {
        log.error('killswitch.listener-failed', { error });
      }
    }
  };
  const changed = (): void => tellEach([deps.tell, ...listeners], state());
  /** In memory; whatever the disk does, nothing passes from here on. */
  const shut = ({ level, trigger, reason = '' }: Engagement): void => {
    latch = { ...latch, level, trigger, reason: reason.slice(0, 200), seq: latch.seq + 1, atMs: clock.wallMs() };
    gate.set(level, latch.languageCutOff);
    offers.clear();
    tellEach(shutListeners, undefined);
  };
  /** A stop that somebody else has written becomes ours before anything is written that stops less. undefined = there is none. */
  const follow = (): Promise<KillState> | undefined => {
    const more = keeper.above(latch.level);
    return more && engage({ level: more.level, trigger: more.trigger ?? 'file', reason: more.reason });
  };
  let runs = 0;
  const runOnce = async (level: KillLevel, before: Promise<unknown>, sinceMs: number): Promise<KillState> => {
    runs += 1;
    const mine = runs;
    const now = await runStoppers(level, [...stoppers], { clock, log });
    await before;
    stopped = mergeStopped(stopped, now);
    // An earlier one leaves the end to the one that raised the level meanwhile.
    if (mine === runs) {
      phase = { state: 'stopped', latencyMs: clock.nowMs() - sinceMs };
      void deps.audit.record({
        action: 'killswitch.stopped',
        subject: `level-${latch.level}`,
        details: { latencyMs: Math.round(clock.nowMs() - sinceMs), count: stopped.reduce((sum, part) => sum + part.count, 0) },
      });
      changed();
    }
    return state();
  };
  const engage = (engagement: Engagement): Promise<KillState> => {
    const nowMs = clock.nowMs();
    if (engagement.level === 0) return Promise.resolve(state());
    const isHigher = engagement.level > latch.level;
    if (!isHigher && phase.state === 'stopping') return phase.ended;
    if (phase.state === 'running') stopped = [];
    const [sinceMs, before] = phase.state === 'stopping' ? [phase.sinceMs, phase.ended] : [nowMs, Promise.resolve()];
    const { promise: ended, resolve } = createDeferred<KillState>();
    // The watchdog is told that it is being stopped before the disk, which may hang, is asked for anything.
    phase = { state: 'stopping', sinceMs, ended };
    if (isHigher) shut(engagement);
    void runOnce(latch.level, before, sinceMs).then(resolve);
    const { level, trigger, reason = '' } = engagement;
    if (isHigher) keeper.stop(latch, { kind: 'engage', seq: latch.seq, level, source: trigger, reason: latch.reason, atMs: latch.atMs });
    void deps.audit.record({
      action: 'killswitch.engage',
      subject: `level-${level}`,
      details: { level, trigger, reason, again: !isHigher },
    });
    log.warn('killswitch.engaged', { level, trigger, reason });
    changed();
    return follow() ?? ended;
  };

  /** From the record to the open gates; what fails leaves everything shut. */
  const release = async (by: Lifter): Promise<void> => {
    if (follow()) throw staleToken();
    const { level, seq } = latch;
    const atMs = clock.wallMs();
    const [runsBefore, diskBefore] = [runs, keeper.diskState()];
    try {
      keeper.record({ kind: 'lift', seq: seq + 1, level, source: by, reason: '', atMs });
      step('lift-row');
      await deps.recordForSure({ action: 'killswitch.lift', subject: `level-${level}`, details: { by, seq: seq + 1 } });
      step('lift-audit');
    } catch (cause) {
      throw notRecorded(cause);
    }
    // Somebody stopped it again while that was written, here or from outside: that stop is not the one that was to be lifted.
    if (latch.seq !== seq || runs !== runsBefore || phase.state !== 'stopped' || keeper.diskState() !== diskBefore) {
      void follow();
      throw staleToken();
    }
    const open: Latch = { ...latch, level: 0, seq: seq + 1, atMs };
    try {
      keeper.release(open);
    } catch (cause) {
      keeper.stop(latch);
      throw notRecorded(cause);
    }
    latch = open;
    phase = { state: 'running' };
    stopped = [];
    gate.set(0, latch.languageCutOff);
  };

  const unsubscribe = deps.onStoreReplaced?.(() => keeper.stop(latch));

  return {
    gate,
    watched,
    state,
    onShut(listener) {
      shutListeners.add(listener);
      return () => void shutListeners.delete(listener);
    },
    isStopping: () => phase.state === 'stopping',
    engage,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isStopPhrase: (words, isPartial = false) => isStopPhrase(words, { names: deps.names?.() ?? [], isPartial }),
    register(stopper) {
      stoppers.add(stopper);
      return () => void stoppers.delete(stopper);
    },
    watch: watched.watch,
    count: watched.count,
    prepareLift() {
      const { token, expiresInMs } = offers.make();
      return { token, expiresAtMs: clock.wallMs() + expiresInMs, phrase: { ...LIFT_PHRASE } };
    },
    async lift({ token, phrase, passphrase: given }, by) {
      if (!LIFTERS.has(by)) throw mayNotLift();
      offers.check(token);
      try {
        if (!isLiftPhrase(phrase)) throw wrongPhrase();
        await passphrase.check(given);
      } catch (error) {
        offers.failed(token);
        const code = error instanceof AppError ? error.code : 'internal.unexpected';
        void deps.audit.record({ action: 'killswitch.lift-refused', subject: `level-${latch.level}`, details: { by, code } });
        throw error;
      }
      if (phase.state === 'stopping') await phase.ended;
      // Also the second of two that arrived together, and one whose stop was raised meanwhile.
      if (!offers.use(token)) throw staleToken();
      if (latch.level > 0) await release(by);
      log.warn('killswitch.lifted', { by });
      changed();
      return state();
    },
    async setPassphrase(current, next) {
      await passphrase.change(current, next);
      await deps.audit.record({ action: 'killswitch.passphrase', subject: next.trim() === '' ? 'removed' : 'set' });
      changed();
      return state();
    },
    async cutLanguage(cut) {
      if (cut === latch.languageCutOff) return state();
      if (!cut) void follow();
      const atMs = clock.wallMs();
      const next: Latch = { ...latch, languageCutOff: cut, seq: latch.seq + 1 };
      const event = {
        kind: cut ? ('cut-language' as const) : ('restore-language' as const),
        seq: next.seq,
        level: latch.level,
        source: 'owner',
        reason: '',
        atMs,
      };
      if (!cut) {
        try {
          keeper.release(next, event);
        } catch (cause) {
          keeper.stop(latch);
          throw languageNotRestored(cause);
        }
      }
      latch = next;
      gate.set(latch.level, cut);
      if (cut) {
        keeper.stop(latch, event);
        void follow();
      }
      changed();
      if (cut)
        await runStoppers(
          4,
          [...stoppers].filter(({ effect }) => effect === 'inference'),
          { clock, log },
        );
      await deps.audit.record({ action: cut ? 'killswitch.cut-language' : 'killswitch.restore-language', subject: 'language' });
      return state();
    },
    note(facts) {
      Object.assign(noted, facts);
      changed();
    },
    dispose() {
      unsubscribe?.();
      keeper.dispose();
    },
  };
}
