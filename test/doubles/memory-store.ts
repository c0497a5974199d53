import type { Conversation, Message } from '../../src-preload/contract/index.ts';
import type { Store } from '../../src-main/platform/store/store.ts';

/** A store that forgets: enough for tests of those who use one. `failWith` makes every write throw. */
export interface MemoryStore extends Store {
  readonly messages: Message[];
  failWith(error: Error | undefined): void;
}

const notImplemented = (name: string) => (): never => {
  throw new Error(`createMemoryStore: ${name} is not implemented`);
};

export function createMemoryStore(): MemoryStore {
  const conversations = new Map<string, Conversation>();
  const messages: Message[] = [];
  let failure: Error | undefined;
  let count = 0;
  const write = <Value>(run: () => Value): Value => {
    if (failure) throw failure;
    return run();
  };
  const indexOf = (id: string): number => {
    const index = messages.findIndex((message) => message.id === id);
    if (index < 0) throw new Error(`createMemoryStore: no message ${id}`);
    return index;
  };
  return {
    messages,
    failWith: (error) => void (failure = error),
    listConversations: () => [...conversations.values()],
    getConversation: (id) => conversations.get(id),
    listMessages: (conversationId, { limit }) => messages.filter((message) => message.conversationId === conversationId).slice(-limit),
    getMessage: (id) => messages.find((message) => message.id === id),
    getSummary: () => undefined,
    searchMessages: notImplemented('searchMessages'),
    createConversation: ({ title, createdAtMs }) =>
      write(() => {
        count += 1;
        const conversation = { id: `conversation-${count}`, title, createdAtMs, updatedAtMs: createdAtMs, messageCount: 0, preview: '' };
        conversations.set(conversation.id, conversation);
        return conversation;
      }),
    renameConversation: notImplemented('renameConversation'),
    deleteConversation: (id) => void conversations.delete(id),
    restoreConversation: notImplemented('restoreConversation'),
    purgeBin: notImplemented('purgeBin'),
    insertMessage: (message) =>
      write(() => {
        count += 1;
        const stored = { id: `message-${count}`, ...message };
        messages.push(stored);
        return stored;
      }),
    updateMessage: (id, patch) =>
      write(() => {
        const index = indexOf(id);
        const current = messages[index];
        if (!current) throw new Error('unreachable: indexOf found it');
        const changed = { ...current, ...patch };
        messages[index] = changed;
        return changed;
      }),
    deleteMessage: (id) => write(() => void messages.splice(indexOf(id), 1)),
    saveSummary: notImplemented('saveSummary'),
    dispose: () => undefined,
  };
}
