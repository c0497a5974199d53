import { createPressGesture, type PressGesture } from '../features/stage/press-gesture.ts';
import type { KillLevel } from '../../src-preload/contract/index.ts';
import { settingOf } from '../stores/settings-store.ts';
import { createCallActions, type CallActions } from './call-actions.ts';
import type { Services } from './services.ts';
import { talkMode } from './talk-mode.ts';

/** What the owner can do from anywhere: dock, keys, palette, tray and global shortcut all end here. Failures become a message on screen. */
export interface Actions {
  /** A click on the talk button in hands-free mode: starts the session, ends the answer, or mutes. */
  talk(): void;
  /** The talk button or key held or tapped in push-to-talk mode. */
  press: PressGesture;
  startSession(): void;
  /** Opens the voice session, or ends it and lets the microphone go. */
  toggleVoice(): void;
  toggleMute(): void;
  toggleMode(): void;
  toggleCaptions(): void;
  /** Gives the face its small window, or takes it back to the stage. */
  toggleFaceWindow(): void;
  /** Begins a clip of the stage, or ends it and saves it. */
  toggleClip(): void;
  /** Puts a character on the stage, in mid-conversation too. */
  switchTo(id: string): void;
  /** Ends the answer: text and sound. */
  stop(): void;
  /** The off-switch: everything, or as much as the level says. Asks nothing first. */
  stopEverything(level?: KillLevel): void;
  /** The language model alone, off or on again. */
  cutLanguage(cut: boolean): void;
  /** Asks for the phrase that lifts a stop. */
  startAgain(): void;
  /** Puts the focus on the question that waits for the owner. */
  focusApproval(): void;
  newConversation(): void;
  openConversation(id: string): void;
  focusInput(): void;
  readonly calls: CallActions;
}

export function createActions(services: Services): Actions {
  const { bridge, voice, session, chat, settings, characters, clip, kill, view } = services;
  const { fail } = view.getState();
  const current = () => session.getState().session;
  const isRunning = (): boolean => voice.state.getState().session === 'running';
  const calls = createCallActions(services);
  const ignoreResult = (work: Promise<unknown>): void => void work.catch(fail);

  const startSession = (): void => ignoreResult(voice.start(chat.getState().currentId, talkMode(settings.getState())));
  const stop = (): void => ignoreResult(bridge.call('turn.stop', {}));
  const toggleMute = (): void => {
    if (!isRunning()) return startSession();
    ignoreResult(bridge.call('session.setMuted', { muted: !current().muted }));
  };
  const openConversation = (id: string | null): void => {
    ignoreResult(chat.getState().open(id));
    view.setState({ conversationsOpen: false, screen: 'talk' });
    if (isRunning()) ignoreResult(bridge.call('session.setConversation', { conversationId: id }));
  };
  const focusInput = (): void =>
    view.setState((state) => ({ screen: 'talk', stageOnly: false, inputFocusRequest: state.inputFocusRequest + 1 }));

  return {
    calls,
    startSession,
    toggleVoice: () => (isRunning() ? ignoreResult(voice.stop()) : startSession()),
    stop,
    stopEverything: (level = 5) => ignoreResult(kill.getState().engage(level)),
    cutLanguage: (cut) => ignoreResult(kill.getState().cutLanguage(cut)),
    startAgain: () => view.setState({ liftOpen: true, paletteOpen: false, keysOpen: false }),
    focusApproval: () => view.setState((state) => ({ approvalFocusRequest: state.approvalFocusRequest + 1 })),
    toggleMute,
    openConversation,
    focusInput,
    talk() {
      // Whoever is on the telephone here talks there.
      if (calls.talk()) return;
      const { talk } = current();
      if (!isRunning() || talk.state === 'off') startSession();
      else if (talk.state === 'speaking' || talk.state === 'thinking') stop();
      else toggleMute();
    },
    press: createPressGesture({
      nowMs: () => performance.now(),
      async press(down) {
        if (isRunning()) await bridge.call('session.press', { down }).catch(fail);
        else if (down) startSession();
      },
    }),
    toggleMode() {
      // A running session follows, see keep-voice.ts.
      const next = talkMode(settings.getState()) === 'hands-free' ? 'push-to-talk' : 'hands-free';
      ignoreResult(settings.getState().set('talk.mode', next));
    },
    toggleCaptions() {
      const on = settingOf(settings.getState(), 'appearance.captions', true);
      ignoreResult(settings.getState().set('appearance.captions', !on));
    },
    toggleFaceWindow() {
      const open = !view.getState().faceWindowOpen;
      ignoreResult(bridge.call('face.setWindow', { open }).then((window) => view.setState({ faceWindowOpen: window.open })));
    },
    toggleClip() {
      const { clip: now, record, stop: finish } = clip.getState();
      if (now.state !== 'off') return void finish();
      view.setState({ screen: 'talk' });
      void record();
    },
    switchTo(id) {
      ignoreResult(
        bridge.call('characters.use', { id }).then((character) => {
          characters.getState().put(character);
          session.setState((state) => ({ session: { ...state.session, characterId: character.id } }));
        }),
      );
    },
    newConversation() {
      openConversation(null);
      focusInput();
    },
  };
}
