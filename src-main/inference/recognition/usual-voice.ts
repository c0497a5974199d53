/**
 * Knows how loud the user usually is, so that the assistant's own voice, coming back from its loudspeaker, is not taken for the user: what echo
 * cancellation leaves of it is far quieter. (A recogniser hears other words in such sound, so comparing texts alone lets it through.)
 */
export interface UsualVoice {
  /** A frame (dBFS) in which the detector was sure of a voice while the assistant was silent. */
  learn(frameDecibels: number): void;
  /** The speech with these frames is over. */
  endSpeech(): void;
  /** True when the frame is too quiet to be the user; never before a whole speech was heard. */
  isTooQuiet(frameDecibels: number): boolean;
}

/**
 * Below the loudest frame of the user's usual speech. Most frames of speech lie within 12 dB of the loudest; an echo at -24 dB has none above this, and
 * somebody who has gone two or three times farther away still has some.
 */
const DISTANCE_DB = 20;
/** How far one speech changes what is usual. */
const ADAPTATION = 0.5;

export function createUsualVoice(): UsualVoice {
  let usualPeak: number | undefined;
  let peak = Number.NEGATIVE_INFINITY;
  return {
    learn(frame) {
      peak = Math.max(peak, frame);
    },
    endSpeech() {
      if (Number.isFinite(peak)) usualPeak = usualPeak === undefined ? peak : usualPeak + (peak - usualPeak) * ADAPTATION;
      peak = Number.NEGATIVE_INFINITY;
    },
    isTooQuiet: (frame) => usualPeak !== undefined && frame < usualPeak - DISTANCE_DB,
  };
}
