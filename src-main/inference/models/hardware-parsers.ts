import { z } from 'zod';
import type { Hardware } from '../../../src-preload/contract/index.ts';

/** One entry of `Hardware.gpus`. */
export type Gpu = Hardware['gpus'][number];

const MEBIBYTE = 1024 * 1024;

/** `nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits`: one line per card, memory in MiB. Lines of another form are left out. */
export function parseNvidiaSmi(output: string): Gpu[] {
  return output.split('\n').flatMap((line): Gpu[] => {
    const match = /^\s*(.+?),\s*(\d+|\[N\/A\])\s*$/.exec(line);
    if (!match?.[1] || !match[2]) return [];
    // Cards that share the machine's memory state no size of their own.
    const memoryBytes = /^\d+$/.test(match[2]) ? Number(match[2]) * MEBIBYTE : null;
    return [{ name: match[1], memoryBytes, backend: 'cuda' }];
  });
}

/** `vulkaninfo --summary`: devices with name and kind. Software renderers (kind CPU) are no GPU. The summary does not state memory. */
export function parseVulkanSummary(output: string): Gpu[] {
  return output
    .split(/^GPU\d+:/m)
    .slice(1)
    .flatMap((block): Gpu[] => {
      const name = /deviceName\s*=\s*(.+)/.exec(block)?.[1]?.trim();
      const kind = /deviceType\s*=\s*PHYSICAL_DEVICE_TYPE_(\w+)/.exec(block)?.[1];
      return name === undefined || kind === 'CPU' ? [] : [{ name, memoryBytes: null, backend: 'vulkan' }];
    });
}

const displaysSchema = z.object({
  SPDisplaysDataType: z.array(z.object({ sppci_model: z.string(), spdisplays_mtlgpufamilysupport: z.string().optional() })),
});
/** Share of the machine's memory that Metal gives a process on Apple processors, by their own documentation about two thirds to three quarters. */
const APPLE_SHARE = 0.7;

/** `system_profiler SPDisplaysDataType -json`. `memoryBytes` is the machine's memory, which Apple processors share with the GPU. */
export function parseSystemProfiler(output: string, memoryBytes: number): Gpu[] {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    return [];
  }
  const parsed = displaysSchema.safeParse(json);
  if (!parsed.success) return [];
  return parsed.data.SPDisplaysDataType.filter((gpu) => gpu.spdisplays_mtlgpufamilysupport !== undefined).map((gpu) => ({
    name: gpu.sppci_model,
    memoryBytes: gpu.sppci_model.startsWith('Apple') ? Math.round(memoryBytes * APPLE_SHARE) : null,
    backend: 'metal',
  }));
}

/** `/sys/class/drm/card…/device/mem_info_vram_total` of AMD cards: one number. */
export function parseVramTotal(content: string): number | null {
  const bytes = Number(content.trim());
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}
