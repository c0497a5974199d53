#!/usr/bin/env node
// @ts-check
import { stopFirst } from './lib/stop-first.mjs';

const args = process.argv.slice(2);
// A stop is on disk before anything else is loaded.
const stopped = args[0] === 'stop' ? stopFirst(args.slice(1)) : undefined;
await import('./lib/node-version.mjs');
const { runOpenclaw } = await import('./lib/openclaw-commands.mjs');
process.exitCode = await runOpenclaw(args, stopped);
