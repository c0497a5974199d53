// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './setup-error.mjs';

/** @type {readonly NodeJS.Signals[]} */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** What a shell shows for a program that a signal has ended. @param {NodeJS.Signals | null} signal */
const exitCodeOf = (signal) => 128 + (signal === null ? 0 : constants.signals[signal]);

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] Added to ours.
 * @property {(line: string) => void} [onLine] Each line of both outputs.
 * @property {number} [timeoutMs]
 */

/**
 * Runs a command to its end without a terminal; its output is kept, not shown. Resolves with the exit code (-1 = could not be started or
 * ran out of time) and the last lines.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number, output: string, tail: string }>}
 */
export function runCommand(command, args, { cwd, env = {}, onLine = () => {}, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows, which only a shell can start; every argument of ours is free of spaces there.
      shell: process.platform === 'win32' && command === 'npm',
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    const stopPassing = endTogether(child);
    let output = '';
    let rest = '';
    const take = (/** @type {Buffer} */ chunk) => {
      const text = chunk.toString();
      output += text;
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const end = (/** @type {number} */ code) => {
      stopPassing();
      if (rest !== '') onLine(rest);
      resolve({ code, output, tail: tailOf(output) });
    };
    child.on('error', (error) => {
      output += `${command}: ${error.message}`;
      end(-1);
    });
    child.on('close', (code) => end(code ?? -1));
  });
}

/**
 * When we are told to stop, the child is told first and we follow it, so that no npm or compiler works on behind our back.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void}
 */
function endTogether(child) {
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.once('close', () => process.exit(exitCodeOf(signal)));
    child.kill(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  };
}

/** The lines that say what went wrong: npm's first errors (its usage text follows them), else the last lines. @param {string} output */
function tailOf(output) {
  const lines = output.trimEnd().split('\n');
  const errors = lines.filter((line) => /^npm error \S/.test(line));
  return (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-15)).join('\n');
}

/**
 * Like {@link runCommand}, but a failure is an error: the sentence given, with the last lines of the output below it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions & { code: string, sentence: string }} options
 */
export async function mustRun(command, args, options) {
  const result = await runCommand(command, args, options);
  if (result.code !== 0) throw new SetupError(options.code, `${options.sentence}\n${result.tail}`);
  return result;
}

/**
 * Hands the terminal to a program until it ends; signals sent to us reach it. Resolves with the exit code a shell would show.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function handOver(command, args, { cwd, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, ...env }, stdio: 'inherit' });
    // Ctrl+C in a terminal reaches the whole process group: passing it on as well would count as a second one ("quit at once").
    const pass = (/** @type {NodeJS.Signals} */ signal) => void ((signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
    for (const signal of STOP_SIGNALS) process.on(signal, pass);
    const end = (/** @type {number} */ code) => {
      for (const signal of STOP_SIGNALS) process.off(signal, pass);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`${command} could not be started (${error.message}): run npm run doctor.`);
      end(127);
    });
    child.on('exit', (code, signal) => end(code ?? exitCodeOf(signal)));
  });
}
