#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { join } from 'node:path';
import { handOver } from './lib/commands.mjs';
import { readRuntime } from './lib/electron-runtime.mjs';
import { node24, readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';

/* npm run package [-- --dir]: the app as a folder or as installers, in dist/. What follows -- goes to electron-builder. */

const paths = readPaths();
const { ready } = await setUp({ goal: 'window' });
const runtime = readRuntime(paths);
if (!ready || !runtime) {
  console.error('There is no app or no Electron to package: mend what set-up has named above.');
  process.exitCode = 1;
} else {
  if (runtime.source === 'registry')
    console.error(
      `This package contains Electron ${runtime.version} from the package registry: good for trying it here, not for giving it away.`,
    );
  process.exitCode = await handOver(
    node24(paths.root),
    [
      join(paths.root, 'node_modules', 'electron-builder', 'cli.js'),
      '--config',
      join('build', 'electron-builder.config.mjs'),
      '--publish',
      'never',
      ...process.argv.slice(2),
    ],
    { cwd: paths.root },
  );
}
