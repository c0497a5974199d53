import { joinSamples } from '../../platform/audio/index.ts';
import { findFundamental } from './fundamental.ts';
import type { StretchLibrary } from './stretch-library.ts';
import { createLattice, createThroatFinder, createThroatScaler, throatOrder, type Throat } from './throat.ts';

/** How a voice is changed. */
export interface VoiceShift {
  /** Semitones, -12..12. */
  pitch: number;
  /** Resonances of the throat, semitones, -4..4. */
  formant: number;
  /** Melody: 1 = as spoken, 1.3 = a third wider around its middle. */
  range: number;
}

/** Sound that `push` keeps back until more comes: the library's two windows and half a throat. */
export const SHIFTER_DELAY_MS = 95;

/** Changes the voice of one stream. As much sound comes out as went in, in the same place; what is not ready yet waits for more, or for `flush`. */
export interface VoiceShifter {
  push(samples: Float32Array): Float32Array;
  /** The stream is over: the rest. The shifter is not used again. */
  flush(): Float32Array;
}

/** Throats are looked for at this distance, in windows of three of it. */
const HOP_MS = 10;
/** Short windows keep plosives sharp, but the partials of a deep voice must still be told apart: below 80 ms it turns rough when it is moved down. */
const BLOCK_MS = 80;
/** Voices fall by 6 dB an octave; without that the throat is found better. */
const EMPHASIS = 0.94;
/** Up to here formants stay where they are; beyond they follow with this share, or a child would speak with a giant's mouth. */
const FIXED_SEMITONES = 4;
const FOLLOW = 0.3;
/** A voice of fewer partials has less energy, about this many dB a semitone: where the loudness is measured from. */
const LOSS_DB = 0.45;
/** Share of the past that still counts in the loudness after a hop: about a second. */
const LOUDNESS_KEPT = 0.99;
/** A voice this clear has a melody. */
const VOICED = 0.7;
/** Share of a new pitch in the running middle of the melody, each hop: about a third of a second. */
const MIDDLE_SHARE = 0.03;

/** False = nothing would change, and no shifter is needed. */
export function changesVoice(shift: VoiceShift): boolean {
  return shift.pitch !== 0 || shift.formant !== 0 || shift.range !== 1;
}

/**
 * The throat is taken out of the voice, what is left (the buzz of the vocal cords and the noise of the breath) is moved by the library, and the throat
 * is put back in its place: so the pitch changes and the person stays. Needs {@link SHIFTER_DELAY_MS} of sound ahead.
 */
export function createVoiceShifter(library: StretchLibrary, sampleRateHz: number, shift: VoiceShift): VoiceShifter {
  const half = Math.round((HOP_MS / 2000) * sampleRateHz);
  const hop = half * 2;
  const order = throatOrder(sampleRateHz);
  const findThroat = createThroatFinder(sampleRateHz, hop * 3);
  const scale = throatScale(order, shift);
  const melody = createMelody(sampleRateHz, shift);
  const removal = { lattice: createLattice(order), mix: createThroatMixer(order) };
  const application = { lattice: createLattice(order), mix: createThroatMixer(order) };
  library.begin({ sampleRateHz, blockMs: BLOCK_MS, semitones: shift.pitch });

  /** Emphasised sound from half a hop before the next hop on; a throat is found around the end of its hop. */
  let held: Float32Array = new Float32Array(half);
  let throat: Throat = new Float64Array(order);
  /** Throats at the borders of the hops that have not come out yet, oldest first. */
  const borders: Throat[] = [throat];
  let lastInput = 0;
  let lastOutput = 0;
  let received = 0;
  const loudness = createLoudnessKeeper(shift.pitch);
  /** Samples that came out of the library; those of its delay are thrown away. */
  let moved = -library.delaySamples();

  const finish = (residual: Float32Array): Float32Array => {
    const output = residual.subarray(Math.min(residual.length, Math.max(0, -moved)));
    moved += residual.length - output.length;
    const emphasised = output.map((sample) => {
      const [from = throat, to = throat] = borders;
      const share = (moved % hop) / hop;
      moved += 1;
      if (moved % hop === 0) borders.shift();
      return application.lattice.apply(sample, application.mix(from, to, share));
    });
    const gain = loudness.hear(emphasised);
    return emphasised.map((sample) => (lastOutput = sample * gain + EMPHASIS * lastOutput));
  };

  const takeHop = (): Float32Array => {
    const former = throat;
    throat = findThroat(held.subarray(0, hop * 3));
    borders.push(scale(throat));
    const own = held.subarray(half, half + hop);
    const residual = own.map((sample, at) => removal.lattice.remove(sample, removal.mix(former, throat, at / hop)));
    loudness.expect(own);
    library.transpose(melody(held.subarray(0, hop * 3)));
    held = held.slice(hop);
    return finish(library.process(residual));
  };

  const push = (samples: Float32Array): Float32Array => {
    received += samples.length;
    const emphasised = samples.map((sample) => {
      const value = sample - EMPHASIS * lastInput;
      lastInput = sample;
      return value;
    });
    held = joinSamples([held, emphasised]);
    const pieces: Float32Array[] = [];
    while (held.length >= hop * 3) pieces.push(takeHop());
    return joinSamples(pieces);
  };

  return {
    push,
    flush() {
      const wanted = received - Math.max(0, moved);
      return push(new Float32Array(library.delaySamples() + hop * 3)).slice(0, wanted);
    },
  };
}

