import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { readLines } from '../../src-main/base/lines.ts';

const WRITER = fileURLToPath(new URL('../fixtures/store/writer.ts', import.meta.url));

/** A message that the writer has said to be stored. */
export interface Acknowledged {
  id: string;
  text: string;
}

export interface WriterRun {
  acknowledged: Acknowledged[];
  /** Codes of the errors that it met, in order. */
  errors: string[];
  /** 'SIGKILL' unless it ended in another way. */
  endedBy: NodeJS.Signals | null;
}

/**
 * Runs test/fixtures/store/writer.ts until `onProgress` has killed it. `limit`: a shell's `ulimit` options, set before it starts.
 * The last acknowledgement is left out, for the line may have been cut off.
 */
export async function runWriter(options: {
  dataDirectory: string;
  mode: 'insert' | 'edit' | 'rotate' | 'stubborn';
  limit?: string;
  onProgress: (run: WriterRun, writer: { pid: number; kill: () => void }) => void;
}): Promise<WriterRun> {
  const command = [process.execPath, WRITER, options.dataDirectory, options.mode];
  const limited = options.limit === undefined ? command : ['sh', '-c', `ulimit ${options.limit}; exec "$0" "$@"`, ...command];
  const child = spawn(limited[0] ?? '', limited.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const run: WriterRun = { acknowledged: [], errors: [], endedBy: null };
  readLines(child.stdout, (line) => {
    const [id = '', text = ''] = line.split(' ');
    if (id === 'error') run.errors.push(text);
    else run.acknowledged.push({ id, text });
    options.onProgress(run, { pid: child.pid ?? 0, kill: () => child.kill('SIGKILL') });
  });
  run.endedBy = await new Promise((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  return { ...run, acknowledged: run.acknowledged.slice(0, -1) };
}
