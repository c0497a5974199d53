import { describe, expect, it } from 'vitest';
import { createAbilitiesStore } from '../../../../src-renderer/stores/abilities-store.ts';
import { fakeTools, NO_DOCKER, SANDBOX_READY, SERVERS, VAULT } from '../../../doubles/fake-core-hands-data.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const [MEMORY, CALENDAR] = SERVERS;

describe('createAbilitiesStore', () => {
  it('shows what there is when one part fails, and throws that part’s error', async () => {
    const failed = new Error('The vault is locked.');
    const bridge = createScriptedBridge({
      'tools.list': () => fakeTools(true),
      'sandbox.status': () => SANDBOX_READY,
      'vault.list': () => Promise.reject(failed),
      'mcp.servers': () => [...SERVERS],
      'mcp.access': () => [],
    });
    const store = createAbilitiesStore(bridge);
    await expect(store.getState().load()).rejects.toBe(failed);
    const { tools, sandbox, vault, servers } = store.getState();
    expect([tools?.length, sandbox, vault, servers]).toEqual([6, SANDBOX_READY, undefined, SERVERS]);
  });

  it('follows walls and servers, and keeps a server in its place', async () => {
    const bridge = createScriptedBridge({ 'mcp.servers': () => [...SERVERS] });
    const store = createAbilitiesStore(bridge);
    if (!MEMORY || !CALENDAR) throw new Error('The double has lost its servers');
    bridge.tell('mcp.changed', { server: MEMORY });
    expect(store.getState().servers).toBeUndefined();
    store.setState({ servers: SERVERS });
    bridge.tell('mcp.changed', { server: { ...MEMORY, state: 'failed' } });
    expect(store.getState().servers?.map((server) => [server.id, server.state])).toEqual([
      ['s1', 'failed'],
      ['s2', 'needs-sign-in'],
    ]);
    bridge.tell('sandbox.changed', NO_DOCKER);
    expect(store.getState().sandbox).toEqual(NO_DOCKER);
  });

  it('never keeps the value of a secret', async () => {
    const bridge = createScriptedBridge({ 'vault.set': () => undefined, 'vault.list': () => [...VAULT] });
    const store = createAbilitiesStore(bridge);
    await store.getState().storeSecret({ name: 'CALENDAR', value: 'hunter2', hosts: [] });
    expect(JSON.stringify(store.getState())).not.toContain('hunter2');
    expect(store.getState().vault).toEqual(VAULT);
  });
});
