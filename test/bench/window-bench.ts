import type { EventPayload } from '../../src-preload/contract/index.ts';
import { en } from '../../src-renderer/i18n/en.ts';
import { openSpokenHome, type SpokenApp } from '../e2e/spoken-app.ts';
import { inQuietRoom } from '../e2e/spoken-voice.ts';
import { lastAudible, type Clip } from './audio.ts';
import { startBenchCore } from './start-core.ts';
import { distribution, single, type BenchResult, type Metric } from './statistics.ts';
import { runVoiceBench } from './voice-bench.ts';

type TurnLatencies = EventPayload<'turn.latency'>['latency'];

declare const window: Window & {
  openclaw: { on(name: 'turn.latency', listener: (payload: unknown) => void): void };
  tellLatency(payload: unknown): void;
};

const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Asks each clip in the real window, then without one on a core of its own, so that both meet the same machine. Both are measured by the core itself
 * (last sample of speech that reached recognition → first sample that left the playback queue): ears in the page, as the end-to-end tests have them,
 * and questions to it while it works would take the processor that is measured.
 */
export async function runWindowBench(clips: readonly Clip[], rounds: number): Promise<BenchResult> {
  const notes: string[] = [];
  const inWindow = await askInWindow(clips, rounds, notes);
  const core = await startBenchCore();
  const headless = await runVoiceBench(core, clips, rounds).finally(() => core.close());
  const within = inWindow['e2e_latency'] ?? distribution('ms', []);
  const without = headless.metrics['core_e2e_latency'] ?? distribution('ms', []);
  return {
    bench: 'window',
    metrics: {
      ...inWindow,
      response_rate: single('%', (100 * within.count) / rounds, rounds),
      headless_e2e_latency: without,
      added_by_window: single('ms', within.p50 - without.p50, Math.min(within.count, without.count)),
    },
    targets: { added_by_window: '≤ 100' },
    notes,
  };
}

/** Latency of each stage in the real window. `prepare` may change the window before the first question. */
export async function askInWindow(
  clips: readonly Clip[],
  rounds: number,
  notes: string[],
  prepare?: (app: SpokenApp) => Promise<void>,
): Promise<Record<string, Metric>> {
  const stages: Record<string, number[]> = { e2e_latency: [] };
  const home = await openSpokenHome();
  try {
    const app = await home.start();
    await prepare?.(app);
    const nextAnswer = await listenForLatencies(app);
    await app.set('talk.sounds', 'never');
    await app.button(en.firstRun.start).last().click();
    for (let round = 0; round < rounds; round += 1) {
      const clip = clips[round % clips.length];
      if (!clip) break;
      await app.waitForState(en.stage.state.readyHandsFree.title);
      const answered = nextAnswer();
      await app.speak(inQuietRoom([clip.samples.subarray(0, lastAudible(clip.samples))]));
      const latency = await answered;
      await app.stop();
      if (latency === undefined) notes.push(`no answer to "${clip.text}"`);
      for (const [stage, value] of Object.entries(latency ?? {})) if (value !== undefined) (stages[stage] ??= []).push(value);
    }
  } finally {
    await home.dispose();
  }
  return Object.fromEntries(Object.entries(stages).map(([stage, values]) => [stage, distribution('ms', values)]));
}

/** The returned function resolves with the latencies of the next answer, or with undefined when none comes. */
async function listenForLatencies(app: SpokenApp): Promise<() => Promise<TurnLatencies | undefined>> {
  let told: ((latency: TurnLatencies) => void) | undefined;
  await app.page.exposeFunction('tellLatency', (payload: EventPayload<'turn.latency'>) => told?.(payload.latency));
  await app.page.evaluate(() => window.openclaw.on('turn.latency', (payload) => window.tellLatency(payload)));
  return () =>
    new Promise((resolve) => {
      const timeout = setTimeout(() => resolve(undefined), ANSWER_TIMEOUT_MS);
      told = (latency) => {
        clearTimeout(timeout);
        resolve(latency);
      };
    });
}
