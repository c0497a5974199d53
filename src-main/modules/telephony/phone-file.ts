import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { mobilePhoneSchema, phoneContactSchema, phoneNumberSchema, trunkSchema } from '../../../src-preload/contract/index.ts';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import { toErrorData, type AppError, type ErrorData } from '../../base/errors.ts';
import { phoneError } from './telephony-errors.ts';

const savedMobileSchema = mobilePhoneSchema.omit({ registered: true });
export type SavedMobile = z.infer<typeof savedMobileSchema>;

const contentSchema = z.object({
  version: z.literal(1),
  /** Which exchange; null = never set up. Its password lies in the vault as `phone.existing`. */
  exchange: z.union([
    z.null(),
    z.object({ kind: z.literal('container') }),
    z.object({ kind: z.literal('existing'), url: z.string(), user: z.string() }),
  ]),
  /** Starts together with the app. */
  isOn: z.boolean(),
  trunks: z.array(trunkSchema),
  mobiles: z.array(savedMobileSchema),
  contacts: z.array(phoneContactSchema),
  /** On the block list without being in the phone book. */
  blockedNumbers: z.array(phoneNumberSchema),
  quietUntilMs: z.number().nullable(),
});
export type PhoneContent = Omit<z.infer<typeof contentSchema>, 'version'>;

/** `phone.json` in the data folder: the exchange, trunks, phones, phone book and block list. Holds no password; those lie in the vault. */
export interface PhoneFile {
  content(): PhoneContent;
  /** One change after the other; in effect when it is on disk. Rejects with `phone.file-not-written` or `phone.file-unreadable`; all stays as it was then. */
  change(edit: (content: PhoneContent) => PhoneContent): Promise<void>;
  /** What went wrong at load, if anything. */
  problem(): ErrorData | undefined;
  /** Resolves when what is being written is written. */
  settled(): Promise<void>;
}

export async function openPhoneFile(deps: { dataDirectory: string; clock: Pick<Clock, 'wallMs'> }): Promise<PhoneFile> {
  const file = join(deps.dataDirectory, 'phone.json');
  const loaded = await load(file, deps.clock.wallMs());
  let { content } = loaded;
  let queue: Promise<void> = Promise.resolve();
  return {
    content: () => content,
    change(edit) {
      const run = queue.then(async () => {
        if (loaded.unreadable) throw loaded.unreadable;
        const next = edit(content);
        if (next === content) return;
        await write(file, next);
        content = next;
      });
      queue = run.catch(() => undefined);
      return run;
    },
    problem: () => loaded.problem,
    settled: () => queue,
  };
}

const EMPTY: PhoneContent = { exchange: null, isOn: false, trunks: [], mobiles: [], contacts: [], blockedNumbers: [], quietUntilMs: null };

async function load(file: string, nowMs: number): Promise<{ content: PhoneContent; problem?: ErrorData; unreadable?: AppError }> {
  const unreadable = (error: unknown): { content: PhoneContent; problem: ErrorData; unreadable: AppError } => {
    const refusal = phoneError('phone.file-unreadable', { file }, error);
    return { content: EMPTY, problem: toErrorData(refusal), unreadable: refusal };
  };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { content: EMPTY } : unreadable(error);
  }
  const parsed = contentSchema.safeParse(parseJson(text));
  if (parsed.success) {
    const { version: _version, ...content } = parsed.data;
    return { content };
  }
  const aside = file.replace(/\.json$/, `.damaged-${nowMs}.json`);
  try {
    await rename(file, aside);
  } catch (error) {
    return unreadable(error);
  }
  return { content: EMPTY, problem: toErrorData(phoneError('phone.file-damaged', { file: aside })) };
}

async function write(file: string, content: PhoneContent): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomically(file, `${JSON.stringify({ version: 1, ...content }, null, 2)}\n`);
  } catch (error) {
    throw phoneError('phone.file-not-written', { file }, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
