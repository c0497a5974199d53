import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { sealedHeader, type Keyring } from '../secrets/index.ts';
import { inTransaction, type Connection } from './connection.ts';
import type { MessageStore } from './message-store.ts';
import type { ConversationRow, MessageRow, SummaryRow } from './queries.ts';
import { createFilter } from './search-filter.ts';

/** Message numbers looked at per step: the check alone reads the beginning of each text. */
const SEQS_PER_STEP = 32;
const ROWS_PER_STEP = 32;

/**
 * After a change of keys: seals everything again that lies under an old one, in transactions of a millisecond or two with room for other work in
 * between. Where it stopped need not be remembered, since the rows tell by their first bytes; a run that is cut off (crash, exit, another change
 * of keys) is simply started again. Texts that cannot be opened stay as they are and are logged.
 */
export async function renewUnderActiveKey(deps: {
  connection: Connection;
  messages: Pick<MessageStore, 'queries' | 'cipher'>;
  keyring: Keyring;
  clock: Pick<Clock, 'nowMs'>;
  log: Log;
  /** False ends the run before its next step. */
  mayContinue: () => boolean;
}): Promise<{ done: boolean; renewed: number; unreadable: number }> {
  const { connection, keyring, log, mayContinue } = deps;
  const { queries, cipher } = deps.messages;
  const header = sealedHeader(keyring.activeKeyId());
  const counts = { renewed: 0, unreadable: 0 };

  /** Reads some rows and seals them again, in one transaction. A row that does not open is left as it is and counted. */
  const renewSome = <Row>(read: () => Row[], renew: (row: Row) => void): Row | undefined => {
    return inTransaction(connection, () => {
      const rows = read();
      for (const row of rows) {
        try {
          renew(row);
          counts.renewed += 1;
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          counts.unreadable += 1;
          log.warn('A text could not be sealed again', { error });
        }
      }
      return rows.at(-1);
    });
  };
  const renewMessage = (row: MessageRow): void => {
    const text = cipher.openText(row);
    const next = { ...row, version: row.version + 1 };
    const { seq, version, heard_chars, status, tainted } = next;
    queries.updateMessage.run({ seq, version, heard_chars, status, tainted, text: cipher.sealText(next, text) });
    queries.saveFilter.run(seq, createFilter(text, keyring));
  };
  const renewTitle = (row: Pick<ConversationRow, 'id' | 'version' | 'title'>): void => {
    const next = { id: row.id, version: row.version + 1 };
    queries.setTitle.run(next.version, cipher.sealTitle(next, cipher.openTitle(row)), row.id);
  };
  const renewSummary = (row: SummaryRow): void => {
    const next = { ...row, version: row.version + 1 };
    queries.saveSummary.run({ ...next, text: cipher.sealSummary(next, cipher.openSummary(row)) });
  };
  const titlesAfter = (id: string) => () => queries.listTitlesUnderOldKeys.all(id, header, ROWS_PER_STEP);
  const summariesAfter = (id: string) => () => queries.listSummariesUnderOldKeys.all(id, header, ROWS_PER_STEP);

  const throughSeq = queries.lastSeq.get() ?? 0;
  for (let seq = 0; seq < throughSeq; seq += SEQS_PER_STEP) {
    if (!mayContinue()) return { done: false, ...counts };
    renewSome(() => queries.listMessagesUnderOldKeys.all(seq, seq + SEQS_PER_STEP, header), renewMessage);
    await nextTurn();
  }
  for (let last: string | undefined = ''; last !== undefined; await nextTurn()) {
    if (!mayContinue()) return { done: false, ...counts };
    last = renewSome(titlesAfter(last), renewTitle)?.id;
  }
  for (let last: string | undefined = ''; last !== undefined; await nextTurn()) {
    if (!mayContinue()) return { done: false, ...counts };
    last = renewSome(summariesAfter(last), renewSummary)?.conversation_id;
  }
  return { done: true, ...counts };
}
