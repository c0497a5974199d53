#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { printCheck, runStaticChecks } from './lib/checks.mjs';
import { openTestEngine } from './lib/docker-engine.mjs';
import { testEnvironment } from './lib/launch.mjs';
import { hasVirtualScreen, readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';
import { openVirtualScreen } from './lib/virtual-screen.mjs';
import { addCounts, countsLine, noTests, runVitest } from './lib/vitest-run.mjs';

/*
 * npm test: everything on the real parts. Sets the machine up, then runs the checks and all test projects; a failure does not stop the rest.
 * The last line is the sum, `N passed, N failed, N skipped`.
 */

const MINUTE_MS = 60_000;

/** Each project in a run of its own, so that a crash takes only its own counts along. @type {readonly { project: string, limitMs: number }[]} */
const RUNS = [
  { project: 'unit', limitMs: 4 * MINUTE_MS },
  { project: 'arch', limitMs: 2 * MINUTE_MS },
  { project: 'integration', limitMs: 12 * MINUTE_MS },
  { project: 'models', limitMs: 10 * MINUTE_MS },
  { project: 'e2e', limitMs: 30 * MINUTE_MS },
];

/** @returns {Promise<import('./lib/vitest-run.mjs').TestCounts>} */
async function runEverything() {
  const paths = readPaths();
  const { ready, problems } = await setUp({ goal: 'tests' });
  if (!ready) return { ...noTests(), failed: 1, failedNames: problems.map((problem) => `set-up: ${problem.message}`) };
  const checks = await runStaticChecks(paths.root, printCheck);
  const failedNames = checks.filter((check) => !check.passed).map((check) => `check: ${check.name}`);
  const all = [{ ...noTests(), failed: failedNames.length, failedNames }];
  const screen = hasVirtualScreen() ? await openVirtualScreen() : undefined;
  const engine = await openTestEngine(paths);
  if (engine.problem !== undefined) console.log(`\nSome tests are skipped: ${engine.problem}`);
  try {
    for (const { project, limitMs } of RUNS) {
      console.log(`\n== ${project}`);
      all.push(
        await runVitest(paths.root, [project], { env: { ...testEnvironment(paths, screen?.display), ...engine.env }, timeoutMs: limitMs }),
      );
    }
  } finally {
    await engine.close();
    await screen?.close();
  }
  return addCounts(all);
}

const counts = await runEverything();
if (counts.skippedNames.length > 0) console.log(`\nSkipped:\n  ${counts.skippedNames.join('\n  ')}`);
if (counts.failedNames.length > 0) console.log(`\nFailed:\n  ${counts.failedNames.join('\n  ')}`);
console.log(`\n${countsLine(counts)}`);
process.exitCode = counts.failed === 0 ? 0 : 1;
