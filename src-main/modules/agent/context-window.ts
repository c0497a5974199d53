import type { LanguageModel, PromptMessage } from '../../inference/contracts/index.ts';
import type { StoreReader } from '../../platform/store/index.ts';
import type { Message } from '../../../src-preload/contract/index.ts';
import { firstCharacters } from './text-ends.ts';

/** Which messages the model gets to see. */
export interface ContextWindow {
  messages: PromptMessage[];
  /** What the assistant said before anybody else did (it greets who calls), until that falls out; '' = nothing. */
  opening: string;
  /** The message in front of the window: everything up to it has fallen out. */
  lastOutsideId: string | undefined;
  /** Something in it came from outside. */
  tainted: boolean;
}

/** Messages that are read from the store at once; no window of a local model holds more. */
export const MAX_MESSAGES = 400;
/** Messages of which something is kept: their readable text, their length, where a window began. */
const MOST_KEPT = 2_000;
/** Tokens that a chat template puts around a message. */
export const TEMPLATE_TOKENS = 8;
/** After a slide this share of the budget is left filled, so that the prefix then stays the same for many turns. */
const FILLED_AFTER_SLIDE = 0.5;

/**
 * Chooses the stretch of history that fits. Its beginning stays where it is from turn to turn (the evaluated prefix stays valid) until the
 * budget is full; then it moves ahead by half a window.
 */
export function createContextWindows(deps: {
  model: LanguageModel;
  store: Pick<StoreReader, 'listMessages'>;
  /** Takes credentials out of what the model reads. */
  redact: (text: string) => string;
}) {
  const counts = new Map<string, number>();
  const starts = new Map<string, string>();
  /** What the model reads of each message; looked through once, and again when more of it was heard. */
  const readable = new Map<string, { seen: string; text: string }>();
  const textOf = (message: Message): string => {
    const seen = visibleText(message);
    const known = readable.get(message.id);
    if (known?.seen === seen) return known.text;
    const text = deps.redact(seen);
    keep(readable, message.id, { seen, text });
    return text;
  };

  const count = async (entries: readonly { key: string; text: string }[]): Promise<number[]> => {
    // Apart from what is kept, where others may take its room meanwhile.
    const known = new Map(entries.map(({ key }) => [key, counts.get(key)]));
    const unknown = entries.filter(({ key }) => known.get(key) === undefined);
    if (unknown.length > 0) {
      const found = await deps.model.countTokens(unknown.map(({ text }) => text));
      for (const [index, { key }] of unknown.entries()) {
        known.set(key, (found[index] ?? 0) + TEMPLATE_TOKENS);
        keep(counts, key, (found[index] ?? 0) + TEMPLATE_TOKENS);
      }
    }
    return entries.map(({ key }) => known.get(key) ?? 0);
  };

  return {
    /** `budgetTokens`: what history may take. `beforeMessageId`: that message and what follows it are left out. */
    async read(conversationId: string, budgetTokens: number, beforeMessageId: string | undefined): Promise<ContextWindow> {
      const stored = deps.store.listMessages(conversationId, { limit: MAX_MESSAGES });
      const end = beforeMessageId === undefined ? -1 : stored.findIndex(({ id }) => id === beforeMessageId);
      const history = (end < 0 ? stored : stored.slice(0, end)).filter((message) => visibleText(message) !== '');
      const tokens = await count(
        history.map((message) => ({ key: `${deps.model.name}|${message.id}|${textOf(message).length}`, text: textOf(message) })),
      );
      const known = history.findIndex(({ id }) => id === starts.get(conversationId));
      // The store may hold more than was read: without a known beginning the window would then slide by one message at every turn.
      let start = known < 0 && stored.length === MAX_MESSAGES ? Math.floor(history.length * FILLED_AFTER_SLIDE) : Math.max(0, known);
      const openingEnd = stored.length === MAX_MESSAGES ? 0 : firstQuestion(history, 0);
      if (start <= openingEnd) start = 0;
      const filled = (from: number): number => tokens.slice(from).reduce((sum, each) => sum + each, 0);
      if (filled(start) > budgetTokens) while (start < history.length && filled(start) > budgetTokens * FILLED_AFTER_SLIDE) start += 1;
      const isOpening = start === 0;
      // An answer without its question says little, and some chat templates refuse it.
      start = firstQuestion(history, start);
      const before = history.slice(0, start);
      const first = history[start];
      if (first) keep(starts, conversationId, first.id);
      const shown = history.slice(start);
      return {
        messages: mergeTurns(shown, textOf),
        opening: isOpening
          ? before
              .filter(({ tainted }) => tainted !== true)
              .map(textOf)
              .join('\n')
          : '',
        lastOutsideId: isOpening ? undefined : before.at(-1)?.id,
        tainted: (isOpening ? history : shown).some((message) => message.tainted === true),
      };
    },
  };
}

function firstQuestion(history: readonly Message[], from: number): number {
  const found = history.findIndex(({ role }, index) => index >= from && role === 'user');
  return found < 0 ? history.length : found;
}

/** What was kept first makes room. */
function keep<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
}

/** Of an interrupted answer only what was heard has been said. */
export function visibleText(message: Message): string {
  return message.role === 'assistant' && message.heardChars !== null
    ? firstCharacters(message.text, message.heardChars).trim()
    : message.text.trim();
}

/** Chat templates want the roles to alternate: an unanswered question is joined with the next one. */
function mergeTurns(history: readonly Message[], textOf: (message: Message) => string): PromptMessage[] {
  const turns: PromptMessage[] = [];
  for (const message of history) {
    const last = turns.at(-1);
    if (last?.role === message.role) last.text = `${last.text}\n${textOf(message)}`;
    else turns.push({ role: message.role, text: textOf(message) });
  }
  return turns;
}
