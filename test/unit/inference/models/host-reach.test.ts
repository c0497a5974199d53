import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHostReach } from '../../../../src-main/inference/models/host-reach.ts';
import type { ModelHub } from '../../../doubles/model-hub.ts';
import { startModelHub } from '../../../doubles/model-hub.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

let hub: ModelHub;
beforeEach(async () => {
  hub = await startModelHub();
});
afterEach(() => hub.close());

describe('createHostReach', () => {
  it('says yes for a host that listens and no for one that does not', async () => {
    const hosts = createHostReach({ clock: createVirtualClock() });
    await expect(hosts.reachable(hub.url('a'))).resolves.toBe(true);
    const url = hub.url('a');
    await hub.close();
    await expect(createHostReach({ clock: createVirtualClock() }).reachable(url)).resolves.toBe(false);
  });

  it('remembers a no and asks again only later', async () => {
    const clock = createVirtualClock();
    const hosts = createHostReach({ clock, rememberMs: 60_000 });
    hosts.markUnreachable(hub.url('a'));
    await expect(hosts.reachable(hub.url('b'))).resolves.toBe(false);
    await clock.advance(60_000);
    await expect(hosts.reachable(hub.url('b'))).resolves.toBe(true);
  });

  it('says no for a name that does not exist', async () => {
    const hosts = createHostReach({ clock: createVirtualClock(), connectTimeoutMs: 3000 });
    await expect(hosts.reachable('https://nowhere.invalid/file')).resolves.toBe(false);
  });
});
