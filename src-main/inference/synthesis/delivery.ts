import type { SpeechStyle } from '../contracts/index.ts';
import type { VoiceShift } from '../pitch/voice-shifter.ts';

/** What a style comes down to: what the engine does, and what is done to its sound. */
export interface Delivery {
  emotion: SpeechStyle['emotion'];
  /** 0.5..2 */
  speed: number;
  drawl: number;
  liveliness: number;
  shift: VoiceShift;
  gain: number;
  /** Factor of the pauses between sentences at normal speed. */
  pauses: number;
}

interface Manner {
  speed: number;
  pitch: number;
  range: number;
  gain: number;
  pauses: number;
  liveliness: number;
}

/** Small steps: somebody in a mood, not somebody who plays one. */
const MANNERS: Record<SpeechStyle['emotion'], Manner> = {
  neutral: { speed: 1, pitch: 0, range: 1, gain: 1, pauses: 1, liveliness: 1 },
  energetic: { speed: 1.1, pitch: 0.8, range: 1.3, gain: 1.25, pauses: 0.8, liveliness: 1.2 },
  calm: { speed: 0.92, pitch: -0.6, range: 0.85, gain: 0.8, pauses: 1.4, liveliness: 0.8 },
};

const PLAIN: SpeechStyle = { pitch: 0, formant: 0, emotion: 'neutral', pauses: 1, drawl: 0 };

/** Numbers outside of what was agreed are brought back to it; no number counts as the usual one. */
export function deliveryOf(speed: number, style: SpeechStyle = PLAIN): Delivery {
  const manner = MANNERS[style.emotion];
  return {
    emotion: style.emotion,
    speed: within(speed, 0.5, 2, 1) * manner.speed,
    drawl: within(style.drawl, 0, 1, 0),
    liveliness: manner.liveliness,
    shift: {
      pitch: within(style.pitch, -12, 12, 0) + manner.pitch,
      formant: within(style.formant, -4, 4, 0),
      range: manner.range,
    },
    gain: manner.gain,
    pauses: within(style.pauses, 0.3, 4, 1) * manner.pauses,
  };
}

function within(value: number, least: number, most: number, usual: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : usual;
}
