import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import { toErrorData, type AppError, type ErrorData } from '../../base/errors.ts';
import { mcpTransportSchema, toolPolicySchema, toolRightSchema } from '../../../src-preload/contract/index.ts';
import { fileDamaged, fileNotWritten, fileUnreadable } from './mcp-errors.ts';

/** What the owner has agreed to about one tool. */
const decisionSchema = z.object({
  /** Of the tool as it was, see tool-pin.ts. */
  pin: z.string(),
  title: z.string(),
  description: z.string(),
  /** What it took, as it was shown. Absent in decisions of older versions. */
  schema: z.string().optional(),
  rights: z.array(toolRightSchema),
  policy: toolPolicySchema,
});
export type Decision = z.infer<typeof decisionSchema>;

const serverSchema = z.object({
  id: z.string(),
  name: z.string(),
  transport: mcpTransportSchema,
  enabled: z.boolean(),
  /** By the name that the server gives its tool. */
  decisions: z.record(z.string(), decisionSchema),
});
export type SavedServer = z.infer<typeof serverSchema>;

const accessSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** SHA-256 of the token, base64url; the token itself is kept nowhere. It is 256 random bits, so a slow hash would protect nothing more. */
  hash: z.string(),
  mayReadMessages: z.boolean(),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
});
export type SavedAccess = z.infer<typeof accessSchema>;

const contentSchema = z.object({
  version: z.literal(1),
  servers: z.array(serverSchema),
  access: z.array(accessSchema),
});
export type McpContent = Omit<z.infer<typeof contentSchema>, 'version'>;

/** `mcp.json` in the data folder: servers, decisions about their tools, and programs with access. Holds names of secrets, never their values. */
export interface McpFile {
  content(): McpContent;
  /** One change after the other; in effect when it is on disk. Rejects with `mcp.not-written` or `mcp.file-unreadable`; all stays as it was then. */
  change(edit: (content: McpContent) => McpContent): Promise<void>;
  /** What went wrong at load, if anything. */
  problem(): ErrorData | undefined;
  /** Resolves when what is being written is written. */
  settled(): Promise<void>;
}

export async function openMcpFile(deps: { dataDirectory: string; clock: Pick<Clock, 'wallMs'> }): Promise<McpFile> {
  const file = join(deps.dataDirectory, 'mcp.json');
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

interface Loaded {
  content: McpContent;
  problem?: ErrorData;
  /** The file is there but cannot be read: it must not be written over. */
  unreadable?: AppError;
}

async function load(file: string, nowMs: number): Promise<Loaded> {
  const empty: McpContent = { servers: [], access: [] };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { content: empty };
    const unreadable = fileUnreadable(file, error);
    return { content: empty, problem: toErrorData(unreadable), unreadable };
  }
  const parsed = contentSchema.safeParse(parseJson(text));
  if (parsed.success) return { content: { servers: parsed.data.servers, access: parsed.data.access } };
  const aside = file.replace(/\.json$/, `.damaged-${nowMs}.json`);
  try {
    await rename(file, aside);
  } catch (error) {
    const unreadable = fileUnreadable(file, error);
    return { content: empty, problem: toErrorData(unreadable), unreadable };
  }
  return { content: empty, problem: toErrorData(fileDamaged(aside)) };
}

async function write(file: string, content: McpContent): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomically(file, `${JSON.stringify({ version: 1, ...content }, null, 2)}\n`);
  } catch (error) {
    throw fileNotWritten(file, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
