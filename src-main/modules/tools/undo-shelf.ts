import { toolError } from './tools-errors.ts';

/** How the latest calls can be taken back; kept while the app runs. */
export interface UndoShelf {
  put(callId: string, undo: (signal: AbortSignal) => Promise<void>): void;
  has(callId: string): boolean;
  /** Once: it is gone afterwards unless it failed. Throws `tools.no-undo`. */
  use(callId: string, signal: AbortSignal): Promise<void>;
}

/** Each may hold a file's former content (at most a megabyte). */
const KEPT = 50;

export function createUndoShelf(): UndoShelf {
  const shelf = new Map<string, (signal: AbortSignal) => Promise<void>>();
  return {
    put(callId, undo) {
      shelf.set(callId, undo);
      const [oldest] = shelf.keys();
      if (shelf.size > KEPT && oldest !== undefined) shelf.delete(oldest);
    },
    has: (callId) => shelf.has(callId),
    async use(callId, signal) {
      const undo = shelf.get(callId);
      if (!undo) throw toolError('tools.no-undo');
      // Taken off first: two clicks must not take it back twice.
      shelf.delete(callId);
      try {
        await undo(signal);
      } catch (error) {
        shelf.set(callId, undo);
        throw error;
      }
    },
  };
}
