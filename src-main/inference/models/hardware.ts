import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Hardware } from '../../../src-preload/contract/index.ts';
import type { FreeBytes } from './free-space.ts';
import { parseNvidiaSmi, parseSystemProfiler, parseVramTotal, parseVulkanSummary } from './hardware-parsers.ts';
import type { Gpu } from './hardware-parsers.ts';

/** Runs a program and resolves with what it printed; undefined when it is not there, fails or takes too long. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string | undefined>;

export interface HardwareProbe {
  /** Known at once, for those who start before the rest is found out. */
  cores(): number;
  /** Asks the machine. Never rejects: what cannot be found out is 0, null or left out. GPUs are asked once, memory and disk each time. */
  read(): Promise<Hardware>;
}

const PROGRAM_TIMEOUT_MS = 4000;
const DRM_DIRECTORY = '/sys/class/drm';

const runProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    execFile(
      program,
      args,
      { timeout: PROGRAM_TIMEOUT_MS, killSignal: 'SIGKILL', windowsHide: true, maxBuffer: 1 << 22 },
      (error, output) => resolve(error ? undefined : output),
    );
  });

/** Creates the probe; `run` and `platform` are parameters for tests. */
export function createHardwareProbe(options: {
  modelsDirectory: string;
  freeBytes: FreeBytes;
  run?: RunProgram;
  platform?: NodeJS.Platform;
}): HardwareProbe {
  const { modelsDirectory, freeBytes, run = runProgram, platform = process.platform } = options;
  let gpus: Promise<Gpu[]> | undefined;
  return {
    cores: availableParallelism,
    async read() {
      gpus ??= findGpus(run, platform);
      return {
        cpuName: cpus()[0]?.model.trim() ?? '',
        cores: availableParallelism(),
        memoryBytes: memoryLimit(),
        freeMemoryBytes: Math.min(freemem(), memoryLimit()),
        freeDiskBytes: await freeBytes(modelsDirectory).catch(() => 0),
        gpus: await gpus,
      };
    },
  };
}

/** The machine's memory, or less where a container limits it. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

async function findGpus(run: RunProgram, platform: NodeJS.Platform): Promise<Gpu[]> {
  if (platform === 'darwin') return parseSystemProfiler((await run('system_profiler', ['SPDisplaysDataType', '-json'])) ?? '', totalmem());
  const [nvidiaOutput, vulkanOutput] = await Promise.all([
    run('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']),
    run('vulkaninfo', ['--summary']),
  ]);
  const nvidia = parseNvidiaSmi(nvidiaOutput ?? '');
  const vulkan = parseVulkanSummary(vulkanOutput ?? '');
  // Vulkan lists the NVIDIA cards again; one entry per card.
  const others = vulkan.filter((gpu) => !/nvidia|geforce|quadro|tesla/i.test(gpu.name) || nvidia.length === 0);
  const largest = platform === 'linux' && others.length > 0 ? await largestAmdMemory() : null;
  return [...nvidia, ...others.map((gpu) => (/amd|radeon/i.test(gpu.name) ? { ...gpu, memoryBytes: largest } : gpu))];
}

async function largestAmdMemory(): Promise<number | null> {
  const cards = await readdir(DRM_DIRECTORY).catch(() => []);
  const sizes = await Promise.all(
    cards.map((card) => readFile(join(DRM_DIRECTORY, card, 'device', 'mem_info_vram_total'), 'utf8').then(parseVramTotal, () => null)),
  );
  return sizes.reduce<number | null>((largest, size) => (size !== null && size > (largest ?? 0) ? size : largest), null);
}
