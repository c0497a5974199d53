import type { LanguageModel, PromptMessage } from '../../inference/contracts/index.ts';
import type { StoreReader } from '../../platform/store/index.ts';
import type { Message } from '../../../src-preload/contract/index.ts';
import { firstCharacters } from './text-ends.ts';

/** Which messages the model gets to see. */
export interface ContextWindow {
  messages: PromptMessage[];
  /** The message in front of the window: everything up to it has fallen out. */
  lastOutsideId: string | undefined;
}

/** Messages that are read from the store at once; no window of a local model holds more. */
export const MAX_MESSAGES = 400;
/** Tokens that a chat template puts around a message. */
export const TEMPLATE_TOKENS = 8;
/** After a slide this share of the budget is left filled, so that the prefix then stays the same for many turns. */
const FILLED_AFTER_SLIDE = 0.5;

/**
 * Chooses the stretch of history that fits. Its beginning stays where it is from turn to turn (the evaluated prefix stays valid) until the
 * budget is full; then it moves ahead by half a window.
 */
export function createContextWindows(deps: { model: LanguageModel; store: Pick<StoreReader, 'listMessages'> }) {
  const counts = new Map<string, number>();
  const starts = new Map<string, string>();

  const count = async (entries: readonly { key: string; text: string }[]): Promise<number[]> => {
    const unknown = entries.filter(({ key }) => !counts.has(key));
    if (unknown.length > 0) {
      const found = await deps.model.countTokens(unknown.map(({ text }) => text));
      for (const [index, { key }] of unknown.entries()) counts.set(key, (found[index] ?? 0) + TEMPLATE_TOKENS);
    }
    return entries.map(({ key }) => counts.get(key) ?? 0);
  };

  return {
    /** `budgetTokens`: what history may take. `beforeMessageId`: that message and what follows it are left out. */
    async read(conversationId: string, budgetTokens: number, beforeMessageId: string | undefined): Promise<ContextWindow> {
      const stored = deps.store.listMessages(conversationId, { limit: MAX_MESSAGES });
      const end = beforeMessageId === undefined ? -1 : stored.findIndex(({ id }) => id === beforeMessageId);
      const history = (end < 0 ? stored : stored.slice(0, end)).filter((message) => visibleText(message) !== '');
      const tokens = await count(
        history.map((message) => ({ key: `${deps.model.name}|${message.id}|${visibleText(message).length}`, text: visibleText(message) })),
      );
      const known = history.findIndex(({ id }) => id === starts.get(conversationId));
      // The store may hold more than was read: without a known beginning the window would then slide by one message at every turn.
      let start = known < 0 && stored.length === MAX_MESSAGES ? Math.floor(history.length * FILLED_AFTER_SLIDE) : Math.max(0, known);
      const filled = (from: number): number => tokens.slice(from).reduce((sum, each) => sum + each, 0);
      if (filled(start) > budgetTokens) while (start < history.length && filled(start) > budgetTokens * FILLED_AFTER_SLIDE) start += 1;
      // An answer without its question says little, and some chat templates refuse it.
      while (start < history.length && history[start]?.role !== 'user') start += 1;
      const first = history[start];
      if (first) starts.set(conversationId, first.id);
      return { messages: mergeTurns(history.slice(start)), lastOutsideId: history[start - 1]?.id };
    },
  };
}

/** Of an interrupted answer only what was heard has been said. */
export function visibleText(message: Message): string {
  return message.role === 'assistant' && message.heardChars !== null
    ? firstCharacters(message.text, message.heardChars).trim()
    : message.text.trim();
}

/** Chat templates want the roles to alternate: an unanswered question is joined with the next one. */
function mergeTurns(history: readonly Message[]): PromptMessage[] {
  const turns: PromptMessage[] = [];
  for (const message of history) {
    const last = turns.at(-1);
    if (last?.role === message.role) last.text = `${last.text}\n${visibleText(message)}`;
    else turns.push({ role: message.role, text: visibleText(message) });
  }
  return turns;
}
