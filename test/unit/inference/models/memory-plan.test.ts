import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Hardware } from '../../../../src-preload/contract/index.ts';
import { readManifest } from '../../../../src-main/inference/models/manifest.ts';
import type { ManifestModel } from '../../../../src-main/inference/models/manifest-schema.ts';
import { judgeFit, planMemory, planThreads, recommendedModels, refusal } from '../../../../src-main/inference/models/memory-plan.ts';

const GIBIBYTE = 1024 ** 3;
let models: ManifestModel[];
beforeAll(async () => {
  models = (await readManifest(fileURLToPath(new URL('../../../../models/', import.meta.url)))).models;
});

function machine(cores: number, gibibytes: number, gpuMebibytes?: number): Hardware {
  return {
    cpuName: 'test',
    cores,
    memoryBytes: gibibytes * GIBIBYTE,
    freeMemoryBytes: gibibytes * GIBIBYTE,
    freeDiskBytes: 1e12,
    gpus: gpuMebibytes === undefined ? [] : [{ name: 'test', memoryBytes: gpuMebibytes * 1024 ** 2, backend: 'cuda' }],
  };
}

const find = (id: string): ManifestModel => {
  const model = models.find((each) => each.id === id);
  if (!model) throw new Error(`${id} is not in the manifest`);
  return model;
};

describe('planMemory', () => {
  it('divides a card of 24 GB into 10 for synthesis, 10 for the language model, 2 for voice activity and 2 in reserve', () => {
    expect(planMemory(machine(16, 32, 24_576))).toEqual({
      tier: 'gpu-24',
      device: 'gpu',
      totalBytes: 24 * GIBIBYTE,
      budget: { synthesis: 10 * GIBIBYTE, language: 10 * GIBIBYTE, 'voice-activity': 2 * GIBIBYTE, reserve: 2 * GIBIBYTE },
    });
  });

  it.each([
    ['two cores and little memory', machine(2, 4), 'cpu-minimal'],
    ['two cores and much memory', machine(2, 24), 'cpu-minimal'],
    ['a small laptop', machine(4, 8), 'cpu-small'],
    ['a laptop', machine(8, 16), 'cpu-medium'],
    ['a workstation', machine(16, 64), 'cpu-large'],
    ['a card of 8 GB that reports a little less', machine(8, 16, 8188), 'gpu-8'],
    ['a card of 12 GB', machine(8, 16, 12_288), 'gpu-12'],
    ['a card that reports 24564 MiB', machine(8, 32, 24_564), 'gpu-24'],
    ['a card of 80 GB', machine(16, 128, 81_559), 'gpu-48'],
    ['a card that is too small', machine(8, 16, 4096), 'cpu-medium'],
  ])('puts %s into its tier', (_, hardware, tier) => {
    expect(planMemory(hardware).tier).toBe(tier);
  });

  it('never hands out more than there is', () => {
    for (const hardware of [machine(2, 4), machine(8, 16, 8188), machine(16, 32, 24_576), machine(16, 128, 81_559)]) {
      const { budget, totalBytes } = planMemory(hardware);
      expect(Object.values(budget).reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(totalBytes);
    }
  });

  it('takes a card of unknown size for none', () => {
    expect(planMemory({ ...machine(8, 16), gpus: [{ name: 'x', memoryBytes: null, backend: 'vulkan' }] }).device).toBe('cpu');
  });
});

describe('judgeFit', () => {
  it('lets the whole starter pack run on the smallest machine', () => {
    const starter = models.filter((model) => model.packs.includes('starter'));
    expect(starter.map((model) => judgeFit(model, machine(2, 4)))).toEqual(starter.map(() => 'fits'));
  });

  it('calls slow what fits into memory but stutters on so few cores', () => {
    expect(judgeFit(find('qwen3.5-4b-q4'), machine(2, 24))).toBe('slow');
    expect(judgeFit(find('qwen3.5-4b-q4'), machine(8, 16))).toBe('fits');
  });

  it('calls slow what is too large for the card but not for the machine', () => {
    expect(judgeFit(find('gemma-4-12b-it-q4'), machine(8, 32, 8188))).toBe('slow');
    expect(judgeFit(find('gemma-4-12b-it-q4'), machine(8, 16, 8188))).toBe('does-not-fit');
    expect(judgeFit(find('gemma-4-12b-it-q4'), machine(8, 16, 24_576))).toBe('fits');
  });

  it('recommends nothing that would stutter or not fit on the smallest machine of its tier', () => {
    const smallest = {
      'cpu-small': machine(4, 8),
      'cpu-medium': machine(8, 12),
      'cpu-large': machine(12, 24),
      'gpu-8': machine(4, 16, 8188),
      'gpu-12': machine(4, 16, 12_282),
      'gpu-24': machine(4, 32, 24_564),
      'gpu-48': machine(4, 64, 49_140),
    };
    for (const [tier, hardware] of Object.entries(smallest)) {
      const pack = models.filter((model) => model.packs.includes(`recommended-${tier}`));
      expect(pack.map((model) => [tier, model.id, judgeFit(model, hardware)])).toEqual(pack.map((model) => [tier, model.id, 'fits']));
      expect(planMemory(hardware).tier).toBe(tier);
    }
  });
});

describe('refusal', () => {
  it('names the numbers and proposes what fits', () => {
    expect(refusal(find('qwen3.5-35b-a3b-q4'), machine(16, 32, 24_576), models)).toMatchObject({
      code: 'model.does-not-fit',
      details: { neededBytes: 23_500_000_000, budgetBytes: 10 * GIBIBYTE, totalBytes: 24 * GIBIBYTE, proposal: 'Gemma 4 12B' },
    });
    expect(refusal(find('gemma-4-12b-it-q4'), machine(4, 8), models)?.message).toMatch(
      /^Gemma 4 12B needs 8\.8 GB, and of this machine's 8\.6 GB of memory 3\.6 GB are planned for its job\. Qwen3\.5 2B fits\./,
    );
  });

  it('has nothing against a model that is slow', () => {
    expect(refusal(find('qwen3.5-4b-q4'), machine(2, 24), models)).toBeUndefined();
  });
});

const ids = (tier: string, languages: string[]): string[] => recommendedModels(tier, languages, models, 'linux-x64').map(({ id }) => id);

describe('recommendedModels', () => {
  it('recommends voices in the languages that the owner speaks', () => {
    expect(ids('cpu-medium', ['de'])).toEqual(['qwen3.5-4b-q4', 'parakeet-tdt-0.6b-v3', 'piper-de-thorsten-medium', 'supertonic-3']);
    expect(ids('cpu-medium', ['fr'])).toContain('piper-fr-siwis');
  });

  it('recommends the starter pack to the smallest machines', () => {
    expect(ids('cpu-minimal', ['en', 'de'])).toContain('smollm2-135m-instruct-q4');
  });
});

describe('planThreads', () => {
  it('gives each engine what it can use and leaves the rest of a large machine alone', () => {
    expect(planThreads(1)).toEqual({ recognition: 1, synthesis: 1, language: 1 });
    expect(planThreads(2)).toEqual({ recognition: 2, synthesis: 2, language: 2 });
    expect(planThreads(8)).toEqual({ recognition: 4, synthesis: 4, language: 6 });
    expect(planThreads(32)).toEqual({ recognition: 4, synthesis: 4, language: 30 });
  });
});
