import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, writeFileAtomically } from '../../../base/atomic-file.ts';
import { trunkSchema } from '../../../../src-preload/contract/index.ts';

/** What an owner wishes, without ports and passwords of one life. Anything else that is handed over is left out. */
const goodWishesSchema = z.object({
  trunks: z.array(trunkSchema.extend({ password: z.string() })),
  mobiles: z.array(z.object({ id: z.string(), name: z.string(), extension: z.string(), password: z.string() })),
  sipPort: z.number().int(),
  reachableFrom: z.enum(['loopback', 'network']),
  dongle: z.object({ device: z.string() }).nullable(),
  country: z.string(),
});
type GoodWishes = z.infer<typeof goodWishesSchema>;

/**
 * The wishes that Asterisk took last, for a start with others that it does not take. Passwords are in the file as they are in Asterisk's own beside it: only the
 * owner may read both.
 */
export interface LastGood {
  /** undefined = there are none, or the file is damaged. */
  read(): Promise<GoodWishes | undefined>;
  write(wishes: Readonly<{ [Key in keyof GoodWishes]: unknown }>): Promise<void>;
}

export function createLastGood(base: string): LastGood {
  const file = join(base, 'last-good.json');
  return {
    async read() {
      try {
        return goodWishesSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      } catch (error) {
        if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
        throw error;
      }
    },
    async write(wishes) {
      const { data } = goodWishesSchema.safeParse(wishes);
      // What could not be read back is no help.
      if (data !== undefined) await writeFileAtomically(file, `${JSON.stringify(data)}\n`);
    },
  };
}
