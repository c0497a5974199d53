import { describe, expect, it } from 'vitest';
import { createHardwareProbe } from '../../../../src-main/inference/models/hardware.ts';
import {
  parseNvidiaSmi,
  parseSystemProfiler,
  parseVramTotal,
  parseVulkanSummary,
} from '../../../../src-main/inference/models/hardware-parsers.ts';

const MEBIBYTE = 1024 * 1024;
const rubbish = [
  '',
  'command not found',
  '\0\0\0',
  '{',
  'GPU0:\n',
  ',,,',
  'NVIDIA-SMI has failed because it could not communicate with the driver.',
];

const VULKAN = `==========
VULKANINFO
==========
Devices:
========
GPU0:
	apiVersion         = 1.3.289
	vendorID           = 0x1002
	deviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
	deviceName         = AMD Radeon RX 7900 XTX (RADV NAVI31)
GPU1:
	apiVersion         = 1.3.289
	deviceType         = PHYSICAL_DEVICE_TYPE_CPU
	deviceName         = llvmpipe (LLVM 15.0.6, 256 bits)
`;
const MAC = JSON.stringify({
  SPDisplaysDataType: [{ _name: 'Apple M4 Pro', sppci_model: 'Apple M4 Pro', spdisplays_mtlgpufamilysupport: 'spdisplays_metal4' }],
});

describe('parseNvidiaSmi', () => {
  it('returns one entry per card, in bytes', () => {
    expect(parseNvidiaSmi('NVIDIA GeForce RTX 3090, 24576\nNVIDIA H100 80GB HBM3, 81559\n')).toEqual([
      { name: 'NVIDIA GeForce RTX 3090', memoryBytes: 24_576 * MEBIBYTE, backend: 'cuda' },
      { name: 'NVIDIA H100 80GB HBM3', memoryBytes: 81_559 * MEBIBYTE, backend: 'cuda' },
    ]);
  });

  it('does not know the size of memory that is shared with the processor', () => {
    expect(parseNvidiaSmi('NVIDIA GB10, [N/A]\r\n')).toEqual([{ name: 'NVIDIA GB10', memoryBytes: null, backend: 'cuda' }]);
  });

  it.each(rubbish)('returns nothing for %j', (output) => {
    expect(parseNvidiaSmi(output)).toEqual([]);
  });
});

describe('parseVulkanSummary', () => {
  it('returns real cards and leaves out software renderers', () => {
    expect(parseVulkanSummary(VULKAN)).toEqual([{ name: 'AMD Radeon RX 7900 XTX (RADV NAVI31)', memoryBytes: null, backend: 'vulkan' }]);
  });

  it.each(rubbish)('returns nothing for %j', (output) => {
    expect(parseVulkanSummary(output)).toEqual([]);
  });
});

describe('parseSystemProfiler', () => {
  it("gives an Apple GPU its share of the machine's memory", () => {
    expect(parseSystemProfiler(MAC, 1000)).toEqual([{ name: 'Apple M4 Pro', memoryBytes: 700, backend: 'metal' }]);
  });

  it.each(rubbish)('returns nothing for %j', (output) => {
    expect(parseSystemProfiler(output, 1000)).toEqual([]);
  });
});

describe('parseVramTotal', () => {
  it('returns the number and nothing for anything else', () => {
    expect([parseVramTotal('25753026560\n'), parseVramTotal(''), parseVramTotal('many'), parseVramTotal('-1')]).toEqual([
      25_753_026_560,
      null,
      null,
      null,
    ]);
  });
});

const probe = (programs: Readonly<Record<string, string>>, platform: NodeJS.Platform = 'linux') => {
  const asked: string[] = [];
  const run = (program: string): Promise<string | undefined> => {
    asked.push(program);
    return Promise.resolve(programs[program]);
  };
  return { asked, probe: createHardwareProbe({ modelsDirectory: '/', freeBytes: () => Promise.resolve(123), run, platform }) };
};

describe('createHardwareProbe', () => {
  it('describes this machine without any helper program', async () => {
    const hardware = await probe({}).probe.read();
    expect(hardware).toMatchObject({ gpus: [], freeDiskBytes: 123 });
    expect(hardware.cores).toBeGreaterThan(0);
    expect(hardware.memoryBytes).toBeGreaterThan(100_000_000);
    expect(hardware.freeMemoryBytes).toBeLessThanOrEqual(hardware.memoryBytes);
  });

  it('lists a card once that two programs know, and asks them once', async () => {
    const { probe: both, asked } = probe({
      'nvidia-smi': 'NVIDIA GeForce RTX 3090, 24576\n',
      vulkaninfo: VULKAN.replace('AMD Radeon RX 7900 XTX (RADV NAVI31)', 'NVIDIA GeForce RTX 3090'),
    });
    expect((await both.read()).gpus.map(({ name }) => name)).toEqual(['NVIDIA GeForce RTX 3090']);
    await both.read();
    expect(asked).toEqual(['nvidia-smi', 'vulkaninfo']);
  });

  it('asks the system itself on a Mac', async () => {
    const { probe: mac, asked } = probe({ system_profiler: MAC }, 'darwin');
    expect((await mac.read()).gpus.map(({ backend }) => backend)).toEqual(['metal']);
    expect(asked).toEqual(['system_profiler']);
  });

  it('goes on without the disk when it cannot be asked', async () => {
    const broken = createHardwareProbe({
      modelsDirectory: '/',
      freeBytes: () => Promise.reject(new Error('gone')),
      run: () => Promise.resolve(undefined),
    });
    await expect(broken.read()).resolves.toMatchObject({ freeDiskBytes: 0 });
  });
});
