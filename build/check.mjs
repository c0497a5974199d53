#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { printCheck, runStaticChecks } from './lib/checks.mjs';
import { readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';
import { countsLine, runVitest } from './lib/vitest-run.mjs';

/*
 * npm run check: format, lint, types, unused code, architecture and unit tests. The same before a commit and in CI; under a minute.
 */

const TIME_LIMIT_MS = 5 * 60_000;
const { root } = readPaths();

const { ready } = await setUp({ goal: 'headless', only: ['packages'] });
if (ready) {
  const startedMs = performance.now();
  const failed = (await runStaticChecks(root, printCheck)).filter((result) => !result.passed).map((result) => result.name);
  const counts = await runVitest(root, ['unit', 'arch'], { timeoutMs: TIME_LIMIT_MS });
  if (counts.failed > 0) failed.push('tests');
  console.log(`${countsLine(counts)} in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} else process.exitCode = 1;
