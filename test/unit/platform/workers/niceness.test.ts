import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Windows knows only steps of ten. */
const STEP = 10;
const MODULE = pathToFileURL(resolve(import.meta.dirname, '../../../../src-main/platform/workers/niceness.ts')).href;
/** In a process of its own: who has stepped back cannot step forward again. Its pool of threads runs already, as in a worker that loads an engine. */
const CHILD = `
  import { readdirSync } from 'node:fs';
  import { readdir } from 'node:fs/promises';
  import { getPriority } from 'node:os';
  const { stepBack } = await import(${JSON.stringify(MODULE)});
  await readdir('.');
  stepBack(${STEP});
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0];
  console.log(JSON.stringify(threads.map((thread) => getPriority(thread))));
`;

describe('stepBack', () => {
  it('puts each thread of a process behind', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', CHILD]);
    const priorities = JSON.parse(stdout) as number[];
    expect(priorities.length).toBeGreaterThan(process.platform === 'linux' ? 4 : 0);
    expect(new Set(priorities)).toEqual(new Set([STEP]));
  });
});
