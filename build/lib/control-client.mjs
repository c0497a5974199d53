// @ts-check
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { SetupError } from './setup-error.mjs';

/** The window needs up to 15 s to come up after a command that wakes it. */
const ANSWER_TIMEOUT_MS = 20_000;

/**
 * Where the running app listens for the owner's short commands: a socket in the data directory that only its owner can open, on Windows a named
 * pipe. The app's side is src-main/modules/shell/control-socket.ts; a test keeps both equal.
 * @param {string} dataDirectory
 * @param {NodeJS.Platform} [platform]
 */
export function controlAddress(dataDirectory, platform = process.platform) {
  if (platform !== 'win32') return join(dataDirectory, 'control.sock');
  return `\\\\.\\pipe\\openclaw-desktop-${createHash('sha256').update(resolve(dataDirectory)).digest('hex').slice(0, 24)}`;
}

/**
 * Sends one command as a JSON line and resolves with the app's answer. Rejects with `control.not-running`, `control.no-answer` or
 * `control.refused` (the app's own sentence).
 * @param {string} address
 * @param {string} command
 * @param {Record<string, unknown>} [more] What else the command needs.
 * @param {number} [timeoutMs]
 * @returns {Promise<Record<string, unknown>>}
 */
export function sendCommand(address, command, more = {}, timeoutMs = ANSWER_TIMEOUT_MS) {
  return new Promise((done, reject) => {
    const socket = connect(address);
    let text = '';
    const fail = (/** @type {SetupError} */ error) => {
      socket.destroy();
      reject(error);
    };
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs, () => fail(noAnswer()));
    socket.on('connect', () => socket.write(`${JSON.stringify({ ...more, command })}\n`));
    socket.on('error', (error) =>
      fail(new SetupError('control.not-running', 'OpenClaw Desktop is not running: start it with npm start.', { cause: error })),
    );
    socket.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      socket.destroy();
      const answer = JSON.parse(text.slice(0, text.indexOf('\n')));
      if (answer.ok === true) done(answer);
      else
        reject(
          new SetupError('control.refused', String(answer.error?.message ?? `OpenClaw Desktop does not know the command ${command}.`)),
        );
    });
    socket.on('end', () => fail(noAnswer()));
  });
}

const noAnswer = () => new SetupError('control.no-answer', 'OpenClaw Desktop runs but does not answer: restart it.');
