import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createPageHub } from '../../../../src-main/platform/contract-host/index.ts';

function failToSend(): never {
  throw new Error('window destroyed');
}

function setUp() {
  const logged: string[] = [];
  const hub = createPageHub({ log: { ...silentLog, error: (message) => logged.push(message) }, checkEvents: true });
  const heard: string[] = [];
  const join = (clientId: string, door: 'window' | 'browser' = 'browser') =>
    hub.add({
      caller: { door, clientId },
      send: (name) => heard.push(`${clientId} ${name}`),
      openAudio: (sessionId) => heard.push(`${clientId} audio ${sessionId}`),
    });
  return { hub, heard, join, logged };
}

describe('createPageHub', () => {
  it('tells every page, or only the one that is meant', () => {
    const { hub, heard, join } = setUp();
    join('a');
    join('b');
    hub.tell('conversations.changed', { conversationId: null });
    hub.tell('models.changed', { modelId: null }, 'b');
    hub.tell('models.changed', { modelId: null }, 'nobody');
    expect(heard).toEqual(['a conversations.changed', 'b conversations.changed', 'b models.changed']);
  });

  it('opens the sound of a session for its own page only', () => {
    const { hub, heard, join } = setUp();
    join('a');
    join('b');
    hub.openAudio({ door: 'browser', clientId: 'b' }, 'ses_1');
    hub.openAudio({ door: 'browser', clientId: 'gone' }, 'ses_2');
    expect(heard).toEqual(['b audio ses_1']);
  });

  it('says once that a page is gone, and tells it nothing more', () => {
    const { hub, heard, join } = setUp();
    const gone: string[] = [];
    hub.onGone((clientId) => gone.push(clientId));
    const leave = join('a');
    leave();
    leave();
    hub.tell('models.changed', { modelId: null });
    expect([gone, heard]).toEqual([['a'], []]);
  });

  it('means commands for the window, else for the browser page that came last', () => {
    const { hub, join } = setUp();
    expect(hub.commandClient()).toBeUndefined();
    join('a');
    const leave = join('b');
    expect(hub.commandClient()).toBe('b');
    leave();
    expect(hub.commandClient()).toBe('a');
    join('w', 'window');
    join('c');
    expect(hub.commandClient()).toBe('w');
  });

  it('lets the tray hear what any page is told', () => {
    const { hub } = setUp();
    const seen: unknown[] = [];
    const stop = hub.watch((name, payload, clientId) => seen.push([name, payload, clientId]));
    hub.tell('models.changed', { modelId: 'm' }, 'b');
    stop();
    hub.tell('models.changed', { modelId: 'm' });
    expect(seen).toEqual([['models.changed', { modelId: 'm' }, 'b']]);
  });

  it('tells everyone although one of them fails', () => {
    const { hub, heard, join, logged } = setUp();
    hub.add({ caller: { door: 'window', clientId: 'w' }, send: failToSend, openAudio: () => undefined });
    join('a');
    hub.tell('models.changed', { modelId: null });
    expect([heard, logged]).toEqual([['a models.changed'], ['contract.event-failed']]);
  });

  it('reports an event that breaks the contract', () => {
    const { hub, logged } = setUp();
    hub.tell('models.changed', { modelId: 7 } as never);
    expect(logged).toEqual(['contract.bad-event']);
  });
});
