// @ts-check
import { spawn } from 'node:child_process';

/** Given to a process to end by itself before it is killed. */
const GRACE_MS = 5_000;

/**
 * Runs a program that may leave children behind (browsers, workers) in a process group of its own, shows its output, and ends the whole
 * group when it is over, when time is up, or when we are told to stop. Resolves with the exit code; 124 = out of time.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, timeoutMs: number }} options
 * @returns {Promise<number>}
 */
export function runInGroup(command, args, { cwd, env = {}, timeoutMs }) {
  return new Promise((resolve) => {
    const grouped = process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: grouped,
    });
    const signal = (/** @type {NodeJS.Signals} */ name) => {
      try {
        if (grouped && child.pid !== undefined) process.kill(-child.pid, name);
        else child.kill(name);
      } catch {
        // Everybody in the group is gone already.
      }
    };
    let outOfTime = false;
    const stop = () => {
      signal('SIGTERM');
      setTimeout(() => signal('SIGKILL'), GRACE_MS).unref();
    };
    const timer = setTimeout(() => {
      outOfTime = true;
      console.error(`Ended after ${Math.round(timeoutMs / 1000)} s, the most that this run may take.`);
      stop();
    }, timeoutMs);
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    const end = (/** @type {number} */ code) => {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      signal('SIGKILL');
      resolve(outOfTime ? 124 : code);
    };
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      end(127);
    });
    child.on('exit', (code) => end(code ?? 1));
  });
}