const REHEARSAL_MS = 1500;
const REHEARSAL_RATE_HZ = 22_050;
const REHEARSAL_VOICE_HZ = 110;

/**
 * Changes a voice that nobody hears: the first sentence through a shifter takes twice as long as the later ones (its code is compiled while it runs),
 * and would be heard with a gap in its first word.
 */
export function rehearse(library: StretchLibrary): void {
  const shifter = createVoiceShifter(library, REHEARSAL_RATE_HZ, { pitch: 4, formant: 2, range: 1 });
  const length = Math.round((REHEARSAL_MS / 1000) * REHEARSAL_RATE_HZ);
  shifter.push(Float32Array.from({ length }, (_value, at) => 0.2 * (((2 * at * REHEARSAL_VOICE_HZ) / REHEARSAL_RATE_HZ) % 2) - 0.2));
  shifter.flush();
}

/** Keeps a voice as loud as it was: gives the factor between what went in and what comes out, over the last second. */
function createLoudnessKeeper(pitch: number): { expect(samples: Float32Array): void; hear(samples: Float32Array): number } {
  // As loud as a quiet voice, so that the first hops decide little.
  let heard = 0.1;
  let expected = heard * 10 ** ((LOSS_DB * Math.max(0, pitch)) / 10);
  /** Energy of the hops that are still on their way. */
  const coming: number[] = [];
  return {
    expect: (samples) => void coming.push(energyOf(samples)),
    hear(samples) {
      if (samples.length === 0) return 1;
      expected = expected * LOUDNESS_KEPT + (coming.shift() ?? 0);
      heard = heard * LOUDNESS_KEPT + energyOf(samples);
      return Math.min(3, Math.sqrt(expected / heard));
    },
  };
}

function energyOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

/** A throat between two others, `share` 0..1 of the way; the same array each time. */
function createThroatMixer(order: number): (from: Throat, to: Throat, share: number) => Throat {
  const mixed = new Float64Array(order);
  return (from, to, share) => {
    for (let at = 0; at < order; at += 1) mixed[at] = (from[at] ?? 0) * (1 - share) + (to[at] ?? 0) * share;
    return mixed;
  };
}

function throatScale(order: number, { pitch, formant }: VoiceShift): (throat: Throat) => Throat {
  const beyond = Math.sign(pitch) * Math.max(0, Math.abs(pitch) - FIXED_SEMITONES);
  const semitones = formant + FOLLOW * beyond;
  return semitones === 0 ? (throat) => throat : createThroatScaler(order, 2 ** (semitones / 12));
}

/** How far the pitch is to be moved at a place of the sound: always the same, or further where the voice is far from its middle. */
function createMelody(sampleRateHz: number, { pitch, range }: VoiceShift): (window: Float32Array) => number {
  if (range === 1) return () => pitch;
  let middle: number | undefined;
  let semitones = pitch;
  return (window) => {
    const found = findFundamental(window, sampleRateHz);
    if (found && found.clarity > VOICED) {
      const height = 12 * Math.log2(found.hz);
      middle ??= height;
      // A period found twice as long is an octave, not a melody.
      const away = height - middle - 12 * Math.round((height - middle) / 12);
      middle += MIDDLE_SHARE * away;
      semitones += (pitch + (range - 1) * away - semitones) / 2;
    }
    return semitones;
  };
}
