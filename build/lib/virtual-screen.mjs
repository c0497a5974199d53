// @ts-check
import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

const START_TIMEOUT_MS = 15_000;

/**
 * A screen in memory (Xvfb) on a display number of its own choosing; close it when done. `display` goes into DISPLAY.
 * @param {{ width?: number, height?: number }} [size]
 * @returns {Promise<{ display: string, close: () => Promise<void> }>}
 */
export async function openVirtualScreen({ width = 1600, height = 1000 } = {}) {
  // Xvfb picks a free display and writes its number to descriptor 3.
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const pipe = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
  const number = await new Promise((resolve, reject) => {
    const fail = () =>
      reject(new SetupError('screen.xvfb', 'The virtual screen for tests does not start: install xvfb (npm run setup -- --for tests).'));
    const timer = setTimeout(fail, START_TIMEOUT_MS);
    let text = '';
    pipe.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
    child.once('error', fail);
    child.once('exit', fail);
  });
  return {
    display: `:${number}`,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
