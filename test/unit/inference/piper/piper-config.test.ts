import { describe, expect, it } from 'vitest';
import { frameIds, piperConfigSchema } from '../../../../src-main/inference/piper/piper-config.ts';

/** As it stands in the starter voice's json, shortened. */
const joe = {
  audio: { sample_rate: 22_050, quality: 'medium' },
  espeak: { voice: 'en-us' },
  inference: { noise_scale: 0.667, length_scale: 1, noise_w: 0.8 },
  phoneme_type: 'espeak',
  phoneme_id_map: { _: [0], '^': [1], $: [2], ' ': [3], a: [14], ə: [59] },
  num_symbols: 256,
  piper_version: '1.0.0',
};

describe('piperConfigSchema', () => {
  it('reads what is used and leaves out the rest', () => {
    const { num_symbols: _symbols, piper_version: _version, ...used } = joe;
    expect(piperConfigSchema.parse(joe)).toEqual({ ...used, audio: { sample_rate: 22_050 } });
  });

  it('takes old configurations without a phoneme type for espeak ones', () => {
    const { phoneme_type: _type, ...old } = joe;
    expect(piperConfigSchema.parse(old).phoneme_type).toBe('espeak');
  });

  it.each([
    ['no sample rate', { audio: {} }],
    ['a sample rate that no voice has', { audio: { sample_rate: 1 } }],
    ['no phonemes', { phoneme_id_map: undefined }],
    ['ids that are none', { phoneme_id_map: { a: [-1] } }],
    ['a speed of nothing', { inference: { ...joe.inference, length_scale: 0 } }],
  ])('refuses a configuration with %s', (_name, change) => {
    expect(piperConfigSchema.safeParse({ ...joe, ...change }).success).toBe(false);
  });
});

describe('frameIds', () => {
  it('names the signs that frame and space out a sentence, none where the voice has none', () => {
    const config = piperConfigSchema.parse(joe);
    expect(frameIds(config)).toEqual({ begin: [1], pad: [0], end: [2] });
    expect(frameIds({ ...config, phoneme_id_map: { a: [14] } })).toEqual({ begin: [], pad: [], end: [] });
  });
});
