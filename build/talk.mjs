#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { runEntry } from './lib/run-entry.mjs';

/* npm run talk: one exchange in the terminal. */

await runEntry('talk');
