import { describe, expect, it } from 'vitest';
import type { SpeechStyle } from '../../../../src-main/inference/contracts/index.ts';
import { deliveryOf } from '../../../../src-main/inference/synthesis/delivery.ts';

const PLAIN: SpeechStyle = { pitch: 0, formant: 0, emotion: 'neutral', pauses: 1, drawl: 0 };

describe('deliveryOf', () => {
  it('leaves the voice as it is without a style, and with a neutral one', () => {
    const asItIs = {
      emotion: 'neutral',
      speed: 1.5,
      drawl: 0,
      liveliness: 1,
      shift: { pitch: 0, formant: 0, range: 1 },
      gain: 1,
      pauses: 1,
    };
    expect(deliveryOf(1.5)).toEqual(asItIs);
    expect(deliveryOf(1.5, PLAIN)).toEqual(asItIs);
  });

  it('makes an energetic voice faster, higher, wider, louder and quicker at its pauses, and a calm one the contrary', () => {
    const [energetic, calm] = [deliveryOf(1, { ...PLAIN, emotion: 'energetic' }), deliveryOf(1, { ...PLAIN, emotion: 'calm' })];
    const facts = ({ speed, gain, pauses, shift }: typeof calm): number[] => [speed, gain, 1 / pauses, 1 + shift.pitch / 12, shift.range];
    expect(facts(energetic).every((value) => value > 1)).toBe(true);
    expect(facts(calm).every((value) => value < 1)).toBe(true);
  });

  it('adds the emotion to what the character is', () => {
    expect(deliveryOf(1, { ...PLAIN, pitch: 3, formant: 1, emotion: 'calm' }).shift).toEqual({ pitch: 2.4, formant: 1, range: 0.85 });
  });

  it('brings numbers back to what was agreed', () => {
    const wild = deliveryOf(Number.NaN, { ...PLAIN, pitch: 40, formant: -9, drawl: 3, pauses: Number.POSITIVE_INFINITY });
    expect(wild).toMatchObject({ speed: 1, drawl: 1, pauses: 1, shift: { pitch: 12, formant: -4 } });
  });
});
