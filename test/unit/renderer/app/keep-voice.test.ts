import { describe, expect, it, vi } from 'vitest';
import type { CallName, SessionSnapshot, Setting } from '../../../../src-preload/contract/index.ts';
import { createActions, type Actions } from '../../../../src-renderer/app/actions.ts';
import { keepMode, keepVoice } from '../../../../src-renderer/app/keep-voice.ts';
import type { Services } from '../../../../src-renderer/app/services.ts';
import { createAbilitiesStore } from '../../../../src-renderer/stores/abilities-store.ts';
import { createActivityStore } from '../../../../src-renderer/stores/activity-store.ts';
import { createCharactersStore } from '../../../../src-renderer/stores/characters-store.ts';
import { createClipStore } from '../../../../src-renderer/stores/clip-store.ts';
import { createChatStore } from '../../../../src-renderer/stores/chat-store.ts';
import { createCoreStore } from '../../../../src-renderer/stores/core-store.ts';
import { createHandsStore } from '../../../../src-renderer/stores/hands-store.ts';
import { createKillStore } from '../../../../src-renderer/stores/kill-store.ts';
import { createMissedCallsStore } from '../../../../src-renderer/stores/missed-calls-store.ts';
import { createModelsStore } from '../../../../src-renderer/stores/models-store.ts';
import { createSessionStore } from '../../../../src-renderer/stores/session-store.ts';
import { createSettingsStore } from '../../../../src-renderer/stores/settings-store.ts';
import { createCallLogStore } from '../../../../src-renderer/stores/call-log-store.ts';
import { createPhoneBookStore } from '../../../../src-renderer/stores/phone-book-store.ts';
import { createPhoneStore } from '../../../../src-renderer/stores/phone-store.ts';
import { createViewStore } from '../../../../src-renderer/stores/view-store.ts';
import { NO_SESSION } from '../../../doubles/fake-core-data.ts';
import { createFakeVoiceIo, type FakeVoiceIo } from '../../../doubles/fake-voice-io.ts';
import { createScriptedBridge, type ScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const MODE: Setting = {
  key: 'talk.mode',
  subject: 'talk',
  kind: 'choice',
  level: 'common',
  value: 'hands-free',
  defaultValue: 'hands-free',
};

const NO_CLIPS: Parameters<typeof createClipStore>[0] = {
  output: () => Promise.resolve(undefined),
  begin: () => Promise.reject(new Error('not recorded here')),
  ground: () => '',
  save: () => undefined,
  fail: () => undefined,
};

interface Page {
  bridge: ScriptedBridge;
  services: Services & { voice: FakeVoiceIo };
  actions: Actions;
  /** The owner is on the telephone until the returned function is called. */
  pause: () => () => void;
  /** Inputs of all calls of that name. */
  asked(name: CallName): unknown[];
  tellSession(patch: Partial<SessionSnapshot>): void;
  /** The socket breaks, and another one takes its place: to the core that is a page it has never seen. */
  loseConnection(): void;
  comeBack(): void;
  toasts(): number;
}

/** A page on a core of a few lines, whose voice runs. */
async function createPage({ refuses }: { refuses?: CallName } = {}): Promise<Page> {
  let session = NO_SESSION;
  let sessions = 0;
  let mode = MODE;
  const tell = (patch: Partial<SessionSnapshot>): void => {
    session = { ...session, ...patch };
    bridge.tell('session.changed', session);
  };
  const bridge: ScriptedBridge = createScriptedBridge({
    'settings.list': () => [mode],
    'settings.set': ({ value }) => (mode = { ...mode, value }),
    'conversations.list': () => [],
    'app.snapshot': () => Promise.reject(new Error('not asked here')),
    'session.snapshot': () => session,
    'session.start': (input) => {
      sessions += 1;
      // As the real one: first that it is being opened, then that it is open.
      tell({ ...NO_SESSION, talk: { state: 'off', reason: 'loading' } });
      tell({ ...NO_SESSION, ...input, sessionId: `session-${sessions}`, talk: { state: 'ready' } });
      return session;
    },
    'session.stop': () => tell(NO_SESSION),
    'session.setMode': (input) => {
      if (session.sessionId !== null) tell({ ...input, pressed: false });
    },
    'session.setMuted': (input) => {
      if (refuses === 'session.setMuted') throw new Error('refused');
      tell(input);
    },
    'session.press': ({ down }) => tell({ pressed: down }),
  });
  const chat = createChatStore(bridge);
  const services = {
    bridge,
    voice: createFakeVoiceIo(bridge),
    core: createCoreStore(createScriptedBridge({})),
    session: createSessionStore(bridge),
    chat,
    hands: createHandsStore(bridge, chat),
    kill: createKillStore(bridge),
    activity: createActivityStore(bridge),
    abilities: createAbilitiesStore(bridge),
    settings: createSettingsStore(bridge),
    models: createModelsStore(bridge),
    characters: createCharactersStore(bridge),
    clip: createClipStore(NO_CLIPS),
    phone: createPhoneStore(bridge),
    phoneBook: createPhoneBookStore(bridge),
    callLog: createCallLogStore(bridge, () => undefined),
    missedCalls: createMissedCallsStore(bridge, { read: () => undefined, keep: () => undefined }),
    phoneEnd: {},
    view: createViewStore(),
  };
  const actions = createActions(services);
  keepMode(services);
  const { pause } = keepVoice(services, actions);
  await services.settings.getState().load();
  await services.voice.start(null, 'hands-free');
  return {
    bridge,
    services,
    actions,
    pause,
    asked: (name) => bridge.calls.filter(([called]) => called === name).map(([, input]) => input),
    tellSession: tell,
    loseConnection() {
      bridge.setConnection('lost');
      session = NO_SESSION;
    },
    comeBack: () => bridge.setConnection('open'),
    toasts: () => services.view.getState().toasts.length,
  };
}

describe('keepMode', () => {
  it('closes the open microphone of a running session when push to talk is chosen in the settings', async () => {
    const page = await createPage();
    await page.services.settings.getState().set('talk.mode', 'push-to-talk');
    expect(page.asked('session.setMode')).toEqual([{ mode: 'push-to-talk' }]);
    expect(page.services.session.getState().session.mode).toBe('push-to-talk');
  });

  it('tells the core once when the dock or the key changes it', async () => {
    const page = await createPage();
    page.actions.toggleMode();
    await vi.waitFor(() => expect(page.asked('settings.set')).toHaveLength(1));
    expect(page.asked('session.setMode')).toEqual([{ mode: 'push-to-talk' }]);
  });

  it('takes a mode back that the core does not keep', async () => {
    const page = await createPage();
    const refused = page.services.settings.getState().set('talk.mode', 'push-to-talk');
    page.bridge.tell('settings.changed', MODE);
    await refused;
    expect(page.asked('session.setMode')).toEqual([{ mode: 'push-to-talk' }, { mode: 'hands-free' }, { mode: 'push-to-talk' }]);
  });

  it('tells a session that was being opened meanwhile, and none that is off', async () => {
    const page = await createPage();
    await page.services.voice.stop();
    await page.services.settings.getState().set('talk.mode', 'push-to-talk');
    expect(page.asked('session.setMode')).toEqual([]);
    const starting = page.services.voice.start(null, 'push-to-talk');
    const setting = page.services.settings.getState().set('talk.mode', 'hands-free');
    expect(page.asked('session.setMode')).toEqual([]);
    await Promise.all([starting, setting]);
    expect(page.asked('session.setMode')).toEqual([{ mode: 'hands-free' }]);
  });
});

describe('keepVoice', () => {
  it('lets the microphone go when the core ends the session', async () => {
    const page = await createPage();
    page.tellSession(NO_SESSION);
    expect(page.services.voice.state.getState().session).toBe('off');
  });

  it('opens the voice again after a lost connection, in the mode that is set by then', async () => {
    const page = await createPage();
    page.loseConnection();
    await page.services.settings.getState().set('talk.mode', 'push-to-talk');
    page.comeBack();
    await vi.waitFor(() => expect(page.services.session.getState().session.sessionId).toBe('session-2'));
    expect(page.services.voice.state.getState().session).toBe('running');
    expect(page.asked('session.start').at(-1)).toEqual({ conversationId: null, mode: 'push-to-talk' });
    expect([page.asked('session.stop'), page.toasts()]).toEqual([[], 0]);
    // It still ends with its session.
    page.tellSession(NO_SESSION);
    expect(page.services.voice.state.getState().session).toBe('off');
  });

  it('leaves the voice off that was off', async () => {
    const page = await createPage();
    await page.services.voice.stop();
    page.loseConnection();
    page.comeBack();
    await vi.waitFor(() => expect(page.asked('conversations.list')).toHaveLength(1));
    expect(page.asked('session.start')).toHaveLength(1);
  });

  it('never opens a muted microphone on the way back, and mutes the new session', async () => {
    const page = await createPage();
    await page.bridge.call('session.setMuted', { muted: true });
    page.services.voice.muted.length = 0;
    page.loseConnection();
    page.comeBack();
    await vi.waitFor(() => expect(page.services.session.getState().session).toMatchObject({ sessionId: 'session-2', muted: true }));
    expect(page.services.voice.muted).not.toContain(false);
    expect(page.asked('session.setMuted').at(-1)).toEqual({ muted: true });
    await page.bridge.call('session.setMuted', { muted: false });
    expect(page.services.voice.muted.at(-1)).toBe(false);
  });

  it('keeps it muted when the connection is lost once more before the core knew', async () => {
    const page = await createPage();
    await page.bridge.call('session.setMuted', { muted: true });
    page.services.voice.muted.length = 0;
    page.loseConnection();
    page.comeBack();
    page.loseConnection();
    page.comeBack();
    await vi.waitFor(() => expect(page.services.session.getState().session).toMatchObject({ sessionId: 'session-2', muted: true }));
    expect(page.services.voice.muted).not.toContain(false);
  });

  it('lets the microphone go when the new session cannot be muted', async () => {
    const page = await createPage({ refuses: 'session.setMuted' });
    page.tellSession({ muted: true });
    page.loseConnection();
    page.comeBack();
    await vi.waitFor(() => expect(page.asked('session.stop')).toHaveLength(1));
    expect(page.toasts()).toBe(1);
    expect(page.services.voice.state.getState().session).toBe('off');
  });

  it('begins the next hold anew when the core let go of a latched key', async () => {
    const page = await createPage();
    await page.services.settings.getState().set('talk.mode', 'push-to-talk');
    const tap = (): void => {
      page.actions.press.down();
      page.actions.press.up();
    };
    tap();
    await page.services.settings.getState().set('talk.mode', 'hands-free');
    await page.services.settings.getState().set('talk.mode', 'push-to-talk');
    tap();
    expect(page.asked('session.press')).toEqual([{ down: true }, { down: true }]);
    page.tellSession({ pressed: false });
    tap();
    expect(page.asked('session.press')).toHaveLength(3);
  });

  it('keeps a hold that began before its last release was answered', async () => {
    const page = await createPage();
    await page.services.settings.getState().set('talk.mode', 'push-to-talk');
    const { press } = page.actions;
    press.down();
    press.cancel();
    press.down();
    page.tellSession({ pressed: false });
    press.cancel();
    expect(page.asked('session.press')).toEqual([{ down: true }, { down: false }, { down: true }, { down: false }]);
  });
});

const ran = (page: Page): string => page.services.voice.state.getState().session;
const sessionId = (page: Page): string | null => page.services.session.getState().session.sessionId;

describe('keepVoice during a call of the owner’s', () => {
  it('lets nobody listen, whoever asks for it, and gives the session back afterwards', async () => {
    const page = await createPage();
    const giveBack = page.pause();
    await vi.waitFor(() => expect(sessionId(page)).toBeNull());
    page.actions.talk();
    page.actions.toggleMute();
    page.actions.press.down();
    page.actions.press.up();
    expect([ran(page), page.asked('session.start').length]).toEqual(['off', 1]);
    giveBack();
    await vi.waitFor(() => expect(sessionId(page)).toBe('session-2'));
    expect([ran(page), page.asked('session.setMuted'), page.toasts()]).toEqual(['running', [], 0]);
  });

  it('gives a muted session back muted', async () => {
    const page = await createPage();
    await page.bridge.call('session.setMuted', { muted: true });
    const giveBack = page.pause();
    await vi.waitFor(() => expect(sessionId(page)).toBeNull());
    page.services.voice.muted.length = 0;
    giveBack();
    await vi.waitFor(() => expect(page.services.session.getState().session).toMatchObject({ sessionId: 'session-2', muted: true }));
    expect(page.services.voice.muted).not.toContain(false);
  });

  it('leaves the voice off that was off', async () => {
    const page = await createPage();
    await page.services.voice.stop();
    page.pause()();
    expect([ran(page), page.asked('session.start').length]).toEqual(['off', 1]);
  });

  it('waits for the last of two calls', async () => {
    const page = await createPage();
    const [first, second] = [page.pause(), page.pause()];
    first();
    expect(ran(page)).toBe('off');
    second();
    await vi.waitFor(() => expect(ran(page)).toBe('running'));
  });
});
