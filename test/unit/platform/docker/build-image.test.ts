import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../../src-main/platform/docker/build-image.ts';

describe('runProgram', () => {
  it('ends with all that it has started when it is told to', async () => {
    const shut = new AbortController();
    // It is over when nobody holds its output any more: neither the shell nor what that has started.
    const running = runProgram('/bin/sh', ['-c', 'sleep 600 & echo started; wait'], shut.signal, () =>
      shut.abort(new Error('everything was stopped')),
    );
    await expect(running).rejects.toThrow('everything was stopped');
    await expect(runProgram('/bin/sh', ['-c', 'true'], shut.signal)).rejects.toThrow('everything was stopped');
  });

  it('says how a program has ended that could not do its work', async () => {
    await runProgram('/bin/sh', ['-c', 'true'], undefined);
    await expect(runProgram('/bin/sh', ['-c', 'echo no mirror >&2; exit 3'], undefined)).rejects.toMatchObject({
      code: 'sandbox.no-image',
      message: expect.stringContaining('no mirror'),
    });
  });
});
