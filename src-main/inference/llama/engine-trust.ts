import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { z } from 'zod';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import type { Log } from '../../base/log.ts';

/**
 * Whether this machine can run the engine's fastest path (AMX, AVX-512, GPU). A process that dies at its first prompt is suspected: the rest of
 * this run uses plain processor code, and the next run tries once more, since somebody may just have killed it. A second such death settles it.
 *
 *   trusted --died at first prompt--> suspected (plain for this run) --next run: died again--> plain for good
 *                                                                     --next run: answered--> trusted
 */
export interface EngineTrust {
  /** Use plain processor code. */
  isPlain(): boolean;
  /** The process died before its first answer. Returns true when it makes sense to try again with plain code. */
  died(): Promise<boolean>;
  /** It has answered. */
  answered(): Promise<void>;
}

const fileSchema = z.object({ version: z.literal(1), processor: z.string(), deaths: z.number().int().nonnegative() });
const DEATHS_TO_SETTLE = 2;

/** `file`: a small JSON in the data directory. One that is damaged, or of another machine, counts as absent. */
export async function readEngineTrust(file: string, log: Log, processor: string = cpus()[0]?.model ?? 'unknown'): Promise<EngineTrust> {
  let deaths = await readDeaths(file, processor);
  let plain = deaths >= DEATHS_TO_SETTLE;

  const write = async (next: number): Promise<void> => {
    deaths = next;
    try {
      await writeFileAtomically(file, `${JSON.stringify({ version: 1, processor, deaths }, undefined, 2)}\n`);
    } catch (error) {
      // Without the note the next start finds it out anew.
      log.warn('language.trust-not-written', { error });
    }
  };

  return {
    isPlain: () => plain,
    async died() {
      // With plain code it was something else.
      if (plain) return false;
      plain = true;
      await write(deaths + 1);
      log.warn('language.plain-cpu', { deaths });
      return true;
    },
    async answered() {
      if (!plain && deaths > 0) await write(0);
    },
  };
}

async function readDeaths(file: string, processor: string): Promise<number> {
  try {
    const content = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return content.processor === processor ? content.deaths : 0;
  } catch {
    return 0;
  }
}
