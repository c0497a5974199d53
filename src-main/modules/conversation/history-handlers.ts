import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Conversation, Message } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { HandlersFor, Tell } from '../../platform/contract-host/index.ts';
import type { AuditLog } from '../../platform/observability/index.ts';
import type { HistoryStore } from '../../platform/store/index.ts';
import { exportConversation, type ExportOptions } from './history-export.ts';

type Calls =
  | 'conversations.list'
  | 'conversations.create'
  | 'conversations.rename'
  | 'conversations.delete'
  | 'conversations.restore'
  | 'conversations.messages'
  | 'conversations.search'
  | 'conversations.export'
  | 'store.backups'
  | 'store.restoreBackup';

export interface HistoryDependencies {
  store: HistoryStore;
  tell: Tell;
  audit: Pick<AuditLog, 'record'>;
  clock: Pick<Clock, 'wallMs'>;
  /** Of the user interface; for exports. */
  exportOptions: () => ExportOptions;
}

const MESSAGES_PER_PAGE = 200;

/** The contract's side of the history. Every change is told to all pages; what cannot be undone by a click is in the audit log. */
export function createHistoryHandlers(deps: HistoryDependencies): HandlersFor<Calls> {
  const { store, tell, audit, clock } = deps;
  const requireConversation = (id: string): Conversation => {
    const conversation = store.getConversation(id);
    if (!conversation) throw conversationGone(id);
    return conversation;
  };
  const changed = (conversationId: string | null): void => tell('conversations.changed', { conversationId });
  store.onReplaced(() => changed(null));

  return {
    'conversations.list': () => store.listConversations(),
    'conversations.create': ({ title }) => {
      const conversation = store.createConversation({ title: title ?? '', createdAtMs: clock.wallMs() });
      changed(conversation.id);
      return conversation;
    },
    'conversations.rename': ({ id, title }) => {
      requireConversation(id);
      store.renameConversation(id, title);
      changed(id);
    },
    'conversations.delete': async ({ id }) => {
      requireConversation(id);
      store.deleteConversation(id, clock.wallMs());
      changed(id);
      await audit.record({ action: 'conversation.delete', subject: id });
    },
    'conversations.restore': ({ id }) => {
      store.restoreConversation(id);
      changed(id);
    },
    'conversations.messages': ({ id, beforeMs, limit }) => {
      requireConversation(id);
      return store.listMessages(id, { limit, ...(beforeMs === undefined ? {} : { beforeMs }) });
    },
    'conversations.search': ({ query }) => store.searchMessages(query),
    'conversations.export': async ({ id, format }) => {
      const conversation = requireConversation(id);
      const messages = await allMessages(store, id);
      await audit.record({ action: 'conversation.export', subject: id, details: { format, messageCount: messages.length } });
      return exportConversation(conversation, messages, format, deps.exportOptions());
    },
    'store.backups': () => store.backups(),
    'store.restoreBackup': async ({ fileName }) => {
      await store.restoreBackup(fileName);
      await audit.record({ action: 'backup.restore', subject: fileName });
    },
  };
}

/** Page by page from the newest, so that a long conversation does not hold up the process. */
async function allMessages(store: HistoryStore, conversationId: string): Promise<Message[]> {
  const pages: Message[][] = [];
  let page = store.listMessages(conversationId, { limit: MESSAGES_PER_PAGE });
  while (page.length > 0) {
    pages.unshift(page);
    await nextTurn();
    page = store.listMessages(conversationId, { limit: MESSAGES_PER_PAGE, beforeMs: page[0]?.createdAtMs ?? 0 });
  }
  return pages.flat();
}

function conversationGone(id: string): AppError {
  return new AppError('conversation.gone', 'This conversation no longer exists. Choose another one or start a new one.', {
    details: { conversationId: id },
  });
}
