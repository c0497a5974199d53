import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordStartsIn } from '../../src-main/modules/telephony/records/word-times.ts';
import { resample } from '../../src-main/platform/audio/index.ts';
import { openSynthesisBench, type SynthesisBench } from './synthesis-bench.ts';

/* The voice knows when each of its words began: the truth that places found by sound alone are held against. */

const PHONE_RATE_HZ = 8_000;
const SENTENCES = [
  'Hello, this is Anna from the practice, and I am calling about your appointment on Tuesday.',
  'Could you please tell him that the roof is finished?',
  'Well, I think that we should meet again next week, perhaps on Thursday at nine.',
  'My number is zero three zero, nine zero one, eight two zero.',
  'The electrician comes between ten and twelve. Somebody has to be at home. Please call me back if that is not possible.',
  'Unfortunately the internationalization of the documentation will take considerably longer, I am afraid.',
];

describe('places of words in a recording', () => {
  let bench: SynthesisBench;
  beforeAll(async () => void (bench = await openSynthesisBench()));
  afterAll(() => bench?.service.dispose());

  it('are close enough to hear the word that was clicked', async () => {
    const errorsMs: number[] = [];
    for (const text of SENTENCES) {
      const { samples, spoken } = await bench.say(text);
      const starts = wordStartsIn(text, resample(samples, spoken.sampleRateHz, PHONE_RATE_HZ), PHONE_RATE_HZ) ?? [];
      expect(starts).toHaveLength(spoken.words.length);
      errorsMs.push(...starts.map((atMs, index) => atMs - (spoken.words[index]?.startMs ?? 0)));
    }
    const sorted = errorsMs.map(Math.abs).toSorted((left, right) => left - right);
    const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
    console.log(`${sorted.length} words, off by: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${at(1)} ms`);
    expect(at(0.95)).toBeLessThanOrEqual(300);
  });
});
