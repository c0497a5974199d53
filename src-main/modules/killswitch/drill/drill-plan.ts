import type { KillLevel, KillTrigger } from '../../../../src-preload/contract/index.ts';
import type { DrillMeasurement, DrillReport } from './drill-files.ts';
import { LATENCY_LIMIT_MS, type DrillOptions } from './drill-session.ts';

const LEVELS: readonly KillLevel[] = [1, 2, 3, 4, 5];
/** What a person or a program presses; the button and the watchdog always mean everything. */
const TRIGGERS: readonly KillTrigger[] = ['tray', 'shortcut', 'window', 'voice', 'typed', 'phone', 'message', 'api', 'cli', 'file'];
/** Those that work without the app. */
const OUTSIDE: readonly KillTrigger[] = ['cli', 'file'];
/** Every place between the trigger and the end of the writing; see latch-keeper.ts. */
export const STOP_STEPS = [
  'stop-begin',
  'file-draft-made',
  'file-draft-written',
  'file-draft-synced',
  'file-renamed',
  'file-folder-synced',
  'stop-between',
  'stop-end',
] as const;

/** The owner's monthly drill: every trigger once, every level once, a frozen and a dying app. About a minute. */
export function monthlyPlan(hasButton = process.platform !== 'win32'): DrillOptions[] {
  const plan: DrillOptions[] = [
    ...TRIGGERS.map((trigger) => ({ trigger, level: 5 as const })),
    ...(hasButton ? [{ trigger: 'button' as const, level: 5 as const }] : []),
    { trigger: 'watchdog', level: 5 },
    ...LEVELS.slice(0, -1).map((level) => ({ trigger: 'window' as const, level })),
    ...frozen().slice(-2),
    ...killed(2),
  ];
  return plan.map(withContainers);
}

/** `rounds` times every trigger at every level, 20 with a frozen core, 20 with one that dies between the steps. */
export function fullPlan(rounds: number, hasButton = process.platform !== 'win32'): DrillOptions[] {
  const once: DrillOptions[] = [
    ...TRIGGERS.flatMap((trigger) => LEVELS.map((level) => ({ trigger, level }))),
    ...(hasButton ? [{ trigger: 'button' as const, level: 5 as const }] : []),
    { trigger: 'watchdog', level: 5 },
  ];
  return [...Array.from({ length: rounds }, () => once).flat(), ...frozen(), ...frozen(), ...killed(20)].map(withContainers);
}

/** Where they are stopped at the lowest level that stops them, and where everything is. */
function withContainers(options: DrillOptions): DrillOptions {
  return options.level === 2 || options.level === 5 ? { ...options, containers: true } : options;
}

function frozen(): DrillOptions[] {
  return LEVELS.flatMap((level) => OUTSIDE.map((trigger) => ({ trigger, level, core: 'frozen' as const })));
}

function killed(count: number): DrillOptions[] {
  const triggers: readonly KillTrigger[] = ['tray', 'api', 'voice'];
  return Array.from({ length: count }, (_value, index) => ({
    trigger: triggers[index % triggers.length] ?? 'tray',
    level: LEVELS[index % LEVELS.length] ?? 5,
    core: 'killed' as const,
    step: STOP_STEPS[index % STOP_STEPS.length] ?? 'stop-begin',
  }));
}

export function report(measurements: DrillMeasurement[], atMs: number): DrillReport {
  const sorted = measurements.map(({ latencyMs }) => latencyMs).toSorted((left, right) => left - right);
  const p95Ms = sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
  const isClean = measurements.every(
    ({ effectsAfterStop, stays, died }) => effectsAfterStop === 0 && stays !== false && died === undefined,
  );
  return { atMs, passed: measurements.length > 0 && isClean && p95Ms <= LATENCY_LIMIT_MS, p95Ms, measurements };
}
