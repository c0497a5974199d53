import { joinSamples, levelDecibels } from '../../../platform/audio/index.ts';
import { AVR_SAMPLE_RATE_HZ } from './avr-engines.ts';

const FRAME = (AVR_SAMPLE_RATE_HZ * 20) / 1000;
const frames = (durationMs: number): number => Math.round(durationMs / 20);

/** Louder than the room by this much, and than any room, is somebody who speaks. */
const OVER_ROOM_DB = 10;
const QUIETEST_SPEECH_DB = -52;
const ROOM_AT_FIRST_DB = -65;
/** How fast the room's level follows louder frames; quieter ones it follows at once. */
const ROOM_RISE = 0.02;
const ONSET_FRAMES = frames(60);
const PRE_ROLL_FRAMES = frames(300);
const END_FRAMES = frames(700);
const SHORTEST_FRAMES = frames(160);
/** What recognisers take in one go. */
const LONGEST_FRAMES = frames(26_000);

/**
 * Cuts a stream of 8 kHz sound into utterances by loudness alone: somebody speaks until 0.7 s of quiet, or for 26 s. The recogniser looks for voice in each
 * once more, so that a slammed door becomes no words.
 */
export async function* utterancesIn(sound: AsyncIterable<Float32Array>): AsyncGenerator<Float32Array> {
  const before: Float32Array[] = [];
  let spoken: Float32Array[] | undefined;
  let loud = 0;
  let quiet = 0;
  let voiced = 0;
  let roomDb = ROOM_AT_FIRST_DB;
  for await (const frame of framesOf(sound)) {
    const decibels = levelDecibels(frame);
    const isLoud = decibels > Math.max(QUIETEST_SPEECH_DB, roomDb + OVER_ROOM_DB);
    if (!isLoud) roomDb = decibels < roomDb ? decibels : roomDb + (decibels - roomDb) * ROOM_RISE;
    loud = isLoud ? loud + 1 : 0;
    if (spoken === undefined) {
      before.push(frame);
      if (before.length > PRE_ROLL_FRAMES + ONSET_FRAMES) before.shift();
      if (loud < ONSET_FRAMES) continue;
      spoken = before.splice(0);
      quiet = 0;
      voiced = loud;
      continue;
    }
    spoken.push(frame);
    quiet = isLoud ? 0 : quiet + 1;
    if (isLoud) voiced += 1;
    if (quiet < END_FRAMES && spoken.length < LONGEST_FRAMES) continue;
    if (voiced >= SHORTEST_FRAMES) yield joinSamples(spoken);
    spoken = undefined;
  }
  if (spoken !== undefined && voiced >= SHORTEST_FRAMES) yield joinSamples(spoken);
}

async function* framesOf(sound: AsyncIterable<Float32Array>): AsyncGenerator<Float32Array> {
  let rest: Float32Array = new Float32Array(0);
  for await (const piece of sound) {
    const samples: Float32Array = rest.length === 0 ? piece : joinSamples([rest, piece]);
    const whole = samples.length - (samples.length % FRAME);
    for (let start = 0; start < whole; start += FRAME) yield samples.slice(start, start + FRAME);
    rest = samples.slice(whole);
  }
}
