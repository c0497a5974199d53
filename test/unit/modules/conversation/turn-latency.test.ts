import { describe, expect, it } from 'vitest';
import { turnLatency } from '../../../../src-main/modules/conversation/turn-latency.ts';

describe('turnLatency', () => {
  it('gives every stage of a spoken turn', () => {
    const times = {
      startedAtMs: 1150,
      firstTokenMs: 60,
      firstClauseAtMs: 1330,
      firstSoundReadyAtMs: 1420,
      firstSampleMs: 80,
      committedAtMs: 1300,
      audibleAtMs: 1440,
    };
    expect(turnLatency({ spokenEndAtMs: 1000, transcribedAtMs: 1150 }, times)).toEqual({
      e2e_latency: 440,
      end_of_turn_delay: 300,
      transcription_delay: 150,
      llm_ttft: 60,
      llm_ttfs: 180,
      tts_ttfb: 80,
      playback_latency: 20,
    });
  });

  it('leaves out what did not take place', () => {
    expect(turnLatency({}, { startedAtMs: 1000, firstTokenMs: 60, firstClauseAtMs: 1200, committedAtMs: 1000 })).toEqual({
      llm_ttft: 60,
      llm_ttfs: 200,
    });
  });
});
