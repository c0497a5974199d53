// @ts-check
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './commands.mjs';
import { node24 } from './paths.mjs';

/**
 * What can be said about the sources without running them.
 * @typedef {{ name: string, args: readonly string[] }} StaticCheck Script below node_modules and its arguments.
 * @typedef {{ name: string, passed: boolean, seconds: number, output: string }} CheckResult
 */

/** The slow ones first, so that the short ones fill the gaps. @type {readonly StaticCheck[]} */
export const staticChecks = [
  {
    name: 'types',
    args: ['typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/types.tsbuildinfo'],
  },
  { name: 'unused code', args: ['knip/bin/knip.js', '--no-progress'] },
  { name: 'lint', args: ['oxlint/bin/oxlint'] },
  { name: 'format', args: ['oxfmt/bin/oxfmt', '--check'] },
];

/**
 * Runs them, as many at a time as there are cores, and reports each as it ends.
 * @param {string} root
 * @param {(result: CheckResult) => void} tell
 * @param {readonly StaticCheck[]} [checks]
 * @returns {Promise<CheckResult[]>}
 */
export async function runStaticChecks(root, tell, checks = staticChecks) {
  const waiting = [...checks];
  /** @type {CheckResult[]} */
  const results = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [script = '', ...args] = next.args;
      const startedMs = performance.now();
      const { code, output } = await runCommand(node24(root), [join(root, 'node_modules', script), ...args], { cwd: root });
      const result = { name: next.name, passed: code === 0, seconds: (performance.now() - startedMs) / 1000, output };
      results.push(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

/** One line for a check, and its whole output if it failed. @param {CheckResult} result */
export function printCheck({ name, passed, seconds, output }) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  if (!passed) console.log(output.trimEnd());
}
