import type { Conversation, Message, SearchHit } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/dispose.ts';

/** What fell out of the context window, in few words. */
export interface ConversationSummary {
  text: string;
  /** The summary covers every message up to and including this one. */
  throughMessageId: string;
  /** Something in it came from outside. Absent = no. */
  tainted?: boolean;
}

/**
 * Reading the store. Every call is one short synchronous query (p99 under 10 ms) except `searchMessages`, which works in slices.
 * Texts are decrypted here and only here; a message or summary whose authentication fails throws `store.tampered` naming the row, a title or preview is
 * left empty and logged.
 */
export interface StoreReader {
  /** Newest first; those in the bin are left out. */
  listConversations(): Conversation[];
  getConversation(id: string): Conversation | undefined;
  /** Oldest first: the last `limit` messages created before `beforeMs` (default: all). */
  listMessages(conversationId: string, options: { beforeMs?: number; limit: number }): Message[];
  getMessage(id: string): Message | undefined;
  getSummary(conversationId: string): ConversationSummary | undefined;
  /** Case-insensitive words and word beginnings; newest first, at most 100 hits. No plaintext index on disk. */
  searchMessages(query: string): Promise<SearchHit[]>;
}

/** Writing. Each call is one transaction, on disk when it returns. A full disk throws `store.disk-full`; nothing is half-written. */
export interface StoreWriter {
  createConversation(input: { title: string; createdAtMs: number }): Conversation;
  renameConversation(id: string, title: string): void;
  /** To the bin; `purgeBin` ends what lies there longer than 30 days. */
  deleteConversation(id: string, deletedAtMs: number): void;
  restoreConversation(id: string): void;
  purgeBin(olderThanMs: number): number;
  insertMessage(message: Omit<Message, 'id'> & { id?: string }): Message;
  updateMessage(id: string, patch: Partial<Pick<Message, 'text' | 'heardChars' | 'status' | 'tainted'>>): Message;
  deleteMessage(id: string): void;
  saveSummary(conversationId: string, summary: ConversationSummary): void;
}

export interface Store extends StoreReader, StoreWriter, Disposable {}
