import type { Hardware, MemoryPlan, ModelJob } from '../../../src-preload/contract/index.ts';
import type { AppError } from '../../base/errors.ts';
import { runsOn, sizeOf } from './manifest.ts';
import type { ManifestModel } from './manifest-schema.ts';
import { doesNotFit } from './model-errors.ts';

/** Shares of the device's memory, in 24ths; `reserve` is for the screen, the system and the owner's other programs. */
type Shares = Partial<Record<ModelJob, number>> & { reserve: number };

interface Tier {
  id: string;
  device: 'gpu' | 'cpu';
  /** A machine belongs to the first tier whose minima it reaches. `memory` is the GPU's on GPU tiers. */
  minimum: { memoryBytes: number; cores: number };
  shares: Shares;
}

const GIBIBYTE = 1024 ** 3;
const SHARE_PARTS = 24;
/** Cards and firmware keep a little of what is printed on the box. */
const NEARLY = 0.92;

/** On the large cards one card holds voice, language model and voice activity side by side: of 24 GB 10, 10 and 2, and 2 stay free. */
const GPU_SHARES: Shares = { synthesis: 10, language: 10, 'voice-activity': 2, reserve: 2 };
/** Voices do not grow with the card: of 48 GB the language model gets 30. */
const LARGE_GPU_SHARES: Shares = { synthesis: 5, language: 15, 'voice-activity': 1, reserve: 3 };
/** Small cards hold the language model only; speech stays on the processor, which is fast enough for it. */
const SMALL_GPU_SHARES: Shares = { language: 20, reserve: 4 };
const CPU_SHARES: Shares = {
  language: 10,
  recognition: 4,
  synthesis: 2,
  'voice-activity': 1,
  'turn-detection': 1,
  pronunciation: 1,
  reserve: 5,
};

const tier = (id: string, device: Tier['device'], gibibytes: number, cores: number, shares: Shares): Tier => ({
  id,
  device,
  minimum: { memoryBytes: gibibytes * GIBIBYTE * NEARLY, cores },
  shares,
});

/** From the largest machine to the smallest, which every machine reaches. `packs` of the manifest name them as `recommended-<id>`. */
const tiers: readonly Tier[] = [
  tier('gpu-48', 'gpu', 48, 1, LARGE_GPU_SHARES),
  tier('gpu-24', 'gpu', 24, 1, GPU_SHARES),
  tier('gpu-12', 'gpu', 12, 1, SMALL_GPU_SHARES),
  tier('gpu-8', 'gpu', 8, 1, SMALL_GPU_SHARES),
  tier('cpu-large', 'cpu', 24, 12, CPU_SHARES),
  tier('cpu-medium', 'cpu', 12, 8, CPU_SHARES),
  tier('cpu-small', 'cpu', 8, 4, CPU_SHARES),
  tier('cpu-minimal', 'cpu', 0, 0, CPU_SHARES),
];

/**
 * Every token reads all weights once. A core reads 3 GB/s on small virtual machines (measured) and 5-6 on laptops and desktops (memory bandwidth
 * shared by eight), and fluent speech needs 8 tokens a second: above this many bytes of weights per core the answer stutters.
 */
const FLUENT_BYTES_PER_CORE = 450_000_000;

/** The memory plan of a machine, before anything is chosen: tier, device and a budget for each job. */
export type MemoryBudget = Pick<MemoryPlan, 'tier' | 'device' | 'budget' | 'totalBytes'>;

/** Puts the machine into its tier and divides its memory. The language model's device decides; the rest of speech fits beside it. */
export function planMemory(hardware: Hardware): MemoryBudget {
  const gpuBytes = hardware.gpus.reduce((largest, gpu) => Math.max(largest, gpu.memoryBytes ?? 0), 0);
  const found =
    tiers.find(({ device, minimum }) =>
      device === 'gpu' ? gpuBytes >= minimum.memoryBytes : hardware.memoryBytes >= minimum.memoryBytes && hardware.cores >= minimum.cores,
    ) ?? tier('cpu-minimal', 'cpu', 0, 0, CPU_SHARES);
  const totalBytes = found.device === 'gpu' ? gpuBytes : hardware.memoryBytes;
  const part = (shares: number): number => Math.floor((totalBytes * shares) / SHARE_PARTS);
  const budget = Object.fromEntries(Object.entries(found.shares).map(([job, shares]) => [job, part(shares)]));
  return { tier: found.id, device: found.device, budget, totalBytes };
}

