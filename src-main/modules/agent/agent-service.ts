import type { Clock } from '../../base/clock.ts';
import { AppError, isAbort } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { LanguageCode, LanguageModel, PromptMessage } from '../../inference/contracts/index.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Agent, AnswerRequest, AnswerResult, CallType } from './agent.ts';
import { maxTokens, systemPrompt, temperature, userName } from './agent-config.ts';
import { createContextWindows, visibleText } from './context-window.ts';
import { titleFrom } from './conversation-title.ts';
import { endsInLoop } from './loop-guard.ts';
import { summaryLine, summaryRequest, systemPromptText } from './prompts.ts';

export interface AgentDeps {
  model: LanguageModel;
  store: Store;
  config: Pick<Config, 'get'>;
  clock: Clock;
  log: Log;
}

/** The prompt's clock is set anew when it is this late: a new time is a new prefix, which has to be evaluated again. */
const TIME_STANDS_MS = 10 * 60_000;
const SUMMARY_TOKENS = 140;
/** Longest part of a conversation that one summary looks at, in characters. */
const SUMMARY_INPUT_CHARACTERS = 6_000;
/** Template, summary and rounding need a little room. */
const RESERVE_TOKENS = 64;

type Exchange = { conversationId: string | null; language: LanguageCode; callType: CallType; beforeMessageId?: string };

export function createAgent(deps: AgentDeps): Agent {
  const { model, store, config, clock, log } = deps;
  const windows = createContextWindows({ model, store });
  const anchor = { atMs: 0 };

  const currentTime = (): number => {
    if (Math.abs(clock.wallMs() - anchor.atMs) > TIME_STANDS_MS) anchor.atMs = clock.wallMs();
    return anchor.atMs;
  };

  const systemText = ({ language, callType }: Exchange): string =>
    systemPromptText(config.get(systemPrompt), model.parameterCount, {
      callType,
      language,
      userName: config.get(userName),
      nowMs: currentTime(),
    });

  /** Everything in front of the question: what stays the same from turn to turn. */
  const prefix = async (exchange: Exchange, questionTokens: number): Promise<PromptMessage[]> => {
    const system = systemText(exchange);
    if (exchange.conversationId === null) return [{ role: 'system', text: system }];
    const summary = store.getSummary(exchange.conversationId);
    const text = summary ? `${system}\n${summaryLine(summary.text, exchange.language)}` : system;
    const [systemTokens = 0] = await model.countTokens([text]);
    const budget = model.contextTokens - answerTokens() - systemTokens - questionTokens - RESERVE_TOKENS;
    const window = await windows.read(exchange.conversationId, Math.max(0, budget), exchange.beforeMessageId);
    return [{ role: 'system', text }, ...window.messages];
  };

  const answerTokens = (): number => Math.min(config.get(maxTokens), Math.floor(model.contextTokens / 2));

  const generate = async (messages: PromptMessage[], request: AnswerRequest): Promise<AnswerResult> => {
    const loop = new AbortController();
    const signal = AbortSignal.any([request.signal, loop.signal]);
    let text = '';
    const onText = (piece: string): void => {
      if (loop.signal.aborted) return;
      text += piece;
      request.onText(piece);
      if (endsInLoop(text)) loop.abort();
    };
    const result = await model.generate(messages, { maxTokens: answerTokens(), temperature: config.get(temperature), signal, onText });
    const { finishReason, timeToFirstTokenMs, promptTokens, cachedPromptTokens, completionTokens } = result;
    return {
      text,
      finishReason: loop.signal.aborted ? 'stop' : finishReason,
      timeToFirstTokenMs,
      promptTokens,
      cachedPromptTokens,
      completionTokens,
    };
  };

  return {
    async answer(request) {
      const question = await shorten(request.question.trim(), model, Math.floor(model.contextTokens / 3));
      if (question === '') throw new AppError('agent.empty-question', 'There was nothing to answer. Say or type a question.');
      const [questionTokens = 0] = await model.countTokens([question]);
      const messages = await prefix(request, questionTokens);
      request.signal.throwIfAborted();
      return generate(appendQuestion(messages, question), request);
    },
    async prepare(request) {
      try {
        const messages = await prefix(request, 0);
        await model.preload(request.partialQuestion === undefined ? messages : appendQuestion(messages, request.partialQuestion));
      } catch (error) {
        if (!isAbort(error)) log.debug('agent.not-prepared', { error });
      }
    },
    async settle({ conversationId, language, callType, signal }) {
      try {
        nameConversation(store, conversationId);
        await summarise(deps, windows, {
          conversationId,
          language,
          budget: model.contextTokens - answerTokens() - RESERVE_TOKENS * 4,
          signal,
        });
        if (!signal.aborted) await model.preload(await prefix({ conversationId, language, callType }, 0), signal);
      } catch (error) {
        if (!isAbort(error)) log.debug('agent.not-settled', { error });
      }
    },
  };
}

/** The roles alternate: a question behind a question that was never answered is joined to it. */
function appendQuestion(messages: readonly PromptMessage[], question: string): PromptMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', text: question }];
  return [...messages.slice(0, -1), { role: 'user', text: `${last.text}\n${question}` }];
}

/** A question that would not fit loses its middle: what it is about stands at the beginning or at the end. */
async function shorten(question: string, model: LanguageModel, limitTokens: number): Promise<string> {
  const [tokens = 0] = await model.countTokens([question]);
  if (tokens <= limitTokens) return question;
  const half = Math.floor((question.length * limitTokens) / tokens / 2);
  return `${question.slice(0, half)} … ${question.slice(-half)}`;
}

function nameConversation(store: Store, conversationId: string): void {
  const conversation = store.getConversation(conversationId);
  if (!conversation || conversation.title !== '') return;
  const question = store.listMessages(conversationId, { limit: 10 }).find(({ role }) => role === 'user');
  if (question) store.renameConversation(conversationId, titleFrom(question.text));
}

/** Writes down what has fallen out of the window since the last summary. */
async function summarise(
  { model, store }: AgentDeps,
  windows: ReturnType<typeof createContextWindows>,
  options: { conversationId: string; language: LanguageCode; budget: number; signal: AbortSignal },
): Promise<void> {
  const { conversationId, language, signal } = options;
  const { lastOutsideId } = await windows.read(conversationId, options.budget, undefined);
  const summary = store.getSummary(conversationId);
  if (lastOutsideId === undefined || summary?.throughMessageId === lastOutsideId) return;
  const messages = store.listMessages(conversationId, { limit: 400 });
  const from = messages.findIndex(({ id }) => id === summary?.throughMessageId) + 1;
  const to = messages.findIndex(({ id }) => id === lastOutsideId) + 1;
  const spoken = messages.slice(from, to).map((message) => `${message.role}: ${visibleText(message)}`);
  const request = summaryRequest(summary?.text ?? '', spoken.join('\n').slice(-SUMMARY_INPUT_CHARACTERS), language);
  const prompt: PromptMessage[] = [
    { role: 'system', text: request.system },
    { role: 'user', text: request.user },
  ];
  const { text, finishReason } = await model.generate(prompt, { maxTokens: SUMMARY_TOKENS, temperature: 0, signal });
  if (finishReason !== 'aborted' && text.trim() !== '')
    store.saveSummary(conversationId, { text: text.trim(), throughMessageId: lastOutsideId });
}
