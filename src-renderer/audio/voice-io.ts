import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, CallInput, InputMode } from '../../src-preload/contract/index.ts';
import { CallError } from '../bridge/index.ts';
import type { HeardSpeech } from '../face/motion/motion-inputs.ts';
import { createSpeechClock } from '../face/speech-clock.ts';
import { createCaptureGraph } from './capture-graph.ts';
import { playCue, type Cue } from './cues.ts';
import { createMicrophone, type MicrophoneState, type MicrophoneWishes } from './microphone.ts';
import { createSpeaker, type SoundOutput } from './speaker.ts';

/** What the window shows of microphone and loudspeaker. */
export interface AudioState {
  /** A session runs or is being started. */
  session: 'off' | 'starting' | 'running';
  microphone: MicrophoneState;
  /** Names, as settings store them. */
  microphones: readonly string[];
  speakers: readonly string[];
  /** The browser lets no sound through before a click or key. */
  needsGesture: boolean;
}

/** The page's side of the voice: one microphone, one loudspeaker, one session. */
export interface VoiceIo {
  readonly state: StoreApi<AudioState>;
  /** Opens session, loudspeaker and microphone, each without waiting for the others. Rejects when the core refuses the session. */
  start(conversationId: string | null, mode: InputMode): Promise<void>;
  /** After the core has come back: it ended the session when it lost the page. Does nothing when none was open. */
  restart(conversationId: string | null, mode: InputMode): Promise<void>;
  stop(): Promise<void>;
  /**
   * While the owner is on the telephone the assistant must not listen: it would answer the call. Ends the session that runs; one that is asked for meanwhile
   * does not begin. The returned function ends that and tells whether there should be a session now: whoever held it starts it.
   */
  hold(): () => boolean;
  /** Tries the microphone again, e.g. after permission was given. */
  reopenMicrophone(): Promise<void>;
  /** Opens the microphone for its meter alone, without a session (first run, settings). The returned function ends that. */
  testMicrophone(): () => void;
  setMuted(muted: boolean): void;
  configureMicrophone(wishes: MicrophoneWishes): void;
  setSpeaker(device: string): void;
  /** 0..1. */
  setVolume(volume: number): void;
  /** Loudness now, 0..1; cheap enough for every frame. */
  microphoneLevel(): number;
  playbackLevel(): number;
  /** What people hear at a time of `performance.timeOrigin + performance.now()`: for the face. */
  heardAt(atMs: number): HeardSpeech | undefined;
  cue(cue: Cue): void;
  /** Where everything that the assistant says comes by, for a clip; opens the loudspeaker if none is. Undefined where there is no sound. */
  output(): Promise<SoundOutput | undefined>;
}

type InputReport = CallInput<'session.reportInput'>;

const NO_SPEAKER = {
  code: 'speaker.not-opened',
  message: 'The loudspeaker could not be opened. Answers are written, not spoken. Connect or choose another one and start talking again.',
  details: {},
};

/** How long a context may take to run before the page says that it needs a click. */
const GESTURE_PATIENCE_MS = 600;

