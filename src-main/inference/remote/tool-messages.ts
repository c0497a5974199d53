import type { JsonSchema, PromptMessage, ToolRequest } from '../contracts/index.ts';

/** Pieces of one call of a tool as streams bring them: the name once, the input as text that is JSON at its end. */
interface CallInProgress {
  id: string;
  name: string;
  input: string;
}

export type ToolPiece = { kind: 'tool'; index: number; id?: string | undefined; name?: string | undefined; input?: string | undefined };

/** Puts the calls of a stream together. */
export interface ToolCalls {
  take(piece: ToolPiece): void;
  /** In the order in which they were begun. Input that is not JSON stays the text that it is, so that the tool's own check refuses it in words. */
  requests(): ToolRequest[];
}

export function createToolCalls(createId: () => string): ToolCalls {
  const calls: CallInProgress[] = [];
  const byIndex = new Map<number, CallInProgress>();
  return {
    take({ index, id, name, input }) {
      const known = byIndex.get(index);
      // Some servers number every call 0 and tell them apart by their id.
      const isNew = known === undefined || (id !== undefined && id !== '' && known.id !== id);
      const call = isNew ? { id: id ?? '', name: '', input: '' } : known;
      if (isNew) {
        calls.push(call);
        byIndex.set(index, call);
      }
      call.name ||= name ?? '';
      call.input += input ?? '';
    },
    requests() {
      const taken = new Set<string>();
      return calls.flatMap(({ id, name, input }) => {
        if (name === '') return [];
        const unique = id === '' || taken.has(id) ? createId() : id;
        taken.add(unique);
        return [{ id: unique, name, input: parsed(input) }];
      });
    },
  };
}

function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The input as interfaces want to read it back: an object. One that was unreadable is shown as it was. */
export function inputObject(input: unknown): JsonSchema {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as JsonSchema) : { unreadable: input };
}

/**
 * The prompt for a model that is offered no tools: interfaces refuse calls of tools that they have not been told of. What was called and what came back
 * is told in words.
 */
export function withoutToolCalls(messages: readonly PromptMessage[]): Exclude<PromptMessage, { role: 'tool' }>[] {
  const plain: Exclude<PromptMessage, { role: 'tool' }>[] = [];
  for (const message of messages) {
    const last = plain.at(-1);
    if (message.role === 'tool') {
      if (last?.role === 'user') last.text = `${last.text}\n${message.text}`;
      else plain.push({ role: 'user', text: message.text });
    } else if (message.role === 'assistant' && message.toolRequests !== undefined && message.toolRequests.length > 0) {
      const names = message.toolRequests.map(({ name }) => name).join(', ');
      plain.push({ role: 'assistant', text: [message.text, `(${names})`].filter((text) => text !== '').join('\n') });
    } else if (message.role === 'assistant') plain.push({ role: 'assistant', text: message.text });
    else plain.push({ role: message.role, text: message.text });
  }
  return plain;
}
