import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { StoredTimer, ToolRecords } from '../../platform/store/index.ts';
import { inWords } from './intents/spoken-time.ts';
import { toolError } from './tools-errors.ts';

/** Timers and reminders; they survive a restart, and those that fell due meanwhile are told at the start. */
export interface Timers extends Disposable {
  /** Reads what is stored; tells the late ones. */
  begin(): void;
  add(timer: Pick<StoredTimer, 'kind' | 'text' | 'language' | 'tainted'> & { afterMs: number }): StoredTimer;
  list(): StoredTimer[];
  /** By id, or by words of its text; the next one when neither is given. Throws `tools.no-timer`. */
  cancel(which: { id?: string | undefined; text?: string | undefined }): StoredTimer;
}

const LONGEST_MS = 366 * 24 * 60 * 60 * 1_000;
/** Node's own timers end at 24.8 days; shorter steps also follow the calendar when it was set or the machine slept. */
const STEP_MS = 60_000;
/** A timer told later than this is "late" and says so. */
const LATE_MS = 30_000;

export function createTimers(deps: {
  records: Pick<ToolRecords, 'listTimers' | 'saveTimer' | 'removeTimer'>;
  clock: Clock;
  /** Tells whoever is there. */
  announce: (text: string, language: string, options: { tainted: boolean }) => void;
  log: Log;
}): Timers {
  const { records, clock, announce, log } = deps;
  const waiting = new Map<string, Timer>();

  const tell = (timer: StoredTimer): void => {
    waiting.delete(timer.id);
    try {
      // Taken off before it is told: after a crash it may stay silent, but it never rings at every start.
      if (!records.removeTimer(timer.id)) return;
    } catch (error) {
      log.error('A timer that was told could not be taken off', { timer: timer.id, error });
    }
    announce(wordsFor(timer, clock.wallMs()), timer.language, { tainted: timer.tainted === true });
  };
  /** Shorter of calendar and running clock: a clock set back does not make the owner wait. */
  const wait = (timer: StoredTimer, deadlineMs: number): void => {
    const left = Math.min(deadlineMs - clock.nowMs(), timer.dueAtMs - clock.wallMs());
    if (left <= 0) return tell(timer);
    waiting.set(
      timer.id,
      clock.after(Math.min(left, STEP_MS), () => wait(timer, deadlineMs)),
    );
  };

  return {
    begin() {
      for (const timer of records.listTimers()) if (!waiting.has(timer.id)) wait(timer, clock.nowMs() + timer.dueAtMs - clock.wallMs());
    },
    add({ afterMs, kind, text, language, tainted = false }) {
      if (!(afterMs > 0 && afterMs <= LONGEST_MS)) throw toolError('tools.bad-time', { time: `${Math.round(afterMs / 1000)} s` });
      const timer: StoredTimer = {
        id: createId('timer'),
        dueAtMs: clock.wallMs() + afterMs,
        createdAtMs: clock.wallMs(),
        kind,
        text,
        language,
        ...(tainted ? { tainted } : {}),
      };
      records.saveTimer(timer);
      wait(timer, clock.nowMs() + afterMs);
      return timer;
    },
    list: () => records.listTimers(),
    cancel({ id, text }) {
      const timers = records.listTimers();
      const wanted = text?.toLowerCase();
      const found =
        id !== undefined
          ? timers.find((timer) => timer.id === id)
          : timers.find((timer) => wanted === undefined || timer.text.toLowerCase().includes(wanted));
      if (!found) throw toolError('tools.no-timer');
      records.removeTimer(found.id);
      waiting.get(found.id)?.cancel();
      waiting.delete(found.id);
      return found;
    },
    dispose() {
      for (const timer of waiting.values()) timer.cancel();
      waiting.clear();
    },
  };
}

function wordsFor({ kind, text, language, dueAtMs, createdAtMs }: StoredTimer, nowMs: number): string {
  const isGerman = language.startsWith('de');
  const lateMs = nowMs - dueAtMs;
  const isLate = lateMs > LATE_MS;
  const length = inWords(dueAtMs - createdAtMs, isGerman ? 'de' : 'en');
  const late = isLate ? (isGerman ? ` Das war vor ${inWords(lateMs, 'de', 'dative')}.` : ` That was ${inWords(lateMs, 'en')} ago.`) : '';
  if (kind === 'reminder') return isGerman ? `Erinnerung: ${text}.${late}` : `Reminder: ${text}.${late}`;
  if (isGerman) return text === '' ? `Der Timer über ${length} ist abgelaufen.${late}` : `Der Timer „${text}“ ist abgelaufen.${late}`;
  return text === '' ? `Your timer of ${length} is up.${late}` : `Your timer "${text}" is up.${late}`;
}
