import { LlamaText, type ChatHistoryItem, type ChatWrapper } from 'node-llama-cpp';
import type { PromptMessage } from '../contracts/index.ts';

/** A text that no template and no user writes, to find the place where a question would go on. */
const MARK = '\u{F0000}question\u{F0001}';

/** The messages as the library names them; what the model is to write is left open at the end. */
export function chatHistory(messages: readonly PromptMessage[]): ChatHistoryItem[] {
  return [...messages.map(historyItem), { type: 'model', response: [] }];
}

/** The whole prompt in the model's own chat template, up to where its answer begins. */
export function promptText(wrapper: ChatWrapper, messages: readonly PromptMessage[]): LlamaText {
  return wrapper.generateContextState({ chatHistory: chatHistory(messages) }).contextText;
}

/** The prompt up to the last word of an unfinished question; without a question, up to where one would begin. */
export function openPromptText(wrapper: ChatWrapper, messages: readonly PromptMessage[]): LlamaText {
  const last = messages.at(-1);
  const question = last?.role === 'user' ? last.text : '';
  const before = last?.role === 'user' ? messages.slice(0, -1) : messages;
  const { values } = promptText(wrapper, [...before, { role: 'user', text: question + MARK }]);
  const index = values.findIndex((value) => typeof value === 'string' && value.includes(MARK));
  const value = values[index];
  // A template that rewrites the question: what comes before it is still worth evaluating.
  if (typeof value !== 'string') return promptText(wrapper, before);
  return LlamaText([...values.slice(0, index), value.slice(0, value.indexOf(MARK))]);
}

function historyItem({ role, text }: PromptMessage): ChatHistoryItem {
  if (role === 'assistant') return { type: 'model', response: [text] };
  return { type: role, text };
}
