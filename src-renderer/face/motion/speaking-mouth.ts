import type { ArkitName, FaceWeights, TalkState } from '../../../src-preload/contract/index.ts';
import { approach, clamp, ease, wander } from './curves.ts';
import { mouthAt } from './mouth.ts';
import type { HeardSpeech } from './motion-inputs.ts';
import { arkitNames } from './visemes.ts';

/** The mouth over time: opens with the speech, stays with it, and closes when somebody cuts in. */
export interface SpeakingMouth {
  at(atMs: number, talk: TalkState, speech: HeardSpeech | undefined): FaceWeights;
  /** Speech is heard and not cut off, as of the last call. */
  isSpeaking(): boolean;
  /** The lips are under way, so that every frame counts. */
  isMoving(atMs: number): boolean;
}

/** Somebody cuts in: the mouth stands still for a moment and is closed 130 ms later. Less looks like a trap shutting, more like not listening. */
const FROZEN_MS = 35;
const CLOSING_MS = 95;
/** Speech that goes on in the middle of a word opens the mouth softly. */
const OPENING_MS = 50;
/** Sound that goes on so long behind the last timing has none: the mouth goes by its loudness. */
const UNTIMED_MS = 80;

export function createSpeakingMouth({ reach, phase }: { reach: number; phase: number }): SpeakingMouth {
  let shown: FaceWeights = {};
  let frozen: FaceWeights = {};
  let stoppedMs = -Infinity;
  let sinceMs: number | undefined;
  let wasSpeaking = false;
  /** The utterance that was cut off: its late sound moves nothing. */
  let cutOff: string | undefined;
  let loudness = 0;
  let lastMs: number | undefined;

  const isCutOff = (talk: TalkState, speech: HeardSpeech): boolean => {
    const mayGoOn = talk.state === 'ready' || (talk.state === 'speaking' && !talk.paused);
    if (wasSpeaking && !mayGoOn) cutOff = speech.utteranceId;
    else if (talk.state === 'speaking' && !talk.paused && cutOff === speech.utteranceId) cutOff = undefined;
    wasSpeaking = talk.state === 'speaking' && !talk.paused;
    return cutOff === speech.utteranceId;
  };

  return {
    at(atMs, talk, speech) {
      const elapsedMs = lastMs === undefined ? 0 : Math.max(0, atMs - lastMs);
      lastMs = atMs;
      if (!speech) wasSpeaking = talk.state === 'speaking' && !talk.paused;
      const speaks = speech !== undefined && !isCutOff(talk, speech) && speech.isFlowing;
      const target = speech && speaks ? speech.loudness : 0;
      loudness += (target - loudness) * approach(elapsedMs, target > loudness ? 30 : 60);
      if (speech && speaks) {
        sinceMs ??= atMs;
        const wanted = isTimed(speech) ? mouthAt(speech.units, speech.positionMs, reach) : byLoudness(loudness * reach, atMs, phase);
        shown = scaled(wanted, ease((atMs - sinceMs + OPENING_MS / 2) / OPENING_MS));
        return shown;
      }
      if (sinceMs !== undefined) {
        frozen = shown;
        stoppedMs = atMs;
      }
      sinceMs = undefined;
      shown = scaled(frozen, 1 - ease((atMs - stoppedMs - FROZEN_MS) / CLOSING_MS));
      return shown;
    },
    isSpeaking: () => sinceMs !== undefined,
    isMoving: (atMs) => sinceMs !== undefined || atMs - stoppedMs < FROZEN_MS + CLOSING_MS + 50,
  };
}

function isTimed({ units, positionMs }: HeardSpeech): boolean {
  const last = units.at(-1);
  return last !== undefined && positionMs <= last.endMs + UNTIMED_MS;
}

/** An engine that tells nothing: the jaw goes with the sound, the lips wander between wide and round. */
function byLoudness(loudness: number, atMs: number, phase: number): FaceWeights {
  const open = clamp((loudness - 0.12) / 0.75, 0, 1);
  if (open < 0.02) return {};
  const round = 0.5 + 0.5 * wander(atMs, 620, phase);
  const weights: FaceWeights = { jawOpen: 0.38 * open };
  for (const name of arkitNames('mouthLowerDown')) weights[name] = 0.14 * open;
  for (const name of arkitNames('mouthStretch')) weights[name] = 0.18 * open * (1 - round);
  weights.mouthFunnel = 0.28 * open * round;
  return weights;
}

function scaled(weights: FaceWeights, factor: number): FaceWeights {
  if (factor >= 1) return weights;
  const result: FaceWeights = {};
  if (factor <= 0) return result;
  for (const [name, value] of Object.entries(weights) as [ArkitName, number][]) result[name] = value * factor;
  return result;
}
