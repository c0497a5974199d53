import { describe, expect, it } from 'vitest';
import type { Actions } from '../../../../src-renderer/app/actions.ts';
import { createCommands, keyNames } from '../../../../src-renderer/app/commands.ts';
import { createViewStore } from '../../../../src-renderer/stores/view-store.ts';

const nothing = (): void => undefined;
const nothingYet = (): Promise<void> => Promise.resolve();
const ACTIONS: Actions = {
  talk: nothing,
  press: { down: nothing, up: nothing, cancel: nothing, reset: nothing, isReleasing: () => false },
  startSession: nothing,
  toggleVoice: nothing,
  toggleMute: nothing,
  toggleMode: nothing,
  toggleCaptions: nothing,
  toggleFaceWindow: nothing,
  toggleClip: nothing,
  switchTo: nothing,
  stop: nothing,
  stopEverything: nothing,
  cutLanguage: nothing,
  startAgain: nothing,
  focusApproval: nothing,
  newConversation: nothing,
  openConversation: nothing,
  focusInput: nothing,
  calls: {
    answer: nothingYet,
    letAssistantAnswer: nothingYet,
    takeMessage: nothingYet,
    turnAway: nothingYet,
    hangUp: nothingYet,
    takeOver: nothingYet,
    handOver: nothingYet,
    finishTransfer: nothingYet,
    set: nothingYet,
    talk: () => false,
    ringing: () => undefined,
    current: () => undefined,
  },
};

describe('createCommands', () => {
  const commands = createCommands({ view: createViewStore() }, ACTIONS);

  it('gives every command a key of its own', () => {
    const keys = commands.map((command) => command.keys.toLowerCase());
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('names keys with Alt by their place, because Option makes another sign of them on a Mac', () => {
    const withAlt = commands.map(({ keys }) => keys).filter((keys) => keys.startsWith('Alt+'));
    expect(withAlt).toHaveLength(19);
    for (const keys of withAlt) expect(keys).toMatch(/^Alt\+(?:Key[A-Z]|Digit\d)$/);
  });

  it('marks as single exactly what has no modifier and is not Escape', () => {
    const expected = commands.filter((command) => !/^(?:\$mod|Alt)\+|^Escape$/.test(command.keys)).map((command) => command.id);
    expect(commands.filter((command) => command.single).map((command) => command.id)).toEqual(expected);
  });
});

describe('keyNames', () => {
  it('prints the keys of the platform', () => {
    expect(keyNames('$mod+k', 'linux', 'Space')).toBe('Ctrl+K');
    expect(keyNames('$mod+k', 'darwin', 'Space')).toBe('⌘+K');
    expect(keyNames('Space', 'linux', 'Leertaste')).toBe('Leertaste');
    expect(keyNames('[Shift]+?', 'linux', 'Space')).toBe('?');
    expect(keyNames('Alt+KeyN', 'linux', 'Space')).toBe('Alt+N');
    expect(keyNames('Alt+Digit1', 'darwin', 'Space')).toBe('⌥+1');
  });
});
