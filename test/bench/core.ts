import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src-main/base/clock.ts';
import { openHeadlessPage, type HeadlessPage } from '../../src-main/modules/terminal/index.ts';
import { connectBridge } from '../../src-main/platform/contract-host/web-client.ts';
import type { InputMode, Vitals } from '../../src-preload/contract/index.ts';

/** A core in a process of its own, so that measuring does not disturb what is measured. */
export interface BenchCore {
  openPage(mode?: InputMode): Promise<HeadlessPage>;
  vitals(): Promise<Vitals>;
  /** Proportional set size of main and all workers (shared pages counted once); Linux only, else 0. */
  memoryBytes(): Promise<number>;
  pause(durationMs: number): Promise<void>;
  /** What a page fetches from or sends to the core's own origin. */
  request(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** Connects to a core at `url`; `end` ends its process. */
export async function connectBenchCore(address: { url: string; token: string }, end: () => Promise<void>): Promise<BenchCore> {
  const client = await connectBridge(address);
  const vitals = (): Promise<Vitals> => client.call('app.vitals', {});
  return {
    async openPage(mode) {
      return openHeadlessPage({ bridge: client, openAudio: client.openAudio, clock: systemClock, ...(mode ? { mode } : {}) });
    },
    vitals,
    async memoryBytes() {
      const sizes = await Promise.all((await vitals()).processes.map(({ pid }) => proportionalSize(pid)));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    pause: (durationMs) => sleep(durationMs),
    request: (path, init = {}) => fetch(new URL(path, address.url), { ...init, headers: { authorization: `Bearer ${address.token}` } }),
    async close() {
      await client.dispose();
      await end();
    },
  };
}

async function proportionalSize(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
}
