import { describe, expect, it } from 'vitest';
import {
  exchangeJson,
  exchangeText,
  soundFile,
  type PlayedPiece,
  type TerminalExchange,
} from '../../../../src-main/modules/terminal/index.ts';
import { decodeWav } from '../../../../src-main/platform/audio/index.ts';

const done: TerminalExchange = {
  transcript: 'Where do penguins live?',
  answer: 'In the south.',
  status: 'complete',
  latencyMs: { e2e_latency: 412.348, llm_ttft: 60 },
  sound: [],
  problem: undefined,
};

const piece = (sampleRateHz: number, ms: number, value: number): PlayedPiece => ({
  utteranceId: 'u',
  atMs: 0,
  sampleRateHz,
  samples: new Float32Array((sampleRateHz * ms) / 1000).fill(value),
});

describe('exchangeText', () => {
  it('prints the words first, then what each stage took', () => {
    expect(exchangeText(done).split('\n')).toEqual([
      'You:  Where do penguins live?',
      'Nova: In the south.',
      '',
      '  e2e_latency            412 ms',
      '  llm_ttft                60 ms',
    ]);
  });

  it('prints no table without times', () => {
    expect(exchangeText({ ...done, latencyMs: {} })).toBe('You:  Where do penguins live?\nNova: In the south.');
  });
});

describe('exchangeJson', () => {
  it('is one line with transcript, answer, status and latencies to a tenth of a millisecond', () => {
    const line = exchangeJson({ ...done, answer: 'In the\nsouth.' });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      transcript: 'Where do penguins live?',
      answer: 'In the\nsouth.',
      status: 'complete',
      latency_ms: { e2e_latency: 412.3, llm_ttft: 60 },
    });
  });
});

describe('soundFile', () => {
  it('joins everything that was played', () => {
    const sound = decodeWav(soundFile([piece(22_050, 20, 0.5), piece(22_050, 40, -0.25)]) ?? new Uint8Array(0));
    expect([sound.sampleRateHz, sound.samples.length]).toEqual([22_050, 441 + 882]);
    expect([sound.samples[0], sound.samples.at(-1)].map((value) => Math.round((value ?? 9) * 100) / 100)).toEqual([0.5, -0.25]);
  });

  it('keeps the sound of a voice of another rate that took over', () => {
    const pieces = [piece(22_050, 100, 0.5), piece(44_100, 60, 0.25), piece(44_100, 40, 0.25), piece(22_050, 100, 0.5)];
    const sound = decodeWav(soundFile(pieces) ?? new Uint8Array(0));
    expect([sound.sampleRateHz, sound.samples.length]).toEqual([22_050, 3 * 2_205]);
    expect(sound.samples[Math.round(1.5 * 2_205)]).toBeCloseTo(0.25, 2);
    expect(sound.samples[Math.round(2.5 * 2_205)]).toBeCloseTo(0.5, 2);
  });

  it('is no file when nothing was played', () => {
    expect(soundFile([])).toBeUndefined();
  });
});
