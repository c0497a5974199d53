import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLattice, createThroatFinder, createThroatScaler, throatOrder } from '../../../../src-main/inference/pitch/throat.ts';
import { VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

const RATE_HZ = 22_050;
const ORDER = throatOrder(RATE_HZ);
const WINDOW = 660;
const sound = vowelSound({ hz: 110, formants: VOWELS.a, durationMs: 200, sampleRateHz: RATE_HZ });
const throat = createThroatFinder(RATE_HZ, WINDOW)(sound.subarray(1000, 1000 + WINDOW));

const energy = (samples: Float32Array): number => samples.reduce((sum, sample) => sum + sample * sample, 0);

describe('createThroatFinder', () => {
  it('finds a throat without which little of a vowel is left', () => {
    const lattice = createLattice(ORDER);
    const rest = sound.map((sample) => lattice.remove(sample, throat));
    expect(energy(rest.subarray(1000)) / energy(sound.subarray(1000))).toBeLessThan(0.1);
  });

  it('finds none in silence', () => {
    expect(createThroatFinder(RATE_HZ, WINDOW)(new Float32Array(WINDOW)).every((value) => value === 0)).toBe(true);
  });
});

describe('createLattice', () => {
  it('gives the sound back when the throat that was removed is applied, also one that changes all the time', () => {
    const reflection = fc.double({ min: -0.6, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(reflection, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 5 }), (list) => {
        const throats = list.map((values) => Float64Array.from(values));
        const [removal, application] = [createLattice(6), createLattice(6)];
        for (let at = 0; at < 300; at += 1) {
          const own = throats[at % throats.length] ?? new Float64Array(6);
          const sample = Math.sin(at) * 0.5;
          expect(application.apply(removal.remove(sample, own), own)).toBeCloseTo(sample, 4);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('createThroatScaler', () => {
  it('gives back the same throat for a factor of one', () => {
    const soft = Float64Array.of(-0.7, 0.4, -0.2, 0.3);
    const same = createThroatScaler(4, 1)(soft);
    expect(same.every((value, index) => Math.abs(value - (soft[index] ?? 9)) < 1e-3)).toBe(true);
  });

  it('stays a filter that cannot ring for ever', () => {
    for (const factor of [0.7, 0.9, 1.3, 1.5]) {
      expect(createThroatScaler(ORDER, factor)(throat).every((value) => Math.abs(value) < 1)).toBe(true);
    }
  });
});
