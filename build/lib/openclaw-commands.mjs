// @ts-check
import { join } from 'node:path';
import { handOver } from './commands.mjs';
import { controlAddress, sendCommand } from './control-client.mjs';
import { killStatus, resume, stopEverything } from './off-switch.mjs';
import { compiledCode, node24, readPaths } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

const help = `openclaw COMMAND

  start                 open the window (or serve the page where there is no screen)
  serve                 serve the page for a browser on this machine
  talk                  begin to speak, or end it; bind this to a key in your desktop's shortcut settings
  talk press|release    the same for desktops that run one command when a key goes down and another when it comes up
  mute                  microphone off, or on again
  quiet                 end the running answer: sound, synthesis and inference
  stop [--level N]      STOP EVERYTHING, also when the app does not answer: 1 answers, 2 tools too, 3 messages and calls too, 4 the models too,
                        5 (without --level) all of it and every process. It stays stopped until you lift it
  resume                lift the stop: asks for the phrase, and for the passphrase if you have set one
  kill-status           whether anything is stopped, by what, since when
  audit verify          whether the record of what was done is whole (--json for programs)
  phone status|call NUMBER|hangup|log|doctor
                        the telephone of the running app (--json for programs); phone --help says more
  mcp                   the running assistant as an MCP server on standard input and output, for programs that start their servers themselves
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
  quiet: 'quiet',
  show: 'show',
  link: 'link',
  status: 'status',
  quit: 'quit',
};
/** Commands that are scripts of their own, for any Node. @type {Record<string, string[]>} */
const SCRIPTS = { start: ['start.mjs'], serve: ['start.mjs', '--serve'], doctor: ['doctor.mjs'] };
/** Commands that are entries of the app, for the Node it comes with. @type {Record<string, string>} */
const ENTRIES = { 'audit verify': 'audit-verify.node.ts', mcp: 'mcp-stdio.node.ts', phone: 'phone.node.ts' };

/**
 * Runs what the owner typed after `openclaw` and resolves with the exit status.
 * @param {string[]} args
 * @param {import('./stop-first.mjs').FirstStop | undefined} stopped With `stop`: what was done for it already.
 * @returns {Promise<number>}
 */
export async function runOpenclaw(args, stopped) {
  const [name = 'help', ...rest] = args;
  const control = CONTROL[args.join(' ')];
  const script = SCRIPTS[name];
  const [entryName, entryArgs] = name === 'audit' ? [args.slice(0, 2).join(' '), args.slice(2)] : [name, rest];
  const entry = ENTRIES[entryName];
  if (stopped !== undefined) return stopEverything(stopped);
  if (control !== undefined) return tell(control);
  if (name === 'resume') return resume();
  if (name === 'kill-status') return killStatus();
  if (entry !== undefined) return runEntry(entry, entryArgs);
  if (script !== undefined) {
    const [file = '', ...first] = script;
    return handOver(process.execPath, [join(import.meta.dirname, '..', file), ...first, ...rest]);
  }
  const asked = ['help', '--help', '-h'].includes(name);
  console[asked ? 'log' : 'error'](asked ? help : `There is no command ${args.join(' ')}.\n\n${help}`);
  return asked ? 0 : 2;
}

/** @param {string} entry @param {string[]} args */
function runEntry(entry, args) {
  const paths = readPaths();
  return handOver(node24(paths.root), [join(paths.root, 'src-main', entry), ...args], { env: compiledCode(paths) });
}

/** @param {string} command */
async function tell(command) {
  try {
    const { link, status } = await sendCommand(controlAddress(readPaths().data), command);
    if (link !== undefined) console.log(link);
    if (status !== undefined) console.log(JSON.stringify(status, null, 2));
    return 0;
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    return 1;
  }
}
