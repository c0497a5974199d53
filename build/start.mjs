#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { join } from 'node:path';
import { handOver } from './lib/commands.mjs';
import { readRuntime } from './lib/electron-runtime.mjs';
import { windowLaunch, windowObstacle } from './lib/launch.mjs';
import { compiledCode, hasScreen, node24, readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';

/*
 * npm start: sets up what is missing, then opens the window; without a screen, with --serve, or where no Electron could be had, it serves the
 * same page for a browser instead. Everything else on the command line goes to the app.
 */

/** What the system's loader answers when a library is missing. */
const LOADER_FAILED = 127;

const args = process.argv.slice(2);
const serve = args.includes('--serve');
const passedOn = args.filter((arg) => arg !== '--serve');
const wantsWindow = !serve && hasScreen();
const paths = readPaths();

const { ready } = await setUp({ goal: wantsWindow ? 'window' : 'headless' });
if (!ready) process.exitCode = 1;
else {
  const runtime = wantsWindow ? readRuntime(paths) : undefined;
  const obstacle = wantsWindow ? windowObstacle(paths, runtime) : 'There is no screen here, so the page is served instead.';
  if (runtime && obstacle === undefined) {
    const { executable, args: first, env, notice } = windowLaunch(paths, runtime);
    if (notice) console.error(notice);
    process.exitCode = await handOver(executable, [...first, ...passedOn], { env });
    if (process.exitCode === LOADER_FAILED) console.error('Electron could not be started: npm run doctor says what this system lacks.');
  } else {
    if (!serve) console.error(obstacle);
    process.exitCode = await handOver(node24(paths.root), [join(paths.root, 'src-main', 'main.node.ts'), ...passedOn], {
      env: compiledCode(paths),
    });
  }
}
