import type { Message, ToolCall } from '../../../src-preload/contract/index.ts';

/** One row of the conversation. */
export type ConversationRow = { kind: 'message'; id: string; message: Message } | { kind: 'call'; id: string; call: ToolCall };

export interface PlaceCallsOptions {
  /** Older messages are not loaded yet: calls from before the first one wait for them. */
  hasOlder: boolean;
}

/**
 * Puts the calls between the messages by time. A question comes before the calls it caused and an answer after them, also when they bear the same
 * millisecond. Both lists are oldest first.
 */
export function placeCalls(messages: readonly Message[], calls: readonly ToolCall[], { hasOlder }: PlaceCallsOptions): ConversationRow[] {
  const firstMs = hasOlder ? (messages[0]?.createdAtMs ?? Infinity) : -Infinity;
  const waiting = calls.filter((call) => call.createdAtMs >= firstMs);
  const rows: ConversationRow[] = [];
  let next = 0;
  for (const message of messages) {
    for (let call = waiting[next]; call && isBefore(call, message); call = waiting[next]) {
      rows.push(callRow(call));
      next += 1;
    }
    rows.push({ kind: 'message', id: message.id, message });
  }
  return [...rows, ...waiting.slice(next).map(callRow)];
}

function isBefore(call: ToolCall, message: Message): boolean {
  return message.role === 'user' ? call.createdAtMs < message.createdAtMs : call.createdAtMs <= message.createdAtMs;
}

function callRow(call: ToolCall): ConversationRow {
  return { kind: 'call', id: `call-${call.id}`, call };
}
