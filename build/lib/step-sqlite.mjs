// @ts-check
import { compiler, installCommand, installParts, mayInstall, missingParts } from './system-packages.mjs';
import { readRuntime } from './electron-runtime.mjs';
import { sizeOfFile } from './files.mjs';
import { SetupError } from './setup-error.mjs';
import { bindingFile, buildBinding, needsOwnBinding } from './sqlite-binding.mjs';

const COMPILE_SECONDS = 70;
const COMPILER_BYTES = 70e6;

/**
 * The SQLite binding for an Electron with an old Node-API; nothing to do for any other. Runs after the Electron step, whose outcome it reads.
 * @param {{ root: string, cache: string }} paths
 * @returns {import('./setup.mjs').Step}
 */
export function sqliteStep(paths) {
  const own = () => {
    const runtime = readRuntime(paths);
    return runtime && needsOwnBinding(runtime) ? runtime : undefined;
  };
  return {
    id: 'sqlite',
    title: 'SQLite binding for this Electron',
    check: async () => {
      const runtime = own();
      if (!runtime || sizeOfFile(bindingFile(paths, runtime)) > 0) return undefined;
      return { bytes: (await missingParts(compiler)).length > 0 && mayInstall() ? COMPILER_BYTES : 0, seconds: COMPILE_SECONDS };
    },
    run: async () => {
      const runtime = own();
      if (!runtime) return;
      const missing = await missingParts(compiler);
      if (missing.length > 0 && !mayInstall())
        throw new SetupError(
          'sqlite.compiler',
          `The SQLite binding for this Electron must be compiled here: run ${await installCommand(missing)} and then set-up again.`,
        );
      if (missing.length > 0) await installParts(missing);
      await buildBinding(paths, runtime);
    },
    proof: async () => {
      const runtime = own();
      return runtime ? [bindingFile(paths, runtime)] : [];
    },
  };
}
