import { describe, expect, it } from 'vitest';
import { createKillApi } from '../../../../src-main/modules/killswitch/index.ts';
import { createPageResources } from '../../../../src-main/platform/contract-host/index.ts';
import { createKillSwitchRig } from '../../../doubles/kill-switch-rig.ts';

async function* bytes(text: string) {
  yield Buffer.from(text);
}

async function setUp() {
  const rig = await createKillSwitchRig();
  const killSwitch = rig.start();
  const resources = createPageResources({ '/api': createKillApi(killSwitch, { status: () => ({ version: '1' }) }) });
  const ask = async (method: string, pathname: string, text = '', isOwn = true) => {
    const answer = await resources({ method, pathname, body: bytes(text), isOwn, contentLength: undefined });
    const body = answer?.body instanceof Uint8Array ? (JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>) : {};
    return { status: answer?.status, body };
  };
  return { ask, killSwitch };
}

describe('createKillApi', () => {
  it('stops everything when nothing is said', async () => {
    const { ask } = await setUp();
    expect(await ask('POST', '/api/kill')).toMatchObject({ status: 200, body: { level: 5, trigger: 'api' } });
  });

  it('stops at the level that is asked for, with its reason', async () => {
    const { ask } = await setUp();
    expect(await ask('POST', '/api/kill', '{"level":2,"reason":"noise"}')).toMatchObject({ body: { level: 2, reason: 'noise' } });
  });

  it.each(['garbage', '{"level":"all"}', '{"level":9}', 'x'.repeat(10_000)])(
    'stops everything for a body that it does not understand',
    async (body) => {
      const { ask } = await setUp();
      expect(await ask('POST', '/api/kill', body)).toMatchObject({ status: 200, body: { level: 5 } });
    },
  );

  it('does not lift, whatever is sent', async () => {
    const { ask, killSwitch } = await setUp();
    await ask('POST', '/api/kill', '{"level":3}');
    expect((await ask('POST', '/api/kill', '{"level":0}')).status).toBe(400);
    expect((await ask('POST', '/api/lift', '{"phrase":"start again"}')).status).toBe(404);
    expect((await ask('DELETE', '/api/kill')).status).toBe(405);
    expect(killSwitch.state().level).toBe(3);
  });

  it('turns away another page that a browser has open', async () => {
    const { ask, killSwitch } = await setUp();
    expect((await ask('POST', '/api/kill', '', false)).status).toBe(403);
    expect((await ask('GET', '/api/status', '', false)).status).toBe(404);
    expect(killSwitch.state().level).toBe(0);
  });

  it('tells the state', async () => {
    const { ask } = await setUp();
    expect(await ask('GET', '/api/status')).toMatchObject({ status: 200, body: { version: '1', killSwitch: { level: 0, trigger: null } } });
  });
});
