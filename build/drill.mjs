#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { runEntry } from './lib/run-entry.mjs';

/* npm run drill: tries the off-switch on a core of its own and measures it. */

await runEntry('drill');
