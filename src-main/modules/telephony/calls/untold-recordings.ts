import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../base/clock.ts';
import { toErrorData, type AppError, type ErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { openOwnerFile } from '../../../platform/config/index.ts';
import { phoneError } from '../telephony-errors.ts';

/** Names of recordings whose other end has not been told yet that it is recorded. What ends as such is not kept. */
export interface UntoldRecordings {
  /** Before the recording begins. Rejects when it could not be written down; it must not begin then. */
  add(name: string): Promise<void>;
  /** It is of this life of the app, which knows whom it has told. */
  begun(name: string): void;
  /** They have been told, or the sound is gone. Never rejects: at worst what was told is not kept. */
  remove(name: string): Promise<void>;
  /** Where the list could not be read: also all those of an earlier life. */
  has(name: string): boolean;
  /** What went wrong at load, if anything. */
  problem(): ErrorData | undefined;
  /** Resolves when what is being written is written. */
  settled(): Promise<void>;
}

/** In a file, because an app that is killed while it tells of a recording must not keep the recording when it starts again. */
export async function openUntoldRecordings(deps: {
  dataDirectory: string;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}): Promise<UntoldRecordings> {
  const { log } = deps;
  const file = await openOwnerFile({
    file: join(deps.dataDirectory, 'recordings-untold.json'),
    schema: z.object({ names: z.array(z.string()) }),
    empty: { names: [] },
    nowMs: deps.clock.wallMs(),
    errors: { unreadable: unknown, notWritten: failed, damaged: (aside) => unknown(aside, undefined) },
  });
  const problem = file.problem();
  if (problem) log.warn('call.untold-recordings-unknown', { ...problem });
  const names = new Set(file.content().names);
  const begunHere = new Set<string>();
  const write = (): Promise<void> => file.change(() => ({ names: [...names] }));
  return {
    async add(name) {
      names.add(name);
      try {
        await write();
      } catch (error) {
        names.delete(name);
        throw error;
      }
    },
    async remove(name) {
      if (!names.delete(name)) return;
      await write().catch((error: unknown) => log.warn('call.recording-still-untold', { name, ...toErrorData(error) }));
    },
    begun: (name) => void begunHere.add(name),
    has: (name) => names.has(name) || (problem !== undefined && !begunHere.has(name)),
    problem: () => problem,
    settled: file.settled,
  };
}

function failed(file: string, cause: unknown): AppError {
  return phoneError('phone.recording-failed', { file }, cause);
}

function unknown(file: string, cause: unknown): AppError {
  return phoneError('phone.recordings-unknown', { file }, cause);
}
