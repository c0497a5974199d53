import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IdentifiedThing } from '../watch-list.ts';

/*
 * What the watchdog must know of other processes, and how it ends them. Read from /proc; where there is none (macOS, Windows) memory, processor time and births
 * are unknown, and the limits that need them do not fire.
 */

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** When the process was born, in ticks since the machine's start; undefined = not there, or unknown on this system. */
export function processStartId(pid: number): string | undefined {
  return statOf(pid)?.[19];
}

/** Processor time that it has used, ms. */
export function processorMs(pid: number): number | undefined {
  const stat = statOf(pid);
  return stat && ((Number(stat[11]) + Number(stat[12])) * 1000) / TICKS_PER_SECOND;
}

/** Memory that it holds, bytes. */
export function residentBytes(pid: number): number | undefined {
  const pages = read(`/proc/${pid}/statm`)?.split(' ')[1];
  return pages === undefined ? undefined : Number(pages) * PAGE_BYTES;
}

/** Fields of /proc/PID/stat from the third on: the second is the name, which may hold spaces and brackets. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text
    ?.slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
}

function read(file: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** True while this very process is there, and not another one that has got its number. */
export function isAlive(pid: number, startId: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const now = processStartId(pid);
  if (processLetter(pid) === 'Z') return false;
  return startId === undefined || now === undefined || now === startId;
}

/** One letter of /proc: R, S, D, T, Z …; '' = not there, or unknown on this system. */
export function processLetter(pid: number): string {
  return statOf(pid)?.[0] ?? '';
}

/** Held by a signal (SIGSTOP) or a debugger; false where that cannot be seen. */
export function isSuspended(pid: number): boolean {
  return ['T', 't'].includes(processLetter(pid));
}

/** Ends it without asking. What has gone already, and whoever has got its number since, is left alone. */
export function killProcess({ pid, group, startId }: Omit<Extract<IdentifiedThing, { kind: 'process' }>, 'kind'>): void {
  if (pid <= 1 || pid === process.pid) return;
  const now = processStartId(pid);
  // A group outlives its leader, and its number is not given away before its last member has gone.
  if (startId !== undefined && now !== undefined && now !== startId) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/F', ...(group ? ['/T'] : []), '/PID', String(pid)], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
    return;
  }
  for (const target of group ? [-pid, pid] : [pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
