import type {
  GenerationResult,
  LanguageCode,
  LanguageModel,
  PromptMessage,
  ToolDefinition,
  ToolRequest,
} from '../../inference/contracts/index.ts';
import type { ToolResult } from '../tools/index.ts';
import { TEMPLATE_TOKENS } from './context-window.ts';
import type { Hands } from './hands.ts';
import { shorten } from './shorten.ts';
import { framedResult } from './tool-frame.ts';

/** After these the model has to answer with what it has. */
const MAX_ROUNDS = 8;
/** Results of one round take at most this share of the room that is left, so that the next round finds some. */
const SHARE_OF_ROUND = 0.6;
/** Of the context, at most, for the list of tools; with a longer one there would be no room for a conversation. */
export const SHARE_OF_TOOLS = 1 / 3;
/** With less room than this no further call makes sense. */
const LEAST_ROOM_TOKENS = 96;

export interface ToolLoop {
  model: Pick<LanguageModel, 'countTokens' | 'contextTokens'>;
  hands: Hands | undefined;
  /** Tools of the first round, as they stand in the prompt that was evaluated ahead. */
  tools: readonly ToolDefinition[];
  language: LanguageCode;
  redact: (text: string) => string;
  /** Tokens that calls and results may add to the prompt. */
  roomTokens: number;
  generate: (messages: readonly PromptMessage[], tools: readonly ToolDefinition[]) => Promise<GenerationResult>;
  /** After each round of calls. */
  onResults: () => void;
}

/** Lets the model write and call until it has answered. Resolves with the last generation. */
export async function runToolLoop(loop: ToolLoop, prompt: readonly PromptMessage[]): Promise<GenerationResult> {
  const messages = [...prompt];
  let { tools, roomTokens } = loop;
  const offer = createOffer(loop);
  /** Of tools that were found on the way: they take from the room for results. */
  let foundTokens = 0;
  for (let round = 1; ; round += 1) {
    const result = await loop.generate(messages, tools);
    if (result.finishReason !== 'tools' || loop.hands === undefined || tools.length === 0) return result;
    const results = await loop.hands.call(result.toolRequests);
    loop.onResults();
    const answers = await toMessages(loop, result.toolRequests, results, Math.floor((roomTokens - foundTokens) * SHARE_OF_ROUND));
    messages.push({ role: 'assistant', text: result.text, toolRequests: result.toolRequests }, ...answers.messages);
    roomTokens -= answers.tokens;
    // A model that is offered nothing answers with what it has.
    const mayCall = round < MAX_ROUNDS && roomTokens >= LEAST_ROOM_TOKENS;
    ({ tools, foundTokens } = mayCall ? await offer(loop.hands.offered(), roomTokens) : { tools: [], foundTokens: 0 });
  }
}

/**
 * What a search has found comes behind the short list, as far as there is room for it: in the share of tools, and in what is left for calls, for nothing of
 * either was reckoned with when the prompt was put together.
 */
function createOffer({ model, tools }: ToolLoop) {
  let firstTokens: number | undefined;
  return async (
    wanted: readonly ToolDefinition[],
    roomTokens: number,
  ): Promise<{ tools: readonly ToolDefinition[]; foundTokens: number }> => {
    const count = async (list: readonly ToolDefinition[]): Promise<number[]> => model.countTokens(list.map((tool) => JSON.stringify(tool)));
    firstTokens ??= (await count(tools)).reduce((sum, each) => sum + each, 0);
    const limit = Math.min(Math.max(firstTokens, model.contextTokens * SHARE_OF_TOOLS), firstTokens + roomTokens - LEAST_ROOM_TOKENS);
    const sizes = await count(wanted);
    let sum = 0;
    const fitting = wanted.filter((_tool, index) => {
      const fits = sum + (sizes[index] ?? 0) <= limit;
      if (fits) sum += sizes[index] ?? 0;
      return fits;
    });
    return { tools: fitting, foundTokens: Math.max(0, sum - firstTokens) };
  };
}

/** The results as the model reads them, shortened to what there is room for. */
async function toMessages(
  { model, language, redact }: ToolLoop,
  requests: readonly ToolRequest[],
  results: readonly ToolResult[],
  roomTokens: number,
): Promise<{ messages: PromptMessage[]; tokens: number }> {
  const called = await model.countTokens(requests.map(({ name, input }) => `${name} ${JSON.stringify(input)}`));
  let tokens = called.reduce((sum, each) => sum + each + TEMPLATE_TOKENS, 0);
  const messages: PromptMessage[] = [];
  for (const [index, { id, name }] of requests.entries()) {
    const share = Math.max(LEAST_ROOM_TOKENS / 2, (roomTokens - tokens) / (requests.length - index));
    const text = await shorten(redact(results[index]?.text ?? ''), model, Math.floor(share));
    messages.push({ role: 'tool', requestId: id, name, text: framedResult(name, text.text, language) });
    tokens += text.tokens + 3 * TEMPLATE_TOKENS;
  }
  return { messages, tokens };
}
