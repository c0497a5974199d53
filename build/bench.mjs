#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { join } from 'node:path';
import { handOver } from './lib/commands.mjs';
import { compiledCode, hasScreen, node24, readPaths } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';
import { openVirtualScreen } from './lib/virtual-screen.mjs';

/* npm run bench: numbers. Those about the window need Electron and a screen; without one they get one in memory. */

const args = process.argv.slice(2);
const paths = readPaths();
const opensWindow = ['startup', 'window', 'face', 'phone-window'].includes(args[0] ?? '');

const { ready } = await setUp({ goal: opensWindow ? (hasScreen() ? 'window' : 'tests') : 'headless' });
if (!ready) process.exitCode = 1;
else {
  const screen = opensWindow && !hasScreen() ? await openVirtualScreen() : undefined;
  try {
    process.exitCode = await handOver(node24(paths.root), [join(paths.root, 'test', 'bench', 'bench.ts'), ...args], {
      // The bench speaks its clips in its own process; see environment.ts.
      env: { ORT_DISABLE_TELEMETRY: '1', ...compiledCode(paths), ...(screen ? { DISPLAY: screen.display } : {}) },
    });
  } finally {
    await screen?.close();
  }
}
