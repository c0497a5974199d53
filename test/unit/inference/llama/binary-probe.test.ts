import childProcess, { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutBinaryProbe } from '../../../../src-main/inference/llama/binary-probe.ts';
import { usePlainCpu } from '../../../../src-main/inference/llama/plain-cpu.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

describe('withoutBinaryProbe', () => {
  it('answers the probe of the library itself, without a process', async () => {
    const said: unknown[] = [];
    const exitCode = await withoutBinaryProbe(async () => {
      const probe = fork('/library/dist/bindings/utils/testBindingBinary.js');
      probe.on('message', (message) => said.push(message));
      await once(probe, 'message');
      probe.send({ type: 'start' });
      await once(probe, 'message');
      probe.send({ type: 'test' });
      await once(probe, 'message');
      probe.send({ type: 'exit' });
      const [code]: unknown[] = await once(probe, 'exit');
      expect(probe.pid).toBeUndefined();
      return code;
    });
    expect(said).toEqual([{ type: 'ready' }, { type: 'loaded' }, { type: 'done' }]);
    expect(exitCode).toBe(0);
  });

  it('lets every other process start', async () => {
    const script = join(await temporaryFolder(), 'other.mjs');
    await writeFile(script, 'process.send("here")');
    const [message]: unknown[] = await withoutBinaryProbe(() => once(fork(script), 'message'));
    expect(message).toBe('here');
  });

  it('is gone afterwards, also after a failure', async () => {
    const before = childProcess.fork;
    await expect(withoutBinaryProbe(() => Promise.reject(new Error('no binary')))).rejects.toThrow('no binary');
    expect(childProcess.fork).toBe(before);
    expect(fork).toBe(before);
  });
});

describe('usePlainCpu', () => {
  it.each([
    ['darwin', 'arm64'],
    ['linux', 'arm64'],
    ['freebsd', 'x64'],
  ] as const)('changes nothing on %s %s, where there is only one build', (platform, architecture) => {
    expect(usePlainCpu(platform, architecture)).toBe(false);
  });
});
