import { measureLips } from './face-lips.ts';
import { measureLivePortrait } from './face-live-portrait.ts';
import { measurePreview } from './face-preview.ts';
import { measureLatency, measureStage } from './face-stage.ts';
import { measureTruth, type TruthOptions } from './face-truth-bench.ts';
import type { BenchResult } from './statistics.ts';

interface FaceBenchOptions extends TruthOptions {
  /** Names of parts; all when left away. */
  parts?: readonly string[] | undefined;
  /** Sentences that are spoken for `lips`. */
  rounds?: number | undefined;
  /** Folder of LivePortrait's published files for `liveportrait`; without it made-up ones are measured. */
  weights?: string | undefined;
}

type Part = (options: FaceBenchOptions) => Promise<Omit<BenchResult, 'bench'>>;

const PARTS: Record<string, Part> = {
  lips: ({ rounds }) => measureLips(rounds === undefined ? {} : { sentences: rounds }),
  truth: measureTruth,
  stage: ({ rounds }) => measureStage(rounds),
  latency: ({ rounds }) => measureLatency(rounds),
  preview: ({ rounds }) => measurePreview(rounds),
  liveportrait: measureLivePortrait,
};

/** Measures the face part by part; each part names its own metrics. */
export async function runFaceBench(options: FaceBenchOptions): Promise<BenchResult> {
  const result: BenchResult = { bench: 'face', metrics: {}, targets: {}, notes: [] };
  for (const name of options.parts ?? Object.keys(PARTS)) {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`The bench "face" has no part "${name}": it has ${Object.keys(PARTS).join(', ')}.`);
    const { metrics, targets, notes } = await part(options);
    Object.assign(result.metrics, metrics);
    Object.assign(result.targets, targets);
    result.notes.push(...notes);
  }
  return result;
}
