import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Ends a container without the engine, which takes its time; works where the engine runs as the same user. False = nothing was killed. The group's name proves that the
 * number is not reused.
 */
export function endContainerProcesses(id: string, processId: number): boolean {
  if (processId <= 1) return false;
  try {
    const groups = readFileSync(`/proc/${processId}/cgroup`, 'utf8');
    if (!groups.includes(id)) return false;
    // The first one takes the others along, but only when it gets to run: on a busy machine they would go on until then.
    process.kill(processId, 'SIGKILL');
    for (const each of membersOf(groups, id)) killOne(each);
    return true;
  } catch {
    return false;
  }
}

/** Processes of the container's own control group, whichever version the machine has. */
function membersOf(groups: string, id: string): number[] {
  for (const line of groups.split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (!path.includes(id) || (controllers !== '' && controllers !== 'pids')) continue;
    try {
      return readFileSync(join('/sys/fs/cgroup', controllers, path, 'cgroup.procs'), 'utf8')
        .split('\n')
        .map(Number)
        .filter(Boolean);
    } catch {
      // Not mounted there.
    }
  }
  return [];
}

function killOne(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It was quicker.
  }
}
