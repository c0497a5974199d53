import { describe, expect, it } from 'vitest';
import { createViewStore, isEntryShown, type ViewState } from '../../../../src-renderer/stores/view-store.ts';

const problems = (view: ViewState): string[] =>
  view.toasts.map((toast) => ('error' in toast.content ? toast.content.error.message : toast.content.key));

describe('createViewStore', () => {
  it('tells each wish for a setting from the one before, also for the same setting', () => {
    const view = createViewStore();
    view.getState().show('settings', 'talk.microphone');
    const first = view.getState().soughtSetting;
    view.getState().show('settings', 'talk.microphone');
    const second = view.getState().soughtSetting;
    expect([first?.key, second?.key]).toEqual(['talk.microphone', 'talk.microphone']);
    expect(second?.request).not.toBe(first?.request);
    view.getState().show('settings');
    expect(view.getState().soughtSetting).toBeUndefined();
  });

  it('keeps a problem when messages come that go by themselves', () => {
    const view = createViewStore();
    view.getState().fail(new Error('The disk is full.'));
    for (const key of ['one', 'two', 'three']) view.getState().toast({ kind: 'done', content: { key } });
    expect(problems(view.getState())).toEqual(['The disk is full.', 'two', 'three']);
  });

  it('shows a problem that happens again once, and no more than three', () => {
    const view = createViewStore();
    for (const sentence of ['a', 'b', 'b', 'c', 'a', 'd']) view.getState().fail(new Error(sentence));
    expect(problems(view.getState())).toEqual(['c', 'a', 'd']);
  });

  it('knows which entry of the log is open, and that none is on another screen', () => {
    const view = createViewStore();
    view.getState().showCalls({ at: 'entry', callId: 'a' });
    expect(['a', 'b'].map((callId) => isEntryShown(view.getState(), callId))).toEqual([true, false]);
    view.setState({ screen: 'talk' });
    expect(isEntryShown(view.getState(), 'a')).toBe(false);
    view.getState().showCalls({ at: 'log' });
    expect(isEntryShown(view.getState(), 'a')).toBe(false);
  });
});
