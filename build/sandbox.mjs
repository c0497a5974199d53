#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { join } from 'node:path';
import { handOver } from './lib/commands.mjs';
import { compiledCode, node24, readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';

/* npm run sandbox: what a command would do, and what it does, behind the walls. Set-up speaks on the error output only. */

const paths = readPaths();
const { ready } = await setUp({ goal: 'headless', only: ['packages'] });
if (!ready) process.exitCode = 1;
else {
  const sandbox = [join(paths.root, 'src-main', 'sandbox.node.ts'), ...process.argv.slice(2)];
  process.exitCode = await handOver(node24(paths.root), sandbox, { env: compiledCode(paths) });
}
