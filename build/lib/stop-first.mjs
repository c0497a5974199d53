// @ts-check
import { engageLatch } from './latch.mjs';
import { readPaths } from './paths.mjs';

/*
 * The first half of `openclaw stop`. Loaded before anything else, the check of Node's version included: every millisecond counts, and nothing that is broken
 * elsewhere may keep it from the disk.
 */

/** @typedef {{ level: number | undefined, data: string, problem?: unknown }} FirstStop `level`: undefined = what was typed is none. */

/**
 * Writes the latch. Never throws.
 * @param {string[]} args After `stop`.
 * @returns {FirstStop}
 */
export function stopFirst(args) {
  const { data } = readPaths();
  const level = readLevel(args);
  if (level === undefined) return { level, data };
  try {
    engageLatch(data, level);
    return { level, data };
  } catch (problem) {
    return { level, data, problem };
  }
}

/** Whoever types "openclaw stop now" wants to stop: only a level that is none, or the wish for help, is refused. @param {string[]} args */
function readLevel(args) {
  if (args.some((each) => ['--help', '-h', 'help'].includes(each))) return undefined;
  const at = args.findIndex((each) => /^--level(?:=|$)/.test(each));
  if (at < 0) return 5;
  const level = Number(args[at]?.split('=')[1] ?? args[at + 1]);
  return Number.isInteger(level) && level >= 1 && level <= 5 ? level : undefined;
}
