import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createFilmMaker, faceServerSettings } from '../../../../src-main/inference/face-servers/index.ts';
import { createKillGate } from '../../../../src-main/modules/killswitch/kill-gate.ts';
import { createConfig } from '../../../../src-main/platform/config/index.ts';
import { startFaceServer } from '../../../doubles/face-server.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

describe('createFilmMaker', () => {
  it('gives a film up at a stop, tells the server so, begins none while it lasts, and makes one after the lift', async () => {
    const server = await startFaceServer();
    server.states = [{ state: 'running', progress: 0.1 }];
    const clock = systemClock;
    const config = createConfig({ dataDirectory: await temporaryFolder(), definitions: faceServerSettings, clock, log: silentLog });
    await config.set('character.filmServerUrl', server.address.href);
    const gate = createKillGate();
    const films = createFilmMaker({ config, token: () => undefined, shut: () => gate.signal('outgoing'), clock });
    const order = {
      renderer: 'wav2lip' as const,
      portrait: { bytes: new Uint8Array([1]), contentType: 'image/png' as const },
      sound: new Uint8Array([2]),
      fps: 25,
      height: 480,
      expressiveness: 0.5,
    };
    const engaged = { code: 'killswitch.engaged' };
    const given = expect(films.render(order)).rejects.toMatchObject(engaged);
    await expect.poll(() => server.orders.length).toBe(1);
    gate.set(3, false);
    await given;
    await expect.poll(() => server.deleted).toEqual(['job-1']);
    await expect(films.render(order)).rejects.toMatchObject(engaged);
    expect(server.orders).toHaveLength(1);
    gate.set(0, false);
    server.states = [{ state: 'done' }];
    expect((await films.render(order)).byteLength).toBeGreaterThan(0);
  });
});