/** What this machine can do with a model. */
export type Fit = 'fits' | 'slow' | 'does-not-fit';

/**
 * Jobs without a share on the GPU run on the processor and are measured against its own memory. A language model that is too large for the GPU
 * but not for the machine's memory runs on both, slowly.
 */
export function judgeFit(model: ManifestModel, hardware: Hardware, plan: MemoryBudget = planMemory(hardware)): Fit {
  const onProcessor = Math.floor((hardware.memoryBytes * (CPU_SHARES[model.job] ?? CPU_SHARES.reserve)) / SHARE_PARTS);
  if (model.job !== 'language') return model.memoryBytes <= Math.max(onProcessor, plan.budget[model.job] ?? 0) ? 'fits' : 'does-not-fit';
  if (plan.device === 'gpu' && model.memoryBytes <= (plan.budget['language'] ?? 0)) return 'fits';
  if (model.memoryBytes > onProcessor) return 'does-not-fit';
  return sizeOf(model.files) <= hardware.cores * FLUENT_BYTES_PER_CORE ? 'fits' : 'slow';
}

/** The error that refuses a model, with the numbers and what fits instead; undefined when it may run. */
export function refusal(model: ManifestModel, hardware: Hardware, others: readonly ManifestModel[]): AppError | undefined {
  const plan = planMemory(hardware);
  if (judgeFit(model, hardware, plan) !== 'does-not-fit') return undefined;
  const onGpu = plan.device === 'gpu' && plan.budget[model.job] !== undefined;
  const processorBudget = Math.floor((hardware.memoryBytes * (CPU_SHARES[model.job] ?? CPU_SHARES.reserve)) / SHARE_PARTS);
  const proposal = proposeInstead(model, hardware, others);
  return doesNotFit({
    name: model.name,
    neededBytes: model.memoryBytes,
    budgetBytes: onGpu ? (plan.budget[model.job] ?? 0) : processorBudget,
    totalBytes: onGpu ? plan.totalBytes : hardware.memoryBytes,
    device: onGpu ? 'gpu' : 'cpu',
    ...(proposal ? { proposal: proposal.name } : {}),
  });
}

/** The largest model for the same job and one of its languages that fits without being slow. */
export function proposeInstead(model: ManifestModel, hardware: Hardware, others: readonly ManifestModel[]): ManifestModel | undefined {
  return others
    .filter((other) => other.id !== model.id && other.job === model.job)
    .filter((other) => model.languages.length === 0 || other.languages.some((language) => model.languages.includes(language)))
    .filter((other) => judgeFit(other, hardware) === 'fits')
    .toSorted((left, right) => right.memoryBytes - left.memoryBytes)[0];
}

/** The models to recommend for a machine and the languages its owner speaks; models without languages always belong to it. */
export function recommendedModels(
  tierId: string,
  languages: readonly string[],
  models: readonly ManifestModel[],
  platform: string,
): ManifestModel[] {
  return models
    .filter((model) => model.packs.includes(tierId === 'cpu-minimal' ? 'starter' : `recommended-${tierId}`))
    .filter((model) => model.job === 'language' || model.languages.length === 0 || model.languages.some((each) => languages.includes(each)))
    .filter((model) => runsOn(model, platform));
}

/**
 * Threads for each engine. They are counted together: a third busy thread on two cores stalls the others, so each engine gets what is free while
 * it is its turn, and never more than it can use.
 */
export function planThreads(cores: number): { recognition: number; synthesis: number; language: number } {
  const half = Math.max(1, Math.floor(cores / 2));
  return {
    recognition: cores <= 2 ? cores : Math.min(4, half),
    synthesis: cores <= 2 ? cores : Math.min(4, half),
    language: Math.max(1, cores <= 4 ? cores : cores - 2),
  };
}
