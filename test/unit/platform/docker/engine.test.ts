import { describe, expect, it } from 'vitest';
import { findEngine, isRuncOutdated } from '../../../../src-main/platform/docker/engine.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

describe('isRuncOutdated', () => {
  it.each(['1.1.5+ds1-1+deb12u1', '1.2.7', '1.3.2', '1.3.0-rc.1', '1.4.0-rc.2', '0.1', 'dev', '1.0.0-rc95'])('%s is', (version) =>
    expect(isRuncOutdated(version)).toBe(true),
  );
  it.each(['1.2.8', '1.2.9', '1.3.3', '1.3.4+ds', '1.4.0-rc.3', '1.4.0', '1.5.0', '2.0.0'])('%s is not', (version) =>
    expect(isRuncOutdated(version)).toBe(false),
  );
});

describe('findEngine', () => {
  it('says that nothing answers where DOCKER_HOST names nothing', async () => {
    const folder = await temporaryFolder();
    await expect(findEngine({ dockerHost: `unix://${folder}/none.sock`, platform: 'linux' })).rejects.toMatchObject({
      code: 'sandbox.not-answering',
    });
  });

  it.each(['tcp://10.0.0.1:2375', 'ssh://host', 'nonsense'])('uses no engine of another computer (%s)', async (dockerHost) => {
    await expect(findEngine({ dockerHost, platform: 'linux' })).rejects.toMatchObject({
      code: 'sandbox.not-answering',
      message: expect.stringContaining(dockerHost),
    });
  });
});
