import { createStore } from 'zustand/vanilla';
import type { Bridge } from '../../src-preload/contract/index.ts';
import type { AudioState, VoiceIo } from '../../src-renderer/audio/voice-io.ts';

/** The voice of a page without sound: asks the bridge for sessions as the real one does, and writes down whether the microphone was muted. */
export interface FakeVoiceIo extends VoiceIo {
  readonly muted: boolean[];
}

export function createFakeVoiceIo(bridge: Bridge): FakeVoiceIo {
  const state = createStore<AudioState>()(() => ({
    session: 'off',
    microphone: { status: 'off' },
    microphones: [],
    speakers: [],
    needsGesture: false,
  }));
  const muted: boolean[] = [];
  let holds = 0;
  let isOwed = false;
  const stop: VoiceIo['stop'] = async () => {
    if (state.getState().session === 'off') return;
    isOwed = false;
    state.setState({ session: 'off' });
    await bridge.call('session.stop', {});
  };
  const start: VoiceIo['start'] = async (conversationId, mode) => {
    if (state.getState().session !== 'off') return;
    if (holds > 0) return void (isOwed = true);
    state.setState({ session: 'starting' });
    await bridge.call('session.start', { conversationId, mode });
    if (state.getState().session === 'starting') state.setState({ session: 'running' });
  };
  return {
    state,
    muted,
    start,
    async restart(conversationId, mode) {
      if (state.getState().session !== 'running') return;
      state.setState({ session: 'off' });
      await start(conversationId, mode);
    },
    stop,
    hold() {
      const wasOn = state.getState().session !== 'off';
      holds += 1;
      void stop();
      isOwed ||= wasOn;
      return () => {
        holds -= 1;
        const isDue = holds === 0 && isOwed;
        if (isDue) isOwed = false;
        return isDue;
      };
    },
    setMuted: (value) => void muted.push(value),
    reopenMicrophone: notImplemented,
    testMicrophone: notImplemented,
    configureMicrophone: () => undefined,
    setSpeaker: () => undefined,
    setVolume: () => undefined,
    microphoneLevel: () => 0,
    playbackLevel: () => 0,
    heardAt: () => undefined,
    cue: () => undefined,
    output: async () => undefined,
  };
}

function notImplemented(): never {
  throw new Error('The fake voice does not do this');
}
