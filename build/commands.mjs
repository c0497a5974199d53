#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { join } from 'node:path';
import { handOver } from './lib/commands.mjs';
import { compiledCode, node24, readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';

/* npm run commands: judges command lines. Set-up speaks on the error output only, so that the verdicts can be read by a program. */

const paths = readPaths();
const { ready } = await setUp({ goal: 'headless' });
if (!ready) process.exitCode = 1;
else {
  const commands = [join(paths.root, 'src-main', 'commands.node.ts'), ...process.argv.slice(2)];
  process.exitCode = await handOver(node24(paths.root), commands, { env: compiledCode(paths) });
}
