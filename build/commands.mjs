#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { runEntry } from './lib/run-entry.mjs';

/* npm run commands: judges command lines. */

await runEntry('commands');
