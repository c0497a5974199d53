import type { Conversation, Message } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Keyring } from '../secrets/index.ts';
import { inTransaction, type Connection } from './connection.ts';
import { createHeadings } from './headings.ts';
import { prepareQueries, toConversation, toMessage, type ConversationRow, type MessageRow, type Queries } from './queries.ts';
import { createRowCipher, type RowCipher } from './row-cipher.ts';
import { createSearch } from './search.ts';
import { createFilter } from './search-filter.ts';
import { conversationGone, messageGone, toStoreError } from './store-errors.ts';
import type { ConversationSummary, StoreReader, StoreWriter } from './store.ts';

/** The history on one open connection: all of the store but its life (opening, backups, restoring). */
export interface MessageStore extends StoreReader, StoreWriter {
  /** Ends a little of what has lain in the bin since before `olderThanMs`; returns how many rows went, 0 = nothing left. */
  purgeSome(olderThanMs: number, maxMessages: number): number;
  /** Moves conversations without a message since `olderThanMs` into the bin. */
  binUntouched(olderThanMs: number, deletedAtMs: number): number;
  /** Opens titles and previews ahead of the first `listConversations`, in slices. */
  warm(mayContinue: () => boolean): Promise<void>;
  readonly queries: Queries;
  readonly cipher: RowCipher;
}

export interface MessageStoreDependencies {
  connection: Connection;
  keyring: Keyring;
  clock: Pick<Clock, 'nowMs'>;
  log: Log;
}

export function createMessageStore(deps: MessageStoreDependencies): MessageStore {
  const { connection, keyring, clock, log } = deps;
  const queries = prepareQueries(connection);
  const cipher = createRowCipher(keyring);
  const headings = createHeadings({ queries, cipher, log });
  const write = <Value>(work: () => Value): Value => inTransaction(connection, work);
  const reader = createReader({ queries, cipher, headings });
  const search = createSearch({
    queries,
    cipher,
    keyring,
    clock,
    titleOf: (id) => titleOf(queries, headings, id),
    isOpen: () => connection.open,
  });
  const conversations = createConversationWriter({ queries, cipher, headings, write });
  const messages = createMessageWriter({ queries, cipher, keyring, write });
  return {
    queries,
    cipher,
    warm: headings.warm,
    ...guardAll({ ...reader, ...conversations, ...messages }),
    async searchMessages(query) {
      try {
        return await search(query);
      } catch (error) {
        throw toStoreError(error);
      }
    },
  };
}

type Headings = ReturnType<typeof createHeadings>;
type Write = <Value>(work: () => Value) => Value;

function titleOf(queries: Queries, headings: Headings, conversationId: string): string {
  const row = queries.getConversation.get(conversationId);
  return row ? headings.of(row).title : '';
}

function createReader(deps: { queries: Queries; cipher: RowCipher; headings: Headings }): Omit<StoreReader, 'searchMessages'> {
  const { queries, cipher, headings } = deps;
  const read = (row: ConversationRow): Conversation => toConversation(row, headings.of(row));
  const open = (row: MessageRow): Message => toMessage(row, cipher.openText(row));
  return {
    listConversations: () => queries.listConversations.all().map(read),
    getConversation(id) {
      const row = queries.getConversation.get(id);
      return row && read(row);
    },
    listMessages(conversationId, { beforeMs = Number.MAX_SAFE_INTEGER, limit }) {
      return queries.listMessages.all(conversationId, beforeMs, limit).toReversed().map(open);
    },
    getMessage(id) {
      const row = queries.getMessage.get(id);
      return row && open(row);
    },
    getSummary(conversationId) {
      const row = queries.getSummary.get(conversationId);
      return (
        row && {
          text: cipher.openSummary(row),
          throughMessageId: row.through_message_id,
          ...(row.tainted === 1 ? { tainted: true } : {}),
        }
      );
    },
  };
}

