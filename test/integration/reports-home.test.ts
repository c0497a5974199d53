import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readChildEnvironment } from '../../src-main/platform/config/environment.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const SESSION = pathToFileURL(join(import.meta.dirname, '../../src-main/inference/onnx/onnx-session.ts')).href;
/** Opens an environment of onnxruntime as the workers do; that the file is no model does not matter. */
const PROGRAM = `const { openOnnxSession } = await import('${SESSION}'); await openOnnxSession('/no/model', 1).catch(() => undefined);`;

async function cacheAfterLoading(environment: Record<string, string>): Promise<string[]> {
  const home = await temporaryFolder();
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env: { ...environment, HOME: home },
    stdio: 'inherit',
  });
  expect(await new Promise((done) => void child.once('exit', done))).toBe(0);
  return readdir(join(home, '.cache')).catch(() => []);
}

/** Without the variable in the workers' environment the first session leaves ~/.cache/Microsoft behind, and a report on its way. */
describe('onnxruntime in a worker', () => {
  it('keeps no identifier of the machine and no reports to its maker', async () => {
    expect(await cacheAfterLoading(readChildEnvironment())).toEqual([]);
  });
});
