#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { join } from 'node:path';
import { handOver } from './lib/commands.mjs';
import { compiledCode, node24, readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';

/* npm run redact: takes credentials out of a text. Set-up speaks on the error output only. */

const paths = readPaths();
const { ready } = await setUp({ goal: 'headless' });
if (!ready) process.exitCode = 1;
else {
  const redact = [join(paths.root, 'src-main', 'redact.node.ts'), ...process.argv.slice(2)];
  process.exitCode = await handOver(node24(paths.root), redact, { env: compiledCode(paths) });
}
