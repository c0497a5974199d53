import { describe, expect, it } from 'vitest';
import { isInConversation, shareLeft } from '../../../../src-renderer/features/tools/approval-place.ts';

const TALK = { screen: 'talk', stageOnly: false, conversationsOpen: false } as const;

describe('isInConversation', () => {
  it('keeps a question about the conversation on screen with it', () => {
    expect(isInConversation({ conversationId: 'c1' }, TALK, 'c1')).toBe(true);
  });

  it.each([
    ['another conversation is on screen', { conversationId: 'c2' }, TALK],
    ['nobody’s conversation asked', { conversationId: null }, TALK],
    ['another screen is open', { conversationId: 'c1' }, { ...TALK, screen: 'settings' as const }],
    ['the stage is alone', { conversationId: 'c1' }, { ...TALK, stageOnly: true }],
    ['the list of conversations lies over it', { conversationId: 'c1' }, { ...TALK, conversationsOpen: true }],
  ])('lets it float when %s', (_name, approval, view) => {
    expect(isInConversation(approval, view, 'c1')).toBe(false);
  });

  it('lets a question without a conversation float over a new one', () => {
    expect(isInConversation({ conversationId: null }, TALK, null)).toBe(false);
  });
});

describe('shareLeft', () => {
  const approval = { createdAtMs: 1000, expiresAtMs: 11_000 };

  it('falls from all to nothing', () => {
    expect([1000, 6000, 11_000].map((nowMs) => shareLeft(approval, nowMs))).toEqual([1, 0.5, 0]);
  });

  it('stays within its bounds with a clock that was set', () => {
    expect([0, 99_000].map((nowMs) => shareLeft(approval, nowMs))).toEqual([1, 0]);
    expect(shareLeft({ createdAtMs: 5, expiresAtMs: 5 }, 5)).toBe(0);
  });
});
