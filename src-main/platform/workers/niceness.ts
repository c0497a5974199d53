import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Puts this process behind others where the processor is not enough for all. On Linux each thread has a priority of its own and takes it from the one
 * that starts it, so those that run already (Node's pool, in which engines load and compute) are told too; see setpriority(2). A
 * negative number puts it in front, where the system allows that (Windows, root); elsewhere it stays where it is.
 */
export function stepBack(niceness: number): void {
  if (!trySetPriority(niceness)) return;
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      setPriority(Number(thread), niceness);
    } catch {
      // It has ended since.
    }
  }
}

function trySetPriority(niceness: number): boolean {
  try {
    setPriority(niceness);
    return true;
  } catch (error) {
    if (niceness >= 0) throw error;
    return false;
  }
}
