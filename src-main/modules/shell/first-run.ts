import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../base/atomic-file.ts';

/** Whether the owner still has to see the first-run card. */
export interface FirstRun {
  isPending(): boolean;
  /** Resolves when it is on disk. */
  finish(): Promise<void>;
}

/** Remembered by a file of its own: it is no setting, and must survive a damaged config file. */
export function createFirstRun(dataDirectory: string): FirstRun {
  const marker = join(dataDirectory, 'first-run-done');
  let pending = !existsSync(marker);
  return {
    isPending: () => pending,
    async finish() {
      if (pending) await writeFileAtomically(marker, '');
      pending = false;
    },
  };
}
