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
/** With less room than this no further call makes sense. */
const LEAST_ROOM_TOKENS = 96;

export interface ToolLoop {
  model: Pick<LanguageModel, 'countTokens'>;
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
  for (let round = 1; ; round += 1) {
    const result = await loop.generate(messages, tools);
    if (result.finishReason !== 'tools' || loop.hands === undefined || tools.length === 0) return result;
    const results = await loop.hands.call(result.toolRequests);
    loop.onResults();
    const answers = await toMessages(loop, result.toolRequests, results, Math.floor(roomTokens * SHARE_OF_ROUND));
    messages.push({ role: 'assistant', text: result.text, toolRequests: result.toolRequests }, ...answers.messages);
    roomTokens -= answers.tokens;
    // A model that is offered nothing answers with what it has.
    tools = round < MAX_ROUNDS && roomTokens >= LEAST_ROOM_TOKENS ? loop.hands.offered() : [];
  }
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