function createConversationWriter(deps: { queries: Queries; cipher: RowCipher; headings: Headings; write: Write }) {
  const { queries, cipher, headings, write } = deps;
  const requireConversation = (id: string) => {
    const row = queries.getConversationEnd.get(id);
    if (!row) throw conversationGone(id);
    return row;
  };

  const purgeSome = (olderThanMs: number, maxMessages: number): number => {
    headings.forget();
    return write(() => {
      const id = queries.listDeleted.get(olderThanMs);
      if (id === undefined) return 0;
      const { changes } = queries.removeSomeMessages.run(id, maxMessages);
      return changes < maxMessages ? changes + queries.removeConversation.run(id).changes : changes;
    });
  };

  return {
    createConversation({ title, createdAtMs }: { title: string; createdAtMs: number }): Conversation {
      const id = createId('conversation');
      const atMs = Math.round(createdAtMs);
      queries.insertConversation.run(id, cipher.sealTitle({ id, version: 1 }, title), atMs, atMs);
      return { id, title, createdAtMs: atMs, updatedAtMs: atMs, messageCount: 0, preview: '' };
    },
    renameConversation(id: string, title: string): void {
      write(() => {
        const version = requireConversation(id).version + 1;
        queries.setTitle.run(version, cipher.sealTitle({ id, version }, title), id);
      });
    },
    deleteConversation(id: string, deletedAtMs: number): void {
      write(() => {
        requireConversation(id);
        queries.setDeleted.run(Math.round(deletedAtMs), id);
      });
    },
    restoreConversation(id: string): void {
      write(() => {
        requireConversation(id);
        queries.setDeleted.run(null, id);
      });
    },
    saveSummary(conversationId: string, { text, throughMessageId, tainted = false }: ConversationSummary): void {
      write(() => {
        requireConversation(conversationId);
        const version = (queries.getSummary.get(conversationId)?.version ?? 0) + 1;
        const place = { conversation_id: conversationId, version, through_message_id: throughMessageId };
        queries.saveSummary.run({ ...place, text: cipher.sealSummary(place, text), tainted: tainted ? 1 : 0 });
      });
    },
    purgeSome,
    purgeBin(olderThanMs: number): number {
      headings.forget();
      return write(() => {
        const ids = queries.listDeleted.all(olderThanMs);
        for (const id of ids) queries.removeConversation.run(id);
        return ids.length;
      });
    },
    binUntouched(olderThanMs: number, deletedAtMs: number): number {
      return write(() => {
        const ids = queries.listUntouched.all(olderThanMs);
        for (const id of ids) queries.setDeleted.run(Math.round(deletedAtMs), id);
        return ids.length;
      });
    },
  };
}

function createMessageWriter(deps: { queries: Queries; cipher: RowCipher; keyring: Keyring; write: Write }) {
  const { queries, cipher, keyring, write } = deps;
  return {
    /**
     * The stored time is later than that of every message before it in the conversation, by a millisecond if the clock was set back: order and paging go
     * by time, and an answer must never sort ahead of its question. A conversation in the bin still takes messages (an answer may be under way).
     */
    insertMessage(message: Omit<Message, 'id'> & { id?: string }): Message {
      return write(() => {
        const { conversationId, role, text, medium, language, heardChars, status, tainted = false } = message;
        const end = queries.getConversationEnd.get(conversationId);
        if (!end) throw conversationGone(conversationId);
        const createdAtMs = Math.max(Math.round(message.createdAtMs), (end.last_created_at_ms ?? -1) + 1);
        const id = message.id ?? createId('message');
        const place = { id, version: 1, conversation_id: conversationId, role };
        const { lastInsertRowid } = queries.insertMessage.run({
          ...place,
          text: cipher.sealText(place, text),
          medium,
          language,
          heard_chars: heardChars,
          status,
          tainted: tainted ? 1 : 0,
          created_at_ms: createdAtMs,
        });
        const seq = Number(lastInsertRowid);
        queries.saveFilter.run(seq, createFilter(text, keyring));
        queries.extendConversation.run(seq, createdAtMs, conversationId);
        return { id, conversationId, role, text, medium, language, heardChars, status, ...(tainted ? { tainted } : {}), createdAtMs };
      });
    },
    updateMessage(id: string, patch: Partial<Pick<Message, 'text' | 'heardChars' | 'status' | 'tainted'>>): Message {
      return write(() => {
        const row = queries.getMessage.get(id);
        if (!row) throw messageGone(id);
        const formerText = cipher.openText(row);
        const text = patch.text ?? formerText;
        const next: MessageRow = { ...row, status: patch.status ?? row.status };
        if (patch.tainted !== undefined) next.tainted = patch.tainted ? 1 : 0;
        if (patch.heardChars !== undefined) next.heard_chars = patch.heardChars;
        if (text !== formerText) {
          next.version += 1;
          next.text = cipher.sealText(next, text);
          queries.saveFilter.run(row.seq, createFilter(text, keyring));
        }
        const { seq, version, heard_chars, status, tainted } = next;
        queries.updateMessage.run({ seq, version, text: next.text, heard_chars, status, tainted });
        return toMessage(next, text);
      });
    },
    /** A message that is not there (any more) is no error: whoever deletes wants it gone. */
    deleteMessage(id: string): void {
      write(() => {
        const row = queries.getMessage.get(id);
        if (!row) return;
        queries.removeMessage.run(row.seq);
        queries.recountConversation.run({ id: row.conversation_id });
      });
    },
  };
}

function guard<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Every function of the object, with SQLite's and the keyring's errors turned into the store's own. */
function guardAll<Functions extends object>(functions: Functions): Functions {
  const entries = Object.entries(functions).map(([name, run]: [string, (...inputs: unknown[]) => unknown]) => {
    return [name, (...inputs: unknown[]) => guard(() => run(...inputs))] as const;
  });
  return Object.fromEntries(entries) as Functions;
}
