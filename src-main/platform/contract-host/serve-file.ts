import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { AppError } from '../../base/errors.ts';

/** Where the running core can be reached by programs of the same owner. */
export interface ServeInfo {
  /** `http://127.0.0.1:PORT` */
  url: string;
  token: string;
  pid: number;
}

const serveInfoSchema = z.object({ url: z.url({ protocol: /^http$/ }), token: z.string().min(20), pid: z.number().int() });
const serveFile = (dataDirectory: string): string => join(dataDirectory, 'serve.json');

/** Writes `serve.json` into the data directory, readable by the owner only. */
export async function writeServeFile(dataDirectory: string, info: ServeInfo): Promise<void> {
  await writeFileAtomically(serveFile(dataDirectory), `${JSON.stringify(info)}\n`);
}

/** Takes the file away when the server closes; leaves one that another server has written since. */
export async function removeServeFile(dataDirectory: string, info: ServeInfo): Promise<void> {
  const current = await readServeFile(dataDirectory).catch(() => undefined);
  if (current?.token === info.token) await rm(serveFile(dataDirectory), { force: true });
}

/** Undefined when no server has left its address, or the one that did is gone. Rejects with `serve.damaged` for a file that is none of ours. */
export async function readServeFile(dataDirectory: string): Promise<ServeInfo | undefined> {
  const text = await readFile(serveFile(dataDirectory), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = serveInfoSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new AppError('serve.damaged', `${serveFile(dataDirectory)} is damaged. Delete it and start OpenClaw Desktop again.`);
  }
  return processIsAlive(parsed.data.pid) ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Alive, but not ours to signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
