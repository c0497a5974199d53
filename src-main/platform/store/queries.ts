import type { Conversation, Message } from '../../../src-preload/contract/index.ts';
import type { Connection } from './connection.ts';

/*
 * Every statement that the store runs, prepared once per connection. Plain SQL rather than a query builder: the contract is synchronous, the thirty
 * statements are all fixed, and a builder would compile text on each call and hand out promises.
 */

export interface ConversationRow {
  id: string;
  version: number;
  title: Buffer;
  message_count: number;
  created_at_ms: number;
  updated_at_ms: number;
  last_seq: number | null;
  /** Id and version of that message. */
  last_id: string | null;
  last_version: number | null;
}

export interface MessageRow {
  seq: number;
  id: string;
  conversation_id: string;
  version: number;
  role: Message['role'];
  text: Buffer;
  medium: Message['medium'];
  language: string;
  heard_chars: number | null;
  status: Message['status'];
  tainted: 0 | 1;
  created_at_ms: number;
}

export interface SummaryRow {
  conversation_id: string;
  version: number;
  text: Buffer;
  through_message_id: string;
  tainted: 0 | 1;
}

export interface FilterRow {
  seq: number;
  filter: Buffer;
}

type NewMessage = Omit<MessageRow, 'seq'>;

const CONVERSATION = `SELECT c.id, c.version, c.title, c.message_count, c.created_at_ms, c.updated_at_ms, c.last_seq, m.id AS last_id, m.version AS last_version
  FROM conversations c LEFT JOIN messages m ON m.seq = c.last_seq`;
const MESSAGE = `SELECT seq, id, conversation_id, version, role, text, medium, language, heard_chars, status, tainted, created_at_ms FROM messages`;

export type Queries = ReturnType<typeof prepareQueries>;

