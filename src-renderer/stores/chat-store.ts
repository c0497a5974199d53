import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AnswerProgress, Bridge, Conversation, Message, TurnLatency } from '../../src-preload/contract/index.ts';

/** The conversation on screen and the list of all. */
export interface ChatState {
  conversations: readonly Conversation[];
  /** Null = a new conversation that has no message yet. */
  currentId: string | null;
  /** Oldest first. */
  messages: readonly Message[];
  status: 'loading' | 'ready' | 'failed';
  hasOlder: boolean;
  /** The answer that is being written or spoken; its message may be in `messages` already, with an older text. */
  live: AnswerProgress | undefined;
  /** Times of the turns of this page's life, by the answer's id. */
  latencies: Readonly<Record<string, TurnLatency>>;
  loadConversations(): Promise<void>;
  open(conversationId: string | null): Promise<void>;
  loadOlder(): Promise<void>;
  send(text: string, speak: boolean): Promise<void>;
}

const PAGE_MESSAGES = 60;

export function createChatStore(bridge: Bridge): StoreApi<ChatState> {
  const store = createStore<ChatState>()((set, get) => ({
    conversations: [],
    currentId: null,
    messages: [],
    status: 'ready',
    hasOlder: false,
    live: undefined,
    latencies: {},
    async loadConversations() {
      set({ conversations: await bridge.call('conversations.list', {}) });
    },
    async open(conversationId) {
      const empty = conversationId === null;
      set({ currentId: conversationId, messages: [], hasOlder: false, live: undefined, status: empty ? 'ready' : 'loading' });
      if (empty) return;
      try {
        const messages = await bridge.call('conversations.messages', { id: conversationId, limit: PAGE_MESSAGES });
        if (get().currentId !== conversationId) return;
        // What was told while the page was on its way is newer than the page.
        set((state) => ({ messages: merged(messages, state.messages), hasOlder: messages.length === PAGE_MESSAGES, status: 'ready' }));
      } catch (error) {
        if (get().currentId === conversationId) set({ status: 'failed' });
        throw error;
      }
    },
    async loadOlder() {
      const { currentId, messages, hasOlder } = get();
      const first = messages[0];
      if (currentId === null || !first || !hasOlder) return;
      set({ hasOlder: false });
      try {
        const older = await bridge.call('conversations.messages', { id: currentId, beforeMs: first.createdAtMs, limit: PAGE_MESSAGES });
        if (get().currentId !== currentId) return;
        set((state) => ({ messages: merged(older, state.messages), hasOlder: older.length === PAGE_MESSAGES }));
      } catch (error) {
        // They are still there: the next way up asks again.
        if (get().currentId === currentId) set({ hasOlder: true });
        throw error;
      }
    },
    async send(text, speak) {
      const { currentId } = get();
      const { conversationId } = await bridge.call('turn.send', { conversationId: currentId, text, speak });
      if (currentId === null && get().currentId === null) await get().open(conversationId);
    },
  }));
  listen(bridge, store);
  return store;
}

function listen(bridge: Bridge, store: StoreApi<ChatState>): void {
  const put = (message: Message): void =>
    store.setState(({ currentId, messages }) => (message.conversationId === currentId ? { messages: merged(messages, [message]) } : {}));
  bridge.on('message.added', put);
  bridge.on('message.changed', put);
  bridge.on('message.removed', ({ messageId }) =>
    store.setState(({ messages, live }) => ({
      messages: messages.filter((message) => message.id !== messageId),
      live: live?.messageId === messageId ? undefined : live,
    })),
  );
  bridge.on('answer.progress', (progress) =>
    store.setState(({ currentId }) => (progress.conversationId === currentId ? { live: progress.done ? undefined : progress } : {})),
  );
  bridge.on('turn.latency', ({ messageId, latency }) =>
    store.setState(({ latencies }) => ({ latencies: { ...latencies, [messageId]: latency } })),
  );
  bridge.on('conversations.changed', () => void store.getState().loadConversations());
}

/** Both lists as one, oldest first; of two versions of a message the one in `newer` counts. */
function merged(older: readonly Message[], newer: readonly Message[]): Message[] {
  const byId = new Map(older.map((message) => [message.id, message]));
  for (const message of newer) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.createdAtMs - b.createdAtMs || roleOrder(a) - roleOrder(b));
}

/** A question and its answer may bear the same millisecond. */
function roleOrder(message: Message): number {
  return message.role === 'user' ? 0 : 1;
}
