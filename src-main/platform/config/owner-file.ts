import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import { toErrorData, type AppError, type ErrorData } from '../../base/errors.ts';

/** What the owner has set up in a file of its own, beside the settings: `mcp.json`, `phone.json`. Holds names of secrets, never their values. */
export interface OwnerFile<Content> {
  content(): Content;
  /** One change after the other; in effect when it is on disk. Rejects with the error of `notWritten` or `unreadable`; all stays as it was then. */
  change(edit: (content: Content) => Content): Promise<void>;
  /** What went wrong at load, if anything. */
  problem(): ErrorData | undefined;
  /** Resolves when what is being written is written. */
  settled(): Promise<void>;
}

export interface OwnerFileOptions<Content extends object> {
  /** Whole path; the name ends with `.json`. */
  file: string;
  /** Of the content without its version, which is 1. */
  schema: z.ZodType<Content>;
  empty: Content;
  /** Calendar time, for the name of a damaged file that is put aside. */
  nowMs: number;
  errors: {
    /** The file is there but cannot be read: it is not written over. */
    unreadable: (file: string, cause: unknown) => AppError;
    damaged: (aside: string) => AppError;
    notWritten: (file: string, cause: unknown) => AppError;
  };
}

const versionSchema = z.object({ version: z.literal(1) });

/** Never rejects: a file that cannot be used is a problem to be told, and nothing of it is lost. */
export async function openOwnerFile<Content extends object>(options: OwnerFileOptions<Content>): Promise<OwnerFile<Content>> {
  const loaded = await load(options);
  let { content } = loaded;
  let queue: Promise<void> = Promise.resolve();
  return {
    content: () => content,
    change(edit) {
      const run = queue.then(async () => {
        if (loaded.unreadable) throw loaded.unreadable;
        const next = edit(content);
        if (next === content) return;
        await write(options, next);
        content = next;
      });
      queue = run.catch(() => undefined);
      return run;
    },
    problem: () => loaded.problem,
    settled: () => queue,
  };
}

interface Loaded<Content> {
  content: Content;
  problem?: ErrorData;
  unreadable?: AppError;
}

async function load<Content extends object>({ file, schema, empty, nowMs, errors }: OwnerFileOptions<Content>): Promise<Loaded<Content>> {
  const refuse = (cause: unknown): Loaded<Content> => {
    const unreadable = errors.unreadable(file, cause);
    return { content: empty, problem: toErrorData(unreadable), unreadable };
  };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { content: empty } : refuse(error);
  }
  const json = parseJson(text);
  const parsed = schema.safeParse(json);
  if (parsed.success && versionSchema.safeParse(json).success) return { content: parsed.data };
  const aside = file.replace(/\.json$/, `.damaged-${nowMs}.json`);
  try {
    await rename(file, aside);
  } catch (error) {
    return refuse(error);
  }
  return { content: empty, problem: toErrorData(errors.damaged(aside)) };
}

async function write<Content extends object>({ file, errors }: OwnerFileOptions<Content>, content: Content): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomically(file, `${JSON.stringify({ version: 1, ...content }, null, 2)}\n`);
  } catch (error) {
    throw errors.notWritten(file, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
