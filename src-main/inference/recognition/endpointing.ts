import { VOICE_FRAME_SAMPLES, type ListenOptions } from '../contracts/index.ts';

/**
 * Finds speech in the stream of voice probabilities, one frame of 32 ms after the other. Positions are samples since the session began.
 *
 *   silence --(minSpeechMs above onThreshold)--> speaking --(pauseMs below offThreshold)--> paused --(voice again)--> speaking
 *                                                            paused --(endMs | end())--> silence
 */
export type EndpointEvent =
  | { type: 'start'; onsetSample: number; audioFromSample: number }
  | { type: 'pause'; revision: number; endSample: number }
  | { type: 'resume'; revision: number }
  | { type: 'end'; revision: number; endSample: number };

export interface Endpointing {
  /** Takes the probability of the next frame; `pastSample` is where that frame ends. */
  frame(probability: number, pastSample: number): EndpointEvent[];
  /** Ends the speech in progress now. */
  end(): EndpointEvent[];
  state(): 'silence' | 'speaking' | 'paused';
}

type EndpointOptions = Pick<ListenOptions, 'onThreshold' | 'offThreshold' | 'minSpeechMs' | 'pauseMs' | 'endMs' | 'preRollMs' | 'manual'>;

const FRAME_MS = (VOICE_FRAME_SAMPLES / 16_000) * 1000;
const SAMPLES_PER_MS = 16;
/** A speaker who comes back after a pause needs this much voice: shorter is a click. */
const RESUME_MS = 64;

type State =
  | { name: 'silence'; voicedMs: number; onsetSample: number }
  | { name: 'speaking'; revision: number; silentMs: number; endSample: number }
  | { name: 'paused'; revision: number; silentMs: number; endSample: number; voicedMs: number };

/** `options` is read at every frame, so that changes take effect at once. */
export function createEndpointing(options: () => EndpointOptions): Endpointing {
  let state: State = { name: 'silence', voicedMs: 0, onsetSample: 0 };
  let lastEndSample = 0;

  const toSilence = (): void => {
    state = { name: 'silence', voicedMs: 0, onsetSample: 0 };
  };

  const inSilence = (silence: Extract<State, { name: 'silence' }>, probability: number, pastSample: number): EndpointEvent[] => {
    const { onThreshold, offThreshold, minSpeechMs, preRollMs } = options();
    if (silence.voicedMs === 0 ? probability < onThreshold : probability < offThreshold) {
      silence.voicedMs = 0;
      return [];
    }
    if (silence.voicedMs === 0) silence.onsetSample = pastSample - VOICE_FRAME_SAMPLES;
    silence.voicedMs += FRAME_MS;
    if (silence.voicedMs < minSpeechMs) return [];
    const { onsetSample } = silence;
    state = { name: 'speaking', revision: 0, silentMs: 0, endSample: pastSample };
    // Never into the speech before: its words would be heard twice.
    return [{ type: 'start', onsetSample, audioFromSample: Math.max(lastEndSample, onsetSample - preRollMs * SAMPLES_PER_MS, 0) }];
  };

  const inSpeech = (speaking: Extract<State, { name: 'speaking' }>, probability: number, pastSample: number): EndpointEvent[] => {
    if (probability >= options().offThreshold) {
      speaking.silentMs = 0;
      speaking.endSample = pastSample;
      return [];
    }
    speaking.silentMs += FRAME_MS;
    if (speaking.silentMs < options().pauseMs) return [];
    const { revision, silentMs, endSample } = speaking;
    state = { name: 'paused', revision, silentMs, endSample, voicedMs: 0 };
    return [{ type: 'pause', revision, endSample }];
  };

  const inPause = (pause: Extract<State, { name: 'paused' }>, probability: number, pastSample: number): EndpointEvent[] => {
    const { onThreshold, endMs, manual } = options();
    pause.silentMs += FRAME_MS;
    pause.voicedMs = probability >= onThreshold ? pause.voicedMs + FRAME_MS : 0;
    if (pause.voicedMs >= RESUME_MS) {
      state = { name: 'speaking', revision: pause.revision + 1, silentMs: 0, endSample: pastSample };
      return [{ type: 'resume', revision: pause.revision }];
    }
    if (manual || pause.silentMs < endMs) return [];
    return endpointing.end();
  };

  const endpointing: Endpointing = {
    frame(probability, pastSample) {
      switch (state.name) {
        case 'silence':
          return inSilence(state, probability, pastSample);
        case 'speaking':
          return inSpeech(state, probability, pastSample);
        case 'paused':
          return inPause(state, probability, pastSample);
      }
    },
    end() {
      if (state.name === 'silence') return [];
      const { name, revision, endSample } = state;
      lastEndSample = endSample;
      toSilence();
      const end: EndpointEvent = { type: 'end', revision, endSample };
      return name === 'speaking' ? [{ type: 'pause', revision, endSample }, end] : [end];
    },
    state: () => state.name,
  };
  return endpointing;
}