export function prepareQueries(connection: Connection) {
  return {
    getMeta: connection.prepare<[name: string], Buffer>('SELECT value FROM meta WHERE name = ?').pluck(),
    setMeta: connection.prepare<[name: string, value: Buffer]>(
      'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    ),

    listConversations: connection.prepare<[], ConversationRow>(
      `${CONVERSATION} WHERE c.deleted_at_ms IS NULL ORDER BY c.updated_at_ms DESC, c.id DESC`,
    ),
    getConversation: connection.prepare<[id: string], ConversationRow>(`${CONVERSATION} WHERE c.id = ? AND c.deleted_at_ms IS NULL`),
    /** In the bin or not: whether it exists, and when its last message was. */
    getConversationEnd: connection.prepare<[id: string], { version: number; last_created_at_ms: number | null }>(
      `SELECT c.version, m.created_at_ms AS last_created_at_ms FROM conversations c LEFT JOIN messages m ON m.seq = c.last_seq WHERE c.id = ?`,
    ),
    insertConversation: connection.prepare<[id: string, title: Buffer, created_at_ms: number, updated_at_ms: number]>(
      `INSERT INTO conversations (id, version, title, message_count, last_seq, created_at_ms, updated_at_ms, deleted_at_ms)
       VALUES (?, 1, ?, 0, NULL, ?, ?, NULL)`,
    ),
    setTitle: connection.prepare<[version: number, title: Buffer, id: string]>(
      'UPDATE conversations SET version = ?, title = ? WHERE id = ?',
    ),
    setDeleted: connection.prepare<[deleted_at_ms: number | null, id: string]>('UPDATE conversations SET deleted_at_ms = ? WHERE id = ?'),
    /** After a new message. */
    extendConversation: connection.prepare<[last_seq: number, created_at_ms: number, id: string]>(
      `UPDATE conversations SET message_count = message_count + 1, last_seq = ?, updated_at_ms = max(updated_at_ms, ?) WHERE id = ?`,
    ),
    /** After messages were taken away: counts anew. */
    recountConversation: connection.prepare<{ id: string }>(
      `UPDATE conversations SET
         message_count = (SELECT count(*) FROM messages WHERE conversation_id = @id),
         last_seq = (SELECT seq FROM messages WHERE conversation_id = @id ORDER BY created_at_ms DESC LIMIT 1)
       WHERE id = @id`,
    ),
    listDeleted: connection
      .prepare<[olderThanMs: number], string>('SELECT id FROM conversations WHERE deleted_at_ms < ? ORDER BY deleted_at_ms')
      .pluck(),
    listUntouched: connection
      .prepare<[olderThanMs: number], string>('SELECT id FROM conversations WHERE deleted_at_ms IS NULL AND updated_at_ms < ?')
      .pluck(),
    removeConversation: connection.prepare<[id: string]>('DELETE FROM conversations WHERE id = ?'),
    removeSomeMessages: connection.prepare<[conversationId: string, limit: number]>(
      'DELETE FROM messages WHERE seq IN (SELECT seq FROM messages WHERE conversation_id = ? LIMIT ?)',
    ),

    getMessage: connection.prepare<[id: string], MessageRow>(`${MESSAGE} WHERE id = ?`),
    getMessageBySeq: connection.prepare<[seq: number], MessageRow>(`${MESSAGE} WHERE seq = ?`),
    /** For search: nothing from the bin. */
    getVisibleMessage: connection.prepare<[seq: number], MessageRow>(
      `${MESSAGE} WHERE seq = ? AND conversation_id IN (SELECT id FROM conversations WHERE deleted_at_ms IS NULL)`,
    ),
    listMessages: connection.prepare<[conversationId: string, beforeMs: number, limit: number], MessageRow>(
      `${MESSAGE} WHERE conversation_id = ? AND created_at_ms < ? ORDER BY created_at_ms DESC LIMIT ?`,
    ),
    insertMessage: connection.prepare<NewMessage>(
      `INSERT INTO messages (id, conversation_id, version, role, text, medium, language, heard_chars, status, tainted, created_at_ms)
       VALUES (@id, @conversation_id, @version, @role, @text, @medium, @language, @heard_chars, @status, @tainted, @created_at_ms)`,
    ),
    updateMessage: connection.prepare<Pick<MessageRow, 'seq' | 'version' | 'text' | 'heard_chars' | 'status' | 'tainted'>>(
      'UPDATE messages SET version = @version, text = @text, heard_chars = @heard_chars, status = @status, tainted = @tainted WHERE seq = @seq',
    ),
    removeMessage: connection.prepare<[seq: number]>('DELETE FROM messages WHERE seq = ?'),

    getSummary: connection.prepare<[conversationId: string], SummaryRow>('SELECT * FROM summaries WHERE conversation_id = ?'),
    saveSummary: connection.prepare<SummaryRow>(
      `INSERT INTO summaries (conversation_id, version, text, through_message_id, tainted)
       VALUES (@conversation_id, @version, @text, @through_message_id, @tainted)
       ON CONFLICT (conversation_id) DO UPDATE SET version = excluded.version, text = excluded.text, through_message_id = excluded.through_message_id,
         tainted = excluded.tainted`,
    ),

    ...prepareSearchQueries(connection),
    ...prepareRenewalQueries(connection),
  };
}

function prepareSearchQueries(connection: Connection) {
  return {
    saveFilter: connection.prepare<[seq: number, filter: Buffer]>(
      'INSERT INTO search_filters (seq, filter) VALUES (?, ?) ON CONFLICT (seq) DO UPDATE SET filter = excluded.filter',
    ),
    listFilters: connection.prepare<[beforeSeq: number, limit: number], FilterRow>(
      'SELECT seq, filter FROM search_filters WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    ),
  };
}

function prepareRenewalQueries(connection: Connection) {
  return {
    /** Rows sealed with another key than the one whose header is given, for the change of keys. */
    listMessagesUnderOldKeys: connection.prepare<[afterSeq: number, throughSeq: number, header: Buffer], MessageRow>(
      `${MESSAGE} WHERE seq > ? AND seq <= ? AND substr(text, 1, 5) <> ? ORDER BY seq`,
    ),
    lastSeq: connection.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM messages').pluck(),
    listTitlesUnderOldKeys: connection.prepare<
      [afterId: string, header: Buffer, limit: number],
      Pick<ConversationRow, 'id' | 'version' | 'title'>
    >('SELECT id, version, title FROM conversations WHERE id > ? AND substr(title, 1, 5) <> ? ORDER BY id LIMIT ?'),
    listSummariesUnderOldKeys: connection.prepare<[afterId: string, header: Buffer, limit: number], SummaryRow>(
      'SELECT * FROM summaries WHERE conversation_id > ? AND substr(text, 1, 5) <> ? ORDER BY conversation_id LIMIT ?',
    ),
  };
}

/** What the window gets; the texts are added by whoever opened them. */
export function toConversation(row: ConversationRow, texts: { title: string; preview: string }): Conversation {
  return {
    id: row.id,
    title: texts.title,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    messageCount: row.message_count,
    preview: texts.preview,
  };
}

export function toMessage(row: MessageRow, text: string): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    role: row.role,
    text,
    medium: row.medium,
    language: row.language,
    heardChars: row.heard_chars,
    status: row.status,
    ...(row.tainted === 1 ? { tainted: true } : {}),
    createdAtMs: row.created_at_ms,
  };
}
