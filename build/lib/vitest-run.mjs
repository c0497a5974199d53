// @ts-check
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { node24 } from './paths.mjs';
import { runInGroup } from './process-group.mjs';

/**
 * What one run of the test runner came to.
 * @typedef {object} TestCounts
 * @property {number} passed
 * @property {number} failed Failed tests, files that could not be loaded, and crashes of the runner itself.
 * @property {number} skipped
 * @property {string[]} skippedNames `file: test`
 * @property {string[]} failedNames `file: test`, and why on further lines.
 */

/** @returns {TestCounts} */
export const noTests = () => ({ passed: 0, failed: 0, skipped: 0, skippedNames: [], failedNames: [] });

/** @param {readonly TestCounts[]} all @returns {TestCounts} */
export function addCounts(all) {
  const sum = noTests();
  for (const counts of all) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    sum.skippedNames.push(...counts.skippedNames);
    sum.failedNames.push(...counts.failedNames);
  }
  return sum;
}

/**
 * The last line of `npm test`.
 * @param {TestCounts} counts
 */
export const countsLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * Runs vitest projects and counts. The output is shown as it comes.
 * @param {string} root
 * @param {readonly string[]} projects
 * @param {{ env?: NodeJS.ProcessEnv, timeoutMs: number, files?: readonly string[] }} options
 * @returns {Promise<TestCounts>}
 */
export async function runVitest(root, projects, { env = {}, timeoutMs, files = [] }) {
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-tests-'));
  const report = join(folder, 'report.json');
  try {
    const args = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...projects.flatMap((project) => ['--project', project])];
    const code = await runInGroup(
      node24(root),
      [...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...files],
      {
        cwd: root,
        env: { OPENCLAW_TEST: '1', ...env },
        timeoutMs,
      },
    );
    return readReport(existsSync(report) ? await readFile(report, 'utf8') : '', code, projects.join(' + '), root);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Counts from vitest's JSON report. What the report does not show (the runner died, an error outside of any test) is one failure.
 * @param {string} json
 * @param {number} exitCode
 * @param {string} name
 * @param {string} root
 * @returns {TestCounts}
 */
export function readReport(json, exitCode, name, root) {
  const counts = noTests();
  /** @type {{ testResults: { name: string, status: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[] } | undefined} */
  let report;
  try {
    report = JSON.parse(json);
  } catch {
    report = undefined;
  }
  for (const file of report?.testResults ?? []) {
    const path = relative(root, file.name);
    for (const { status, fullName, failureMessages = [] } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed')
        counts.failedNames.push([`${path}: ${fullName}`, ...failureMessages.flatMap(reasonLines)].join('\n    '));
      else counts.skippedNames.push(`${path}: ${fullName}`);
    }
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
      counts.failedNames.push(`${path}: the file itself`);
  }
  if (exitCode !== 0 && counts.failedNames.length === 0) counts.failedNames.push(`${name}: the test runner ended with code ${exitCode}`);
  counts.failed = counts.failedNames.length;
  counts.skipped = counts.skippedNames.length;
  return counts;
}

/** Lines of one failure: enough to know where to look when only the end of the output was kept. */
const MOST_REASON_LINES = 12;

/**
 * What was wrong, without the stack and without colours; a failed test that was tried twice has two.
 * @param {string} message
 */
function reasonLines(message) {
  const lines = stripVTControlCharacters(message).split('\n');
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  const place = lines.find((line) => line.includes('/test/')) ?? '';
  return [...lines.slice(0, stack === -1 ? lines.length : stack).slice(0, MOST_REASON_LINES), place.trim()].filter(
    (line) => line.trim() !== '',
  );
}
