import { describe, expect, it } from 'vitest';
import type { PartStatus, SessionSnapshot, TalkState } from '../../../../src-preload/contract/index.ts';
import { trayState } from '../../../../src-main/modules/shell/tray-state.ts';

const session = (talk: TalkState, muted = false): SessionSnapshot => ({
  sessionId: 's',
  conversationId: null,
  talk,
  mode: 'hands-free',
  muted,
  pressed: false,
  characterId: 'default',
});

describe('trayState', () => {
  it.each([
    [undefined, 'ready'],
    [session({ state: 'ready' }), 'ready'],
    [session({ state: 'listening' }), 'listening'],
    [session({ state: 'thinking' }), 'thinking'],
    [session({ state: 'speaking', paused: false }), 'speaking'],
    [session({ state: 'speaking', paused: false }, true), 'muted'],
    [session({ state: 'off', reason: 'loading' }), 'ready'],
    [session({ state: 'off', reason: 'no-microphone' }), 'offline'],
  ] as const)('for %j is %s', (now, expected) => {
    expect(trayState([], now)).toBe(expected);
  });

  it.each([
    [{ part: 'language', status: 'broken' }, 'offline'],
    [{ part: 'recognition', status: 'missing' }, 'offline'],
    [{ part: 'recognition', status: 'starting' }, 'ready'],
    [{ part: 'shortcut', status: 'broken' }, 'ready'],
    [{ part: 'network', status: 'missing' }, 'ready'],
  ] as const)('with the part %j is %s', (part, expected) => {
    expect(trayState([part satisfies PartStatus], session({ state: 'ready' }))).toBe(expected);
  });
});
