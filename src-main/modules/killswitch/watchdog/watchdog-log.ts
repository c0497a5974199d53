import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * What the watchdog did by force, one JSON object a line: the only witness when the app itself was frozen or gone. It holds codes and numbers, never words of
 * the owner's.
 */

/** One act: ended the app, helped its stoppers, or cleared away what a dead one had left. */
export interface WatchdogAct {
  did: 'ended-main' | 'helped' | 'cleared';
  level: number;
  trigger: string;
  reason: string;
  /** From the moment that it knew to the act, ms. */
  waitedMs: number;
  /** One letter of /proc (R, S, D, T, Z); '' = gone or unknown. */
  mainWas: string;
}

export const watchdogLogPath = (dataDirectory: string): string => join(dataDirectory, 'logs', 'watchdog.log');

const MAX_BYTES = 256 * 1024;

/** Never throws: a disk that takes nothing must not keep anybody from ending processes. */
export function logAct(dataDirectory: string, act: WatchdogAct): void {
  const file = watchdogLogPath(dataDirectory);
  const line = `${JSON.stringify({ time: new Date().toISOString(), ...act })}\n`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (sizeBytes > MAX_BYTES) writeFileSync(file, line, { mode: 0o600 });
    else appendFileSync(file, line, { mode: 0o600 });
  } catch {
    // The act itself is what counts.
  }
}

/** Its lines, oldest first; none when there is no such file. */
export function readActs(dataDirectory: string): string[] {
  try {
    return readFileSync(watchdogLogPath(dataDirectory), 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
