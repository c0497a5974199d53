// @ts-check
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mustRun } from './commands.mjs';
import { listFiles, sizeOfFile } from './files.mjs';
import { fingerprint } from './fingerprint.mjs';
import { node24 } from './paths.mjs';

const SOURCES = ['package-lock.json', 'electron.vite.config.ts', 'src-main', 'src-preload', 'src-renderer'];
const BUILD_SECONDS = 15;

/**
 * The bundled app in out/, built anew when a source has changed.
 * @param {{ root: string }} paths
 * @returns {import('./setup.mjs').Step}
 */
export function appStep({ root }) {
  const stamp = join(root, 'out', '.sources');
  return {
    id: 'app',
    title: 'The app itself',
    check: async () => {
      const built = sizeOfFile(stamp) > 0 ? await readFile(stamp, 'utf8') : '';
      return built === fingerprint(root, SOURCES) ? undefined : { bytes: 0, seconds: BUILD_SECONDS };
    },
    run: async () => {
      const sources = fingerprint(root, SOURCES);
      await rm(stamp, { force: true });
      await mustRun(node24(root), [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'], {
        cwd: root,
        code: 'app.build',
        sentence: 'The app could not be built: mend what is named below, or restore the sources (git status shows what was changed).',
      });
      await mkdir(dirname(stamp), { recursive: true });
      await writeFile(stamp, sources);
    },
    proof: async () => (await listFiles(join(root, 'out'))).map(({ path }) => path),
  };
}
