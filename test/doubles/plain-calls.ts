import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createCalls, type Calls, type CallsDeps } from '../../src-main/modules/telephony/calls/calls-service.ts';
import { createOwnerPin } from '../../src-main/modules/telephony/calls/owner-pin.ts';
import type { UntoldRecordings } from '../../src-main/modules/telephony/calls/untold-recordings.ts';
import { createOpenGate } from './open-gate.ts';

type Settings = CallsDeps['settings'];

export interface PlainCallsOptions
  extends Partial<Omit<CallsDeps, 'settings' | 'lines' | 'media' | 'voice'>>, Pick<CallsDeps, 'media' | 'voice'> {
  settings?: Partial<Settings>;
  lines?: Partial<CallsDeps['lines']>;
}

const settings: Settings = {
  ringMs: () => 20_000,
  maxMs: () => 600_000,
  whenNobodyAnswers: () => 'message',
  whenMachineAnswers: () => 'message',
  records: () => false,
  maxCallsAtOnce: () => 8,
  maxCallsPerHour: () => 8,
  screensUnknown: () => false,
  isQuiet: () => false,
};

/** The product's calls where nobody is known, nothing is forbidden, and nothing is recorded: with whatever a test or a bench gives them instead. */
export function createPlainCalls({ settings: own, lines, ...more }: PlainCallsOptions): Calls {
  const { clock = systemClock } = more;
  return createCalls({
    clock,
    log: silentLog,
    gate: createOpenGate(),
    pin: createOwnerPin({ secrets: { get: () => undefined, set: () => Promise.resolve() }, clock }),
    settings: { ...settings, ...own },
    book: { find: () => undefined, isBlocked: () => false, block: () => Promise.resolve() },
    lines: { trunks: () => [], mobiles: () => [], hasDongle: () => false, countryPrefix: () => '49', ...lines },
    untold: createUntoldDouble(),
    trouble: () => undefined,
    ...more,
  });
}

/** As long as the test. */
export function createUntoldDouble(names = new Set<string>()): UntoldRecordings {
  return {
    add: (name) => Promise.resolve(void names.add(name)),
    remove: (name) => Promise.resolve(void names.delete(name)),
    begun: () => undefined,
    has: (name) => names.has(name),
    problem: () => undefined,
    settled: () => Promise.resolve(),
  };
}