export function createVoiceIo({ bridge, onProblem }: { bridge: Bridge; onProblem: (error: unknown) => void }): VoiceIo {
  const state = createStore<AudioState>()(() => ({
    session: 'off',
    microphone: { status: 'off' },
    microphones: [],
    speakers: [],
    needsGesture: false,
  }));
  let tests = 0;
  let ports: (() => void)[] = [];
  let reported = '';
  /** Each start and stop outdates the ones before it. */
  let attempt = 0;
  let holds = 0;
  /** A session ran, or was asked for, when it could not. */
  let isOwed = false;

  const microphone = createMicrophone({
    mediaDevices: navigator.mediaDevices,
    createGraph: createCaptureGraph,
    onState(next) {
      state.setState({ microphone: next });
      if (state.getState().session === 'running') void report(next);
    },
    onDevices: (devices) => state.setState({ microphones: devices.map((device) => device.name) }),
  });
  const clock = createSpeechClock();
  const speaker = createSpeaker({
    mediaDevices: navigator.mediaDevices,
    clock,
    // A report that is lost with its connection has no use afterwards.
    onReport: (playback) => void bridge.call('playback.report', playback).catch(() => undefined),
    onDevices: (devices) => state.setState({ speakers: devices.map((device) => device.name) }),
  });
  bridge.on('playback.command', speaker.obey);

  /** Each state is told once; opening and the microphone's own changes may see the same one. */
  const report = async (next: MicrophoneState): Promise<void> => {
    const input = inputReport(next);
    if (!input || JSON.stringify(input) === reported) return;
    reported = JSON.stringify(input);
    await bridge.call('session.reportInput', input).catch(() => undefined);
  };

  const checkGesture = async (): Promise<void> => {
    await Promise.race([Promise.allSettled([speaker.resume(), microphone.resume()]), delay(GESTURE_PATIENCE_MS)]);
    const needsGesture = speaker.needsGesture() || microphone.needsGesture();
    state.setState({ needsGesture });
    if (!needsGesture) return;
    const onGesture = (): void => {
      for (const type of ['pointerdown', 'keydown'] as const) removeEventListener(type, onGesture, true);
      void checkGesture();
    };
    for (const type of ['pointerdown', 'keydown'] as const) addEventListener(type, onGesture, true);
  };

  const openSpeaker = async (): Promise<void> => {
    try {
      await speaker.open();
    } catch {
      onProblem(new CallError(NO_SPEAKER));
    }
  };

  const start = async (conversationId: string | null, mode: InputMode): Promise<void> => {
    if (state.getState().session !== 'off') return;
    if (holds > 0) return void (isOwed = true);
    attempt += 1;
    const own = attempt;
    state.setState({ session: 'starting' });
    const sound = Promise.all([openSpeaker(), microphone.open()]).then(checkGesture);
    try {
      const { sessionId } = await bridge.call('session.start', { conversationId, mode });
      // Stopped meanwhile: `session.stop` was sent behind this call and has ended it.
      if (own !== attempt) return;
      if (sessionId === null) return state.setState({ session: 'off' });
      ports = [bridge.openAudioPort(sessionId, 'capture', microphone.attach), bridge.openAudioPort(sessionId, 'playback', speaker.attach)];
      reported = '';
      state.setState({ session: 'running' });
    } catch (error) {
      if (own !== attempt) return;
      state.setState({ session: 'off' });
      if (tests === 0) microphone.close();
      throw error;
    }
    await sound;
    if (own === attempt) await report(microphone.state());
  };

  const closePorts = (): void => {
    for (const close of ports) close();
    ports = [];
  };

  const stop = async (): Promise<void> => {
    // Also when the core says that the session is over which was taken away for a call: that one is still owed.
    if (state.getState().session === 'off') return;
    isOwed = false;
    attempt += 1;
    state.setState({ session: 'off' });
    closePorts();
    if (tests === 0) microphone.close();
    await bridge.call('session.stop', {});
  };

  // A computer that wakes up may have put the sound to sleep.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && state.getState().session === 'running') void checkGesture();
  });

  return {
    state,
    start,
    async restart(conversationId, mode) {
      if (state.getState().session !== 'running') return;
      closePorts();
      state.setState({ session: 'off' });
      await start(conversationId, mode);
    },
    stop,
    hold() {
      const wasOn = state.getState().session !== 'off';
      holds += 1;
      // The core may be away: it ends the session of a page that is gone by itself.
      stop().catch(onProblem);
      isOwed ||= wasOn;
      let isHeld = true;
      return () => {
        if (isHeld) holds -= 1;
        isHeld = false;
        if (holds > 0 || !isOwed) return false;
        isOwed = false;
        return true;
      };
    },
    reopenMicrophone: microphone.open,
    testMicrophone() {
      tests += 1;
      if (state.getState().session === 'off' && microphone.state().status === 'off') void microphone.open().then(checkGesture);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        tests -= 1;
        if (tests === 0 && state.getState().session === 'off') microphone.close();
      };
    },
    setMuted: microphone.setMuted,
    configureMicrophone: microphone.configure,
    setSpeaker: speaker.setDevice,
    setVolume: speaker.setVolume,
    microphoneLevel: microphone.level,
    playbackLevel: speaker.level,
    heardAt: clock.heardAt,
    cue(cue) {
      const destination = speaker.destination();
      if (destination && !speaker.needsGesture()) playCue(cue, destination);
    },
    async output() {
      try {
        await speaker.open();
      } catch {
        return undefined;
      }
      return speaker.destination();
    },
  };
}

/** `off` and `opening` are the page's own doing and nothing to report. */
function inputReport(state: MicrophoneState): InputReport | undefined {
  switch (state.status) {
    case 'off':
    case 'opening':
      return undefined;
    case 'none':
    case 'denied':
      return { status: state.status };
    case 'ok':
    case 'ended':
    case 'stalled':
      return { status: state.status, device: state.device.slice(0, 300) };
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
