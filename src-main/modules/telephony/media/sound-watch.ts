import { levelDecibels } from '../../../platform/audio/index.ts';
import { FRAME_MS } from './leg-line.ts';
import { createToneDetector } from './tone-detector.ts';

export type HeardSound = 'speech' | 'nothing-comes' | 'comes-again' | 'tone' | 'music' | 'music-ends';

/** Listens to what kind of sound comes from the other end, not to what it says. */
export interface SoundWatch {
  /** What came. */
  frame(frame: Float32Array, rateHz: number): void;
  /** Once per 20 ms of the wall clock, whether something came or not. */
  tick(): void;
}

/** Without a frame for so long, the line is one-way. Frames of silence are a telephone that is muted or leaves out pauses: no trouble of the line. */
const NOTHING_MS = 5_000;
const SPEECH_DECIBELS = -45;
const SPEECH_ABOVE_NOISE_DECIBELS = 9;
const SPEECH_FRAMES = 8;
const QUIET_BEFORE_SPEECH_FRAMES = 50;
/** Music has no pauses: of eight seconds, fewer than this share of the frames is far below the mean of its second. Speech has a quarter and more. */
const MUSIC_MS = 8_000;
const MUSIC_LOW_SHARE = 0.06;
/** Two seconds of pauses in a row are somebody who speaks. */
const SPEECH_LOW_SHARE = 0.15;
const SPEECH_SECONDS = 2;
const SECOND_FRAMES = 1000 / FRAME_MS;

export function createSoundWatch(tell: (what: HeardSound) => void): SoundWatch {
  const tone = createToneDetector();
  const music = createMusicEar();
  let emptyTicks = 0;
  let nothingTold = false;
  let noiseDecibels = -60;
  let speechFrames = 0;
  let quietFrames = QUIET_BEFORE_SPEECH_FRAMES;
  let speechTold = false;

  const hearSpeech = (level: number): void => {
    noiseDecibels = level < noiseDecibels ? level : Math.min(-50, noiseDecibels + 0.02);
    if (level > Math.max(SPEECH_DECIBELS, noiseDecibels + SPEECH_ABOVE_NOISE_DECIBELS)) {
      speechFrames += 1;
      quietFrames = 0;
      if (speechTold || speechFrames < SPEECH_FRAMES) return;
      speechTold = true;
      tell('speech');
      return;
    }
    quietFrames += 1;
    if (quietFrames > SPEECH_FRAMES) speechFrames = 0;
    if (quietFrames >= QUIET_BEFORE_SPEECH_FRAMES) speechTold = false;
  };

  return {
    frame(frame, rateHz) {
      emptyTicks = 0;
      if (nothingTold) tell('comes-again');
      nothingTold = false;
      if (tone.hear(frame, rateHz)) tell('tone');
      const level = levelDecibels(frame);
      hearSpeech(level);
      const change = music.hear(level);
      if (change) tell(change);
    },
    tick() {
      emptyTicks += 1;
      if (nothingTold || emptyTicks * FRAME_MS < NOTHING_MS) return;
      nothingTold = true;
      tell('nothing-comes');
    },
  };
}

/** Tells music (and any noise that never pauses) from speech by its evenness, and when it has come to an end. */
function createMusicEar() {
  let second: number[] = [];
  let lows: number[] = [];
  let told = false;
  const over = (): 'music-ends' | undefined => {
    const was = told;
    lows = [];
    told = false;
    return was ? 'music-ends' : undefined;
  };
  return {
    hear(level: number): 'music' | 'music-ends' | undefined {
      second.push(level);
      if (second.length < SECOND_FRAMES) return undefined;
      const powers = second.map((decibels) => 10 ** (decibels / 10));
      const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
      const isSounding = mean > 10 ** (SPEECH_DECIBELS / 10);
      second = [];
      if (!isSounding) return over();
      // A quarter of the mean amplitude.
      lows = [...lows, powers.filter((power) => power < mean / 16).length / powers.length].slice(-MUSIC_MS / 1000);
      if (told) return lows.slice(-SPEECH_SECONDS).every((low) => low > SPEECH_LOW_SHARE) ? over() : undefined;
      if (lows.length < MUSIC_MS / 1000) return undefined;
      told = lows.reduce((sum, low) => sum + low, 0) / lows.length < MUSIC_LOW_SHARE;
      return told ? 'music' : undefined;
    },
  };
}
