import type { PhoneCall } from '../../src-preload/contract/index.ts';
import type { Actions } from './actions.ts';
import { toggleCallMute, toggleSpeaker } from './call-actions.ts';
import type { Services } from './services.ts';

/** Ids are keys under `commands` of the catalogues. */
export type CommandId =
  | 'talk'
  | 'mute'
  | 'voice'
  | 'mode'
  | 'captions'
  | 'faceWindow'
  | 'clip'
  | 'stop'
  | 'stopAll'
  | 'approval'
  | 'stageOnly'
  | 'focusInput'
  | 'newConversation'
  | 'conversations'
  | 'sharePage'
  | 'palette'
  | 'keys'
  | 'newCharacter'
  | 'showTalk'
  | 'showCharacters'
  | 'showModels'
  | 'showSettings'
  | 'showActivity'
  | 'showHands'
  | 'showCalls'
  | 'callAnswer'
  | 'callAssistant'
  | 'callMessage'
  | 'callBlock'
  | 'callHangUp'
  | 'callTakeOver'
  | 'callMute';

export interface Command {
  id: CommandId;
  /**
   * In tinykeys' notation; `$mod` is Cmd on a Mac and Ctrl elsewhere. With Alt the key is named by its place (`KeyN`, `Digit1`): on a Mac
   * Option makes another sign of each letter.
   */
  keys: string;
  /** Acts alone, without Ctrl or Alt: only while no text field has the focus, and only if the setting allows it. */
  single: boolean;
  run: () => void;
}

/** Everything that has a key, in the order of the keyboard help. `talk` is held, see app/keyboard.ts. */
export function createCommands({ view }: Pick<Services, 'view'>, actions: Actions): readonly Command[] {
  return [
    single('talk', 'Space', actions.talk),
    single('mute', 'm', actions.toggleMute),
    single('voice', 'v', actions.toggleVoice),
    single('mode', 'h', actions.toggleMode),
    single('captions', 'c', actions.toggleCaptions),
    single('faceWindow', 'p', actions.toggleFaceWindow),
    single('clip', 'r', actions.toggleClip),
    combined('stop', 'Escape', actions.stop),
    combined('stopAll', '$mod+Period', () => actions.stopEverything()),
    combined('approval', 'Alt+KeyA', actions.focusApproval),
    single('stageOnly', 'f', () => view.setState((state) => ({ screen: 'talk', stageOnly: !state.stageOnly }))),
    single('focusInput', '[Shift]+/', actions.focusInput),
    combined('newConversation', 'Alt+KeyN', actions.newConversation),
    combined('conversations', 'Alt+KeyL', () =>
      view.setState((state) => ({ screen: 'talk', stageOnly: false, conversationsOpen: !state.conversationsOpen })),
    ),
    combined('sharePage', 'Alt+KeyS', () =>
      view.setState({ screen: 'talk', stageOnly: false, sharePageOpen: true, paletteOpen: false, keysOpen: false }),
    ),
    combined('newCharacter', 'Alt+KeyC', () => view.getState().showCharacters({ at: 'new' })),
    combined('palette', '$mod+k', () => view.setState((state) => ({ paletteOpen: !state.paletteOpen, keysOpen: false }))),
    single('keys', '[Shift]+?', () => view.setState((state) => ({ keysOpen: !state.keysOpen, paletteOpen: false }))),
    combined('showTalk', 'Alt+Digit1', () => view.getState().show('talk')),
    combined('showCharacters', 'Alt+Digit2', () => view.getState().show('characters')),
    combined('showModels', 'Alt+Digit3', () => view.getState().show('models')),
    combined('showSettings', 'Alt+Digit4', () => view.getState().show('settings')),
    combined('showActivity', 'Alt+Digit5', () => view.getState().show('activity')),
    combined('showHands', 'Alt+Digit6', () => view.getState().show('hands')),
    combined('showCalls', 'Alt+Digit7', () => view.getState().show('calls')),
    ...callCommands(actions),
  ];
}

/** Keys of calls. Without a call that they could mean they do nothing. */
function callCommands({ calls }: Actions): Command[] {
  const withRinging = (act: (call: PhoneCall) => Promise<void>) => (): void => {
    const call = calls.ringing();
    if (call) void act(call);
  };
  return [
    combined('callAnswer', 'Alt+KeyP', withRinging(calls.answer)),
    combined('callAssistant', 'Alt+KeyT', withRinging(calls.letAssistantAnswer)),
    combined('callMessage', 'Alt+KeyM', withRinging(calls.takeMessage)),
    combined('callBlock', 'Alt+KeyB', withRinging(calls.turnAway)),
    combined('callHangUp', 'Alt+KeyH', () => {
      const call = calls.current();
      if (call) void calls.hangUp(call);
    }),
    combined('callTakeOver', 'Alt+KeyO', () => toggleSpeaker(calls)),
    combined('callMute', 'Alt+KeyU', () => toggleCallMute(calls)),
  ];
}

function single(id: CommandId, keys: string, run: () => void): Command {
  return { id, keys, single: true, run };
}

function combined(id: CommandId, keys: string, run: () => void): Command {
  return { id, keys, single: false, run };
}

/** Keys as they are printed on caps: `$mod+k` → `Ctrl+K`, `⌘+K` on a Mac. `space` is the word for the long key. `Alt+KeyN` is `Alt+N`. Optional modifiers (for layouts on which a sign needs Shift) are left out. */
export function keyNames(keys: string, platform: string, space: string): string {
  const isMac = platform === 'darwin';
  const names: Record<string, string> = { $mod: isMac ? '⌘' : 'Ctrl', Alt: isMac ? '⌥' : 'Alt', Space: space, Escape: 'Esc', Period: '.' };
  return keys
    .split('+')
    .filter((key) => !key.startsWith('['))
    .map((key) => names[key] ?? key.replace(/^(?:Key|Digit)(?=.$)/, '').toUpperCase())
    .join('+');
}
