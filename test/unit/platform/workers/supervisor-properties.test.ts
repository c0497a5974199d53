import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createSupervisedWorker } from '../../../../src-main/platform/workers/supervisor.ts';
import { createScriptedLauncher } from '../../../doubles/scripted-worker.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

interface TestMethods {
  say: { params: { id: number }; result: number };
}

type Step =
  | { step: 'call' }
  | { step: 'abort' }
  | { step: 'answer' }
  | { step: 'exit'; code: number }
  | { step: 'wait'; ms: number }
  | { step: 'stop' }
  | { step: 'reset' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.constant<Step>({ step: 'call' }),
    fc.constant<Step>({ step: 'abort' }),
    fc.constant<Step>({ step: 'answer' }),
    fc.record({ step: fc.constant<'exit'>('exit'), code: fc.integer({ min: 0, max: 139 }) }),
    fc.record({ step: fc.constant<'wait'>('wait'), ms: fc.integer({ min: 0, max: 40_000 }) }),
    fc.constant<Step>({ step: 'stop' }),
    fc.constant<Step>({ step: 'reset' }),
  ),
  { maxLength: 25 },
);

const EXPECTED = new Set(['worker.crashed', 'worker.broken', 'worker.timeout', 'request.aborted']);

describe('createSupervisedWorker, whatever happens', () => {
  it('settles each call once, sends none twice, keeps one process at a time and leaves no timer behind', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const clock = createVirtualClock();
        const launcher = createScriptedLauncher();
        let mostAlive = 0;
        let alive = 0;
        const launch: typeof launcher.launch = (spec) => {
          const made = launcher.launch(spec);
          alive += 1;
          mostAlive = Math.max(mostAlive, alive);
          made.onExit(() => (alive -= 1));
          return made;
        };
        const spec = { name: 'synthesis', entry: new URL('file:///s.ts'), memoryLimitBytes: 1e9 } as const;
        const worker = createSupervisedWorker<TestMethods, never>(spec, { launch, clock, log: silentLog });
        const outcomes: string[] = [];
        const controllers: AbortController[] = [];
        let calls = 0;

        for (const step of script) {
          if (step.step === 'call') {
            const controller = new AbortController();
            controllers.push(controller);
            worker.call('say', { id: calls }, { signal: controller.signal }).then(
              () => outcomes.push('answered'),
              (error: unknown) => outcomes.push(error instanceof AppError ? error.code : String(error)),
            );
            calls += 1;
          } else if (step.step === 'abort') controllers.pop()?.abort();
          else if (step.step === 'answer') {
            const child = launcher.processes.at(-1);
            const request = child?.requests().at(-1);
            if (child && request) child.say({ type: 'response', seq: request.seq, ok: true, value: 1 });
          } else if (step.step === 'exit') launcher.processes.at(-1)?.exit(step.code);
          else if (step.step === 'wait') await clock.advance(step.ms);
          else if (step.step === 'stop') void worker.stop();
          else worker.reset();
        }
        const disposed = worker.dispose();
        await clock.advance(10_000);
        await disposed;

        const sent = launcher.processes.flatMap((child) => child.requests().map((request) => (request.params as { id: number }).id));
        expect(outcomes).toHaveLength(calls);
        expect(outcomes.filter((outcome) => outcome !== 'answered' && !EXPECTED.has(outcome))).toEqual([]);
        expect(new Set(sent).size).toBe(sent.length);
        expect(mostAlive).toBeLessThanOrEqual(1);
        expect(clock.pendingTimers()).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
