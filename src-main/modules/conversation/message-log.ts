import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Message } from '../../../src-preload/contract/index.ts';
import type { Tell } from '../../platform/contract-host/index.ts';
import type { StoreWriter } from '../../platform/store/index.ts';

/**
 * Messages as the window and the store get them: shown at once, written at once, and kept in memory and tried again when the disk refuses. What can never
 * be written (its conversation is gone) is dropped and logged, so that it holds up nothing else.
 */
export interface MessageLog extends Disposable {
  add(message: Message): void;
  change(message: Message): void;
  remove(message: Message): void;
  /** What waits belongs to a history that was replaced: it is not written into the one that came. */
  forget(): void;
  /** Messages that are shown but not on disk yet. */
  unsavedCount(): number;
}

type Write = { id: string; run: (store: Pick<StoreWriter, 'insertMessage' | 'updateMessage' | 'deleteMessage'>) => void };

const RETRY_MS = 5_000;
/** The circumstances refuse, and may change: a full or absent disk, another program, a damaged file until a backup is restored. Anything else fails alike each time. */
const PASSING: ReadonlySet<string> = new Set(['store.disk-full', 'store.not-writable', 'store.busy', 'store.io-error', 'store.damaged']);

/** `onUnsaved` is called when a write fails, `onSaved` when everything that waited has reached the disk. */
export function createMessageLog(deps: {
  store: Pick<StoreWriter, 'insertMessage' | 'updateMessage' | 'deleteMessage'>;
  tell: Tell;
  clock: Clock;
  log: Log;
  onUnsaved: (error: ErrorData) => void;
  onSaved: () => void;
}): MessageLog {
  const waiting: Write[] = [];
  let retry: Timer | undefined;

  /** Writes what waits, in order; stops where the disk refuses. */
  const flush = (): void => {
    const hadTrouble = retry !== undefined;
    retry?.cancel();
    retry = undefined;
    for (;;) {
      const write = waiting[0];
      if (!write) break;
      try {
        write.run(deps.store);
      } catch (error) {
        const trouble = toErrorData(error);
        if (PASSING.has(trouble.code)) {
          retry = deps.clock.after(RETRY_MS, flush);
          if (!hadTrouble) deps.onUnsaved(trouble);
          return;
        }
        deps.log.error('message.not-written', { messageId: write.id, error });
      }
      waiting.shift();
    }
    if (hadTrouble) deps.onSaved();
  };
  const write = (id: string, run: Write['run']): void => {
    waiting.push({ id, run });
    flush();
  };

  return {
    add(message) {
      deps.tell('message.added', message);
      write(message.id, (store) => store.insertMessage(message));
    },
    change(message) {
      deps.tell('message.changed', message);
      const { id, text, heardChars, status, tainted } = message;
      write(id, (store) => store.updateMessage(id, { text, heardChars, status, ...(tainted === undefined ? {} : { tainted }) }));
    },
    remove(message) {
      deps.tell('message.removed', { conversationId: message.conversationId, messageId: message.id });
      write(message.id, (store) => store.deleteMessage(message.id));
    },
    forget() {
      waiting.length = 0;
      flush();
    },
    unsavedCount: () => new Set(waiting.map((entry) => entry.id)).size,
    dispose() {
      flush();
      retry?.cancel();
    },
  };
}
