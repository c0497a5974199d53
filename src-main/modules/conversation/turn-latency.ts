import type { TurnLatency } from '../../../src-preload/contract/index.ts';
import type { RunTimes } from './answer-run.ts';

/** The stages of one spoken turn in milliseconds (names: docs/house.md). Stages that did not take place are absent. */
export function turnLatency(question: { spokenEndAtMs?: number; transcribedAtMs?: number }, times: Readonly<RunTimes>): TurnLatency {
  const { spokenEndAtMs, transcribedAtMs } = question;
  const heardFromMs = Math.max(times.committedAtMs ?? 0, times.firstSoundReadyAtMs === undefined ? 0 : times.firstSoundReadyAtMs);
  return present({
    e2e_latency: difference(times.audibleAtMs, spokenEndAtMs),
    end_of_turn_delay: difference(times.committedAtMs, spokenEndAtMs),
    transcription_delay: difference(transcribedAtMs, spokenEndAtMs),
    llm_ttft: times.firstTokenMs,
    llm_ttfs: difference(times.firstClauseAtMs, times.startedAtMs),
    tts_ttfb: times.firstSampleMs,
    playback_latency: heardFromMs === 0 ? undefined : difference(times.audibleAtMs, heardFromMs),
  });
}

function difference(laterMs: number | undefined, earlierMs: number | undefined): number | undefined {
  return laterMs === undefined || earlierMs === undefined ? undefined : Math.max(0, laterMs - earlierMs);
}

function present(stages: Record<string, number | undefined>): TurnLatency {
  return Object.fromEntries(Object.entries(stages).filter(([, value]) => value !== undefined));
}
