// @ts-check
import { controlAddress, sendCommand } from './control-client.mjs';
import { readStop } from './latch.mjs';
import { readPaths } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/* The off-switch from a terminal. Each command returns its exit status. */

/** A frozen app does not answer; the watchdog has ended it by then. */
const STOP_ANSWER_MS = 2_000;

/**
 * The second half of `openclaw stop`: the latch is on disk already (stop-first.mjs), which works whatever the app does; now the app is asked as well.
 * @param {import('./stop-first.mjs').FirstStop} first
 */
export async function stopEverything({ level, data, problem }) {
  if (level === undefined) {
    console.error('openclaw stop takes --level with a number from 1 to 5, or nothing for everything.');
    return 2;
  }
  try {
    const { killSwitch } = await sendCommand(controlAddress(data), 'kill', { level }, STOP_ANSWER_MS);
    console.log(describe(killSwitch));
    return 0;
  } catch (error) {
    const isAbsent = error instanceof SetupError && error.code === 'control.not-running';
    if (problem !== undefined) {
      console.error(`The stop could not be written to ${data}, and OpenClaw Desktop does not answer. End its processes by hand.`, problem);
      return 1;
    }
    console.log(
      isAbsent
        ? 'Stopped. OpenClaw Desktop does not run now; it will start stopped, until you lift it with "openclaw resume" or in its window.'
        : 'Stopped. OpenClaw Desktop did not answer in time: its watchdog ends it. It will start stopped, until you lift it.',
    );
    return 0;
  }
}

/** Only somebody at a keyboard can lift. */
export async function resume() {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    console.error('openclaw resume needs a terminal: somebody has to type the phrase.');
    return 2;
  }
  const address = controlAddress(readPaths().data);
  try {
    const { killSwitch: before } = await sendCommand(address, 'kill-status');
    if (fieldsOf(before)['level'] === 0) {
      console.log('Nothing is stopped.');
      return 0;
    }
    console.log(describe(before));
    const { lift } = await sendCommand(address, 'prepare-lift');
    const { token, phrase, passphraseSet } = fieldsOf(lift);
    const { en, de } = fieldsOf(phrase);
    const typed = await ask(`To lift it, type "${en}" (or "${de}"): `);
    const passphrase = passphraseSet === true ? await askHidden('Passphrase: ') : undefined;
    const { killSwitch } = await sendCommand(address, 'lift', {
      token,
      phrase: typed,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    console.log(describe(killSwitch));
    return 0;
  } catch (error) {
    return failed(error);
  }
}

export async function killStatus() {
  const { data } = readPaths();
  try {
    const { killSwitch } = await sendCommand(controlAddress(data), 'kill-status');
    console.log(describe(killSwitch));
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError) || error.code !== 'control.not-running') return failed(error);
    console.log(describe(readStop(data)));
    console.log('OpenClaw Desktop does not run.');
    return 0;
  }
}

/** @param {unknown} state */
function describe(state) {
  const { level, trigger, reason, engagedAtMs, atMs, stopLatencyMs, stopped } = fieldsOf(state);
  if (level === 0) return 'Nothing is stopped.';
  const at = Number(engagedAtMs ?? atMs ?? 0);
  const cut = Array.isArray(stopped)
    ? stopped.map((/** @type {unknown} */ part) => `${fieldsOf(part)['count']} × ${fieldsOf(part)['what']}`)
    : [];
  return [
    `Stopped at level ${level} by ${trigger}${reason ? ` (${reason})` : ''}${at > 0 ? ` since ${new Date(at).toLocaleString()}` : ''}.`,
    cut.length > 0 ? ` Cut off: ${cut.join(', ')}.` : '',
    typeof stopLatencyMs === 'number' ? ` It took ${Math.round(stopLatencyMs)} ms.` : '',
  ].join('');
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function fieldsOf(value) {
  return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};
}

/** @param {unknown} error */
function failed(error) {
  console.error(error instanceof SetupError ? error.message : error);
  return 1;
}

/** @param {string} question */
async function ask(question) {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Typed without being shown. @param {string} question */
async function askHidden(question) {
  const [{ createInterface }, { Writable }] = await Promise.all([import('node:readline/promises'), import('node:stream')]);
  process.stdout.write(question);
  const nothing = new Writable({ write: (_piece, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nothing, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stdout.write('\n');
  }
}
