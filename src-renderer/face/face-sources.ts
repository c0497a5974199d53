import type { Character } from '../../src-preload/contract/index.ts';
import type { FaceSource } from './face-body.ts';
import { closeFaceSource, faceSourceBytes, loadFaceSource } from './face-source.ts';

/** The faces that were shown last, decoded, so that going back to one takes no time. */
export interface FaceSources {
  /** Lends a face until `release`. Rejects as `loadFaceSource` does, or with the signal's reason. */
  borrow(character: Character, signal: AbortSignal): Promise<{ source: FaceSource; release: () => void }>;
  /** Memory of all decoded pictures. */
  sizeBytes(): number;
  dispose(): void;
}

interface Entry {
  loading: Promise<FaceSource>;
  ending: AbortController;
  source?: FaceSource;
  borrowers: number;
}

const MAX_SOURCES = 10;

export function createFaceSources(load: (character: Character, signal: AbortSignal) => Promise<FaceSource> = loadFaceSource): FaceSources {
  /** Least recently used first. The address changes with the content. */
  const entries = new Map<string, Entry>();

  const drop = (key: string, entry: Entry): void => {
    if (entries.get(key) === entry) entries.delete(key);
    entry.ending.abort();
    if (entry.source) closeFaceSource(entry.source);
  };

  const evict = (): void => {
    for (const [key, entry] of entries) {
      if (entries.size <= MAX_SOURCES) return;
      if (entry.borrowers === 0) drop(key, entry);
    }
  };

  const entryOf = (character: Character): [string, Entry] => {
    const key = keyOf(character);
    const known = entries.get(key);
    if (known) {
      entries.delete(key);
      entries.set(key, known);
      return [key, known];
    }
    const ending = new AbortController();
    const entry: Entry = { loading: load(character, ending.signal), ending, borrowers: 0 };
    entries.set(key, entry);
    entry.loading.then(
      (source) => {
        entry.source = source;
        // Dropped while it was loading.
        if (ending.signal.aborted) closeFaceSource(source);
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return [key, entry];
  };

  return {
    async borrow(character, signal) {
      const [key, entry] = entryOf(character);
      entry.borrowers += 1;
      let isReleased = false;
      const release = (): void => {
        if (isReleased) return;
        isReleased = true;
        entry.borrowers -= 1;
        // Nobody waits any more for what is still on its way.
        if (entry.borrowers === 0 && !entry.source) drop(key, entry);
        evict();
      };
      try {
        const source = await untilAborted(entry.loading, signal);
        evict();
        return { source, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    sizeBytes: () => [...entries.values()].reduce((sum, { source }) => sum + (source ? faceSourceBytes(source) : 0), 0),
    dispose() {
      for (const [key, entry] of entries) drop(key, entry);
    },
  };
}

/** What of a character its pictures depend on. */
function keyOf({ assets, portrait, model }: Character): string {
  return `${assets} ${portrait.hash} ${model ?? ''}`;
}

function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
