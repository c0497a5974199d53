import { audibleFrom, lastAudible, type Clip } from './audio.ts';
import type { BenchCore } from './core.ts';
import { distribution, single, wordErrors, type BenchResult } from './statistics.ts';

/** Asks each clip and waits for the answer's first sound; every turn in a conversation of its own would hide the cost of history, so all share one. */
export async function runVoiceBench(core: BenchCore, clips: readonly Clip[], rounds: number): Promise<BenchResult> {
  const page = await core.openPage();
  const e2e: number[] = [];
  const stages: Record<string, number[]> = {};
  const delays: number[] = [];
  let errors = 0;
  let words = 0;
  let unanswered = 0;
  const notes: string[] = [];
  await core.vitals();
  for (let round = 0; round < rounds; round += 1) {
    const clip = clips[round % clips.length];
    if (!clip) break;
    const known = { messages: page.messages.length, latencies: page.latencies.length, played: page.speaker.played.length };
    const end = lastAudible(clip.samples);
    const said = page.microphone.say(clip.samples.subarray(0, end));
    await said.sent;
    const endedAtMs = said.timeOfSample(end);
    try {
      await page.until(() => page.latencies.length > known.latencies, 15_000, 'an answer');
      await page.until(() => page.speaker.played.length > known.played + 4, 5000, 'sound');
    } catch {
      unanswered += 1;
      notes.push(`no answer to "${clip.text}"`);
      await page.bridge.call('turn.stop', {});
      await core.pause(1500);
      continue;
    }
    const soundAtMs = audibleFrom(page.speaker.played.slice(known.played), 0);
    if (soundAtMs !== undefined) e2e.push(soundAtMs - endedAtMs);
    for (const [stage, value] of Object.entries(page.latencies[known.latencies] ?? {}))
      // Its own idea of the whole goes without the way from the microphone and to the ear.
      if (value !== undefined) (stages[stage === 'e2e_latency' ? 'core_e2e_latency' : stage] ??= []).push(value);
    const heard = page.messages.slice(known.messages).find((message) => message.role === 'user')?.text ?? '';
    const wrong = wordErrors(clip.text, heard);
    if (wrong.errors > 0) notes.push(`"${clip.text}" was heard as "${heard}"`);
    errors += wrong.errors;
    words += wrong.words;
    await core.pause(600);
    delays.push((await core.vitals()).eventLoopDelayMs.p99);
    await page.bridge.call('turn.stop', {});
    await core.pause(700);
  }
  const memoryBytes = await core.memoryBytes();
  await page.close();
  return {
    bench: 'voice',
    metrics: {
      e2e_latency: distribution('ms', e2e),
      ...Object.fromEntries(Object.entries(stages).map(([stage, values]) => [stage, distribution('ms', values)])),
      word_error_rate: single('%', words === 0 ? 0 : (100 * errors) / words, words),
      response_rate: single('%', (100 * (rounds - unanswered)) / rounds, rounds),
      event_loop_delay_p99: distribution('ms', delays),
      memory: single('bytes', memoryBytes, 1),
    },
    targets: { e2e_latency: 'p50 ≤ 500, p95 ≤ 900', word_error_rate: '≤ 10 %', event_loop_delay_p99: '≤ 20', memory: '≤ 1.6 GB' },
    notes,
  };
}
