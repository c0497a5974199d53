import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../base/atomic-file.ts';

/*
 * What a caller hears on hold: made here, so that nobody else has a right in it. Four quiet chords, each broken up into single notes that ring out; after the last
 * one it begins anew without a seam.
 */

const RATE_HZ = 16_000;
const NOTE_SECONDS = 0.6;
const RING_SECONDS = 2.4;
/** Of full scale, of one note; about four ring at the same time. */
const LEVEL = 0.055;
/** C, a, F, G as keys of a piano (60 = middle C, 261.6 Hz). */
const CHORDS = [
  [60, 64, 67, 72],
  [57, 60, 64, 69],
  [53, 57, 60, 65],
  [55, 59, 62, 67],
] as const;
const ORDER = [0, 1, 2, 3, 2, 1] as const;

/** Asterisk's name for this kind of file: samples of 16 bits at 16 kHz, nothing else. */
const FILE = 'hold.sln16';

/** 14.4 s, mono. */
export function holdMusic(): Int16Array {
  const notes = CHORDS.flatMap((chord) => ORDER.map((index) => chord[index]));
  const spacing = Math.round(NOTE_SECONDS * RATE_HZ);
  const mix = new Float64Array(notes.length * spacing);
  notes.forEach((key, place) => {
    const hz = 440 * 2 ** ((key - 69) / 12);
    for (let at = 0; at < RING_SECONDS * RATE_HZ; at += 1) {
      const seconds = at / RATE_HZ;
      // Rises within 20 ms, falls to nothing at its end: no click.
      const strength = Math.min(1, seconds / 0.02) * (1 - seconds / RING_SECONDS) ** 2;
      const turn = 2 * Math.PI * hz * seconds;
      const index = (place * spacing + at) % mix.length;
      mix[index] = (mix[index] ?? 0) + LEVEL * strength * (Math.sin(turn) + 0.25 * Math.sin(2 * turn));
    }
  });
  return Int16Array.from(mix, (sample) => Math.round(sample * 32_767));
}

/** Puts the music into the folder that Asterisk plays from, where it is not there yet; its path. */
export async function writeHoldMusic(folder: string): Promise<string> {
  const samples = holdMusic();
  const bytes = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, index) => bytes.writeInt16LE(sample, index * 2));
  const file = join(folder, FILE);
  const known = await readFile(file).catch(() => undefined);
  if (known === undefined || !known.equals(bytes)) await writeFileAtomically(file, bytes);
  return file;
}
