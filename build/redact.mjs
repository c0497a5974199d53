#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { runEntry } from './lib/run-entry.mjs';

/* npm run redact: takes credentials out of a text. */

await runEntry('redact');
