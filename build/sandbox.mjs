#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { runEntry } from './lib/run-entry.mjs';

/* npm run sandbox: what a command would do, and what it does, behind the walls. */

await runEntry('sandbox', { only: ['packages'] });
