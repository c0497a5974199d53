import type { Clock } from '../../base/clock.ts';
import { createId } from '../../base/ids.ts';
import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { Tell } from '../../platform/contract-host/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Message } from '../../../src-preload/contract/index.ts';
import type { Gate } from '../killswitch/index.ts';
import type { Floor } from './floor.ts';
import type { MessageLog } from './message-log.ts';

/** What the assistant says without having been asked. */
export interface Announcements {
  /**
   * A sentence to whoever is there: aloud where a voice session is open, as soon as nobody talks, and in any case as a message of the assistant; while
   * answers are stopped as a message only. For timers and for what was done in the background. Returns which of the two it is. Never throws.
   */
  announce(text: string, language: LanguageCode, options?: { tainted?: boolean }): 'spoken' | 'written';
  /** A question of a tool aloud, inside the answer that waits for it. */
  speakQuestion(words: string, language: LanguageCode): void;
}

interface Listener {
  floor: Floor;
  voice: object | undefined;
}

export function createAnnouncements(deps: {
  /** Oldest first. */
  clients: () => readonly Listener[];
  whenQuiet: (work: () => void) => void;
  /** Somebody else than the owner is in that conversation now: what is for the owner does not belong there. */
  isCall: (conversationId: string) => boolean;
  store: Pick<Store, 'listConversations' | 'createConversation'>;
  messages: Pick<MessageLog, 'add'>;
  gate: Pick<Gate, 'isOpen'>;
  tell: Tell;
  clock: Pick<Clock, 'wallMs'>;
  onError: (error: unknown) => void;
}): Announcements {
  const listener = (): Listener | undefined =>
    deps.gate.isOpen('answer') ? deps.clients().findLast(({ voice }) => voice !== undefined) : undefined;

  /** In the conversation in front, else in the one that was used last. */
  const write = (text: string, language: LanguageCode, tainted: boolean): void => {
    const inFront = deps
      .clients()
      .findLast(({ floor }) => floor.conversationId() !== null)
      ?.floor.conversationId();
    const createdAtMs = deps.clock.wallMs();
    const conversationId =
      inFront ??
      deps.store.listConversations().find(({ id }) => !deps.isCall(id))?.id ??
      deps.store.createConversation({ title: '', createdAtMs }).id;
    const message: Message = {
      id: createId('msg'),
      conversationId,
      role: 'assistant',
      text,
      medium: 'text',
      language,
      heardChars: null,
      status: 'complete',
      ...(tainted ? { tainted } : {}),
      createdAtMs,
    };
    deps.messages.add(message);
    deps.tell('conversations.changed', { conversationId });
  };

  const say = (text: string, language: LanguageCode, tainted: boolean): void => {
    try {
      const client = listener();
      if (client) client.floor.announce(text, language, tainted);
      else write(text, language, tainted);
    } catch (error) {
      deps.onError(error);
    }
  };

  const announce: Announcements['announce'] = (text, language, { tainted = false } = {}) => {
    if (!listener()) {
      say(text, language, tainted);
      return 'written';
    }
    deps.whenQuiet(() => say(text, language, tainted));
    return 'spoken';
  };

  return {
    announce,
    speakQuestion(words, language) {
      const waiting = deps.clients().filter(({ floor, voice }) => voice !== undefined && floor.current()?.isWaiting() === true);
      for (const { floor } of waiting) floor.current()?.say(words);
      if (waiting.length === 0) announce(words, language);
    },
  };
}
