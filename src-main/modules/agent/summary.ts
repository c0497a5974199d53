import type { LanguageCode, LanguageModel, PromptMessage } from '../../inference/contracts/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { MAX_MESSAGES, visibleText } from './context-window.ts';
import { summaryRequest } from './prompts.ts';
import { shorten } from './shorten.ts';

const SUMMARY_TOKENS = 140;
/** Longest part of a conversation that one summary looks at. */
const SUMMARY_INPUT_TOKENS = 1_500;

/** Writes down what has fallen out of the window since the last summary. Resolves with whether there is a new one. */
export async function summarise(
  { model, store, redact }: { model: LanguageModel; store: Store; redact: (text: string) => string },
  { conversationId, language }: { conversationId: string; language: LanguageCode },
  lastOutsideId: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const summary = store.getSummary(conversationId);
  if (lastOutsideId === undefined || summary?.throughMessageId === lastOutsideId) return false;
  const messages = store.listMessages(conversationId, { limit: MAX_MESSAGES });
  const from = messages.findIndex(({ id }) => id === summary?.throughMessageId) + 1;
  const to = messages.findIndex(({ id }) => id === lastOutsideId) + 1;
  // A window that went back (an earlier answer was asked for again) shows what the summary knows already.
  if (to <= from) return false;
  const covered = messages.slice(from, to);
  const spoken = redact(covered.map((message) => `${message.role}: ${visibleText(message)}`).join('\n'));
  const input = await shorten(spoken, model, Math.min(SUMMARY_INPUT_TOKENS, Math.floor(model.contextTokens / 2)));
  const request = summaryRequest(summary?.text ?? '', input.text, language);
  const prompt: PromptMessage[] = [
    { role: 'system', text: request.system },
    { role: 'user', text: request.user },
  ];
  const { text, finishReason } = await model.generate(prompt, { maxTokens: SUMMARY_TOKENS, temperature: 0, signal });
  if (finishReason === 'aborted' || text.trim() === '') return false;
  const tainted = summary?.tainted === true || covered.some((message) => message.tainted === true);
  store.saveSummary(conversationId, { text: text.trim(), throughMessageId: lastOutsideId, ...(tainted ? { tainted } : {}) });
  return true;
}
