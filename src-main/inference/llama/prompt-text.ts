import { LlamaText, type ChatHistoryItem, type ChatModelFunctionCall, type ChatModelFunctions, type ChatWrapper } from 'node-llama-cpp';
import type { PromptMessage, ToolRequest } from '../contracts/index.ts';

/** A text that no template and no user writes, to find the place where a question would go on. */
const MARK = '\u{F0000}question\u{F0001}';

type ModelItem = Extract<ChatHistoryItem, { type: 'model' }>;

/**
 * The messages as the library names them; what the model is to write is left open at the end. Calls of tools and their results belong to the item
 * of the model that asked for them, and what it says then goes on in the same one.
 */
export function chatHistory(messages: readonly PromptMessage[]): ChatHistoryItem[] {
  const items: ChatHistoryItem[] = [];
  let answering: ModelItem | undefined;
  for (const message of messages) {
    if (message.role === 'tool') {
      const call = answering?.response.find((each) => isCallOf(each, message.requestId));
      if (call) call.result = message.text;
      continue;
    }
    if (message.role !== 'assistant') {
      answering = undefined;
      items.push({ type: message.role, text: message.text });
      continue;
    }
    const { text, toolRequests = [] } = message;
    const said = [...(text === '' && toolRequests.length > 0 ? [] : [text]), ...toolRequests.map(callItem)];
    if (answering) answering.response.push(...said);
    else items.push((answering = { type: 'model', response: said }));
    if (toolRequests.length === 0) answering = undefined;
  }
  const plain = items.map(withoutIds);
  return answering ? plain : [...plain, { type: 'model', response: [] }];
}

/** The whole prompt in the model's own chat template, up to where its answer begins. */
export function promptText(wrapper: ChatWrapper, messages: readonly PromptMessage[], functions?: ChatModelFunctions): LlamaText {
  return wrapper.generateContextState({
    chatHistory: chatHistory(messages),
    ...(functions ? { availableFunctions: functions, documentFunctionParams: true } : {}),
  }).contextText;
}

/** The prompt up to the last word of an unfinished question; without a question, up to where one would begin. */
export function openPromptText(wrapper: ChatWrapper, messages: readonly PromptMessage[], functions?: ChatModelFunctions): LlamaText {
  const last = messages.at(-1);
  const question = last?.role === 'user' ? last.text : '';
  const before = last?.role === 'user' ? messages.slice(0, -1) : messages;
  const { values } = promptText(wrapper, [...before, { role: 'user', text: question + MARK }], functions);
  const index = values.findIndex((value) => typeof value === 'string' && value.includes(MARK));
  const value = values[index];
  // A template that rewrites the question: what comes before it is still worth evaluating.
  if (typeof value !== 'string') return promptText(wrapper, before, functions);
  return LlamaText([...values.slice(0, index), value.slice(0, value.indexOf(MARK))]);
}

/** A call with the id that its result is found by; the library has no place for one. */
type CallItem = ChatModelFunctionCall & { id: string };

function callItem({ id, name, input }: ToolRequest, index: number): CallItem {
  return { type: 'functionCall', id, name, params: input, result: undefined, startsNewChunk: index === 0 };
}

function isCallOf(item: ModelItem['response'][number], id: string): item is CallItem {
  return typeof item !== 'string' && item.type === 'functionCall' && 'id' in item && item.id === id;
}

function withoutIds(item: ChatHistoryItem): ChatHistoryItem {
  if (item.type !== 'model') return item;
  return {
    ...item,
    response: item.response.map((each) => {
      if (typeof each === 'string' || each.type !== 'functionCall') return each;
      const { type, name, params, result, startsNewChunk } = each;
      return { type, name, params, result, ...(startsNewChunk === undefined ? {} : { startsNewChunk }) };
    }),
  };
}
