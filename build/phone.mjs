#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { runEntry } from './lib/run-entry.mjs';

/* npm run phone: status, calls and log of the running app's telephone. Sets up nothing but the packages: whoever has a running app has the rest. */

await runEntry('phone', { only: ['packages'] });
