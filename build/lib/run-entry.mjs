// @ts-check
import { join } from 'node:path';
import { handOver } from './commands.mjs';
import { compiledCode, node24, readPaths } from './paths.mjs';
import { setUp } from './setup.mjs';

/**
 * Sets up what the core needs, then becomes `src-main/NAME.node.ts` with the arguments of the command line. Set-up speaks on the error output only, so that what
 * the entry prints can be read by a program.
 * @param {string} name
 * @param {{ only?: readonly string[] }} [setUpOptions]
 */
export async function runEntry(name, setUpOptions = {}) {
  const paths = readPaths();
  const { ready } = await setUp({ goal: 'headless', ...setUpOptions });
  process.exitCode = ready
    ? await handOver(node24(paths.root), [join(paths.root, 'src-main', `${name}.node.ts`), ...process.argv.slice(2)], {
        env: compiledCode(paths),
      })
    : 1;
}
