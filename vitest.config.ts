import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests load onnxruntime into their own processes, which inherit this; see environment.ts.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** Real models hear and speak in real time: a busy build machine gets one second try, a developer's none. */
const retry = process.env['CI'] === 'true' ? 1 : 0;

/** One project per kind of test; `npm test` runs them all, `npm run check` only `unit` and `arch`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          environment: 'node',
          testTimeout: 10_000,
          // A process for each core, not for each file: half of the time went into starting processes and loading the same modules again.
          isolate: false,
          maxWorkers: availableParallelism(),
        },
      },
      { test: { name: 'arch', include: ['test/arch/**/*.test.ts'], environment: 'node', testTimeout: 20_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'models',
          retry,
          include: ['test/models/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Real sound in real time: a machine that stands still for a second loses words. What fails twice is broken.
          retry: 1,
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
