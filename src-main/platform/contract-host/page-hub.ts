import type { AudioPortKind, EventName } from '../../../src-preload/contract/index.ts';
import { events } from '../../../src-preload/contract/index.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import { SOUND_KINDS, type Caller, type ClientGone, type OpenAudio, type Tell } from './contract-host.ts';

/** A page behind a door, as long as it lives. */
export interface Page {
  caller: Caller;
  /** Never throws, never waits; a page that cannot take it is the door's matter. */
  send(name: EventName, payload: unknown): void;
  /** Gives the page the sound of its session or the pictures of a face, or a fresh line after a worker's restart. */
  openAudio(sessionId: string, kinds: readonly AudioPortKind[]): void;
}

/** Who is there: what the core tells goes through here to every page at every door. */
export interface PageHub {
  tell: Tell;
  openAudio: OpenAudio;
  /** Hears what pages are told, for the tray and other things that show the state without being a page. */
  watch(listener: (name: EventName, payload: unknown, clientId: string | undefined) => void): Unsubscribe;
  /** The pages that are there, in the order of their coming. */
  callers(): Caller[];
  /** The page that a command from outside (shortcut, tray, terminal) is meant for: the window's, else the browser page that came last. */
  commandClient(): string | undefined;
  /** A door announces a page, and takes it back when it is gone. */
  add(page: Page): Unsubscribe;
  onCame(listener: (caller: Caller) => void): Unsubscribe;
  onGone(listener: ClientGone): Unsubscribe;
}

export interface PageHubOptions {
  log: Log;
  /** Also checks what is told; for development and tests. */
  checkEvents: boolean;
}

export function createPageHub({ log, checkEvents }: PageHubOptions): PageHub {
  const pages = new Map<string, Page>();
  const cameListeners = new Set<(caller: Caller) => void>();
  const goneListeners = new Set<ClientGone>();
  const watchers = new Set<Parameters<PageHub['watch']>[0]>();

  const callers = (): Caller[] => Array.from(pages.values(), (page) => page.caller);

  const gone = (clientId: string): void => {
    if (!pages.delete(clientId)) return;
    for (const listener of goneListeners) listener(clientId);
  };

  return {
    tell(name, payload, clientId) {
      if (checkEvents) reportBadEvent(name, payload, log);
      const meant = Array.from(pages.values()).filter((page) => clientId === undefined || page.caller.clientId === clientId);
      const hearers = [...meant.map((page) => page.send), ...watchers];
      for (const hear of hearers) {
        try {
          hear(name, payload, clientId);
        } catch (error) {
          log.error('contract.event-failed', { event: name, error });
        }
      }
    },
    openAudio: (caller, sessionId, kinds = SOUND_KINDS) => pages.get(caller.clientId)?.openAudio(sessionId, kinds),
    watch(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    callers,
    commandClient() {
      const present = callers().filter(({ door }) => door !== 'phone');
      return (present.findLast((caller) => caller.door === 'window') ?? present.at(-1))?.clientId;
    },
    add(page) {
      pages.set(page.caller.clientId, page);
      for (const listener of cameListeners) listener(page.caller);
      return () => gone(page.caller.clientId);
    },
    onCame(listener) {
      cameListeners.add(listener);
      return () => void cameListeners.delete(listener);
    },
    onGone(listener) {
      goneListeners.add(listener);
      return () => void goneListeners.delete(listener);
    },
  };
}

function reportBadEvent(name: EventName, payload: unknown, log: Log): void {
  const checked = events[name].safeParse(payload);
  if (!checked.success) log.error('contract.bad-event', { event: name, issues: checked.error.message });
}
