#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { join } from 'node:path';
import { handOver } from './lib/commands.mjs';
import { controlAddress, sendCommand } from './lib/control-client.mjs';
import { readPaths } from './lib/paths.mjs';
import { SetupError } from './lib/setup-error.mjs';

const help = `openclaw COMMAND

  start                 open the window (or serve the page where there is no screen)
  serve                 serve the page for a browser on this machine
  talk                  begin to speak, or end it; bind this to a key in your desktop's shortcut settings
  talk press|release    the same for desktops that run one command when a key goes down and another when it comes up
  mute                  microphone off, or on again
  stop                  end the running answer: sound, synthesis and inference
  show                  bring the window to the front
  link                  a fresh one-time link to the page
  status                what the running app is doing
  quit                  end the running app
  doctor                check every part and say how to mend it
`;

/** Commands for the running app, by what the owner types. @type {Record<string, string>} */
const CONTROL = {
  talk: 'talk-toggle',
  'talk press': 'talk-press',
  'talk release': 'talk-release',
  mute: 'mute-toggle',
  stop: 'stop',
  show: 'show',
  link: 'link',
  status: 'status',
  quit: 'quit',
};
/** Commands that are scripts of their own. @type {Record<string, string[]>} */
const SCRIPTS = { start: ['start.mjs'], serve: ['start.mjs', '--serve'], doctor: ['doctor.mjs'] };

const [name = 'help', ...rest] = process.argv.slice(2);
const control = CONTROL[[name, ...rest].join(' ')];
const script = SCRIPTS[name];

if (control !== undefined) await tell(control);
else if (script !== undefined) {
  const [file = '', ...first] = script;
  process.exitCode = await handOver(process.execPath, [join(import.meta.dirname, file), ...first, ...rest]);
} else {
  const asked = ['help', '--help', '-h'].includes(name);
  console[asked ? 'log' : 'error'](asked ? help : `There is no command ${name}.\n\n${help}`);
  process.exitCode = asked ? 0 : 2;
}

/** @param {string} command */
async function tell(command) {
  try {
    const { link, status } = await sendCommand(controlAddress(readPaths().data), command);
    if (link !== undefined) console.log(link);
    if (status !== undefined) console.log(JSON.stringify(status, null, 2));
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
