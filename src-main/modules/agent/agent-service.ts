import type { Clock } from '../../base/clock.ts';
import { AppError, isAbort } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { LanguageCode, LanguageModel, PromptMessage } from '../../inference/contracts/index.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Agent, AnswerRequest, AnswerResult, CallType } from './agent.ts';
import { maxTokens, systemPrompt, temperature, userName } from './agent-config.ts';
import { createContextWindows, MAX_MESSAGES, TEMPLATE_TOKENS, visibleText, type ContextWindow } from './context-window.ts';
import { titleFrom } from './conversation-title.ts';
import { endsInLoop } from './loop-guard.ts';
import { asksForTime, exampleExchanges, isSmall, summaryLine, summaryRequest, systemPromptText, type Persona } from './prompts.ts';
import { firstCharacters, lastCharacters } from './text-ends.ts';

export interface AgentDeps {
  model: LanguageModel;
  store: Store;
  config: Pick<Config, 'get'>;
  /** Who answers; undefined for a character that is not there any more. */
  persona: (characterId: string) => Persona | undefined;
  clock: Clock;
  log: Log;
}

/** The prompt's clock is set anew when it is this late: a new time is a new prefix, which has to be evaluated again. */
const TIME_STANDS_MS = 10 * 60_000;
const SUMMARY_TOKENS = 140;
/** Longest part of a conversation that one summary looks at. */
const SUMMARY_INPUT_TOKENS = 1_500;
/** Template, summary and rounding need a little room. */
const RESERVE_TOKENS = 64;
/** Kept free for a question that is not known yet, so that the window slides between two turns, where the summary is written, and not within one. */
const USUAL_QUESTION_TOKENS = 64;

/** Speaks in the app's own words when a character was deleted under an answer. */
const NOBODY: Persona = { name: 'Nova', systemPrompt: { en: '', de: '' }, examples: { en: [], de: [] } };
const NO_QUESTION = { text: '', tokens: 0 };
/** A small model is less sure of every word, so that the same temperature leads it astray sooner. */
const SMALL_MODEL_COOLING = 1 / 3;

type Exchange = {
  conversationId: string | null;
  language: LanguageCode;
  callType: CallType;
  characterId: string;
  beforeMessageId?: string;
};

export function createAgent(deps: AgentDeps): Agent {
  const { model, store, config, clock, log } = deps;
  const windows = createContextWindows({ model, store });
  const anchor = { atMs: 0 };

  /** The prompt's clock; `exact` sets it anew in any case. */
  const currentTime = (exact: boolean): number => {
    if (exact || Math.abs(clock.wallMs() - anchor.atMs) > TIME_STANDS_MS) anchor.atMs = clock.wallMs();
    return anchor.atMs;
  };

  /** What stands in front of every conversation: the system prompt with the summary at its end, and the examples of a small model. */
  const head = ({ language, callType, characterId, conversationId }: Exchange, question: string): PromptMessage[] => {
    const template = config.get(systemPrompt);
    const facts = { callType, language, userName: config.get(userName), nowMs: currentTime(asksForTime(question)) };
    const persona = deps.persona(characterId) ?? NOBODY;
    const system = systemPromptText(template, persona, model.parameterCount, facts);
    const summary = conversationId === null ? undefined : store.getSummary(conversationId);
    return [
      { role: 'system', text: summary ? `${system}\n${summaryLine(summary.text, language)}` : system },
      ...exampleExchanges(template, persona, model.parameterCount, facts),
    ];
  };

  /** Everything in front of the question, which stays the same from turn to turn. */
  const prefix = async (exchange: Exchange, question: { text: string; tokens: number }): Promise<ContextWindow> => {
    const first = head(exchange, question.text);
    if (exchange.conversationId === null) return { messages: first, lastOutsideId: undefined };
    const tokens = await model.countTokens(first.map(({ text }) => text));
    const headTokens = tokens.reduce((sum, each) => sum + each + TEMPLATE_TOKENS, 0);
    const reserve = RESERVE_TOKENS + Math.max(question.tokens, USUAL_QUESTION_TOKENS);
    const budget = model.contextTokens - answerTokens() - headTokens - reserve;
    const window = await windows.read(exchange.conversationId, Math.max(0, budget), exchange.beforeMessageId);
    return { ...window, messages: [...first, ...window.messages] };
  };

  const answerTokens = (): number => Math.min(config.get(maxTokens), Math.floor(model.contextTokens / 2));

  const generate = async (messages: PromptMessage[], request: AnswerRequest): Promise<AnswerResult> => {
    const loop = new AbortController();
    const signal = AbortSignal.any([request.signal, loop.signal]);
    let text = '';
    const onText = (piece: string): void => {
      text += piece;
      request.onText(piece);
      if (endsInLoop(text)) loop.abort();
    };
    const cooling = isSmall(model.parameterCount) ? SMALL_MODEL_COOLING : 1;
    const result = await model.generate(messages, {
      maxTokens: answerTokens(),
      temperature: config.get(temperature) * cooling,
      signal,
      onText,
    });
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
      const asked = request.question.trim();
      if (asked === '') throw new AppError('agent.empty-question', 'There was nothing to answer. Say or type a question.');
      const question = await shorten(asked, model, Math.floor(model.contextTokens / 3));
      const { messages } = await prefix(request, question);
      request.signal.throwIfAborted();
      return generate(appendQuestion(messages, question.text), request);
    },
    async prepare({ partialQuestion = '', ...exchange }) {
      try {
        // Counting waits for the model; which prompt suits it is known only then.
        const [questionTokens = 0] = await model.countTokens([partialQuestion]);
        const { messages } = await prefix(exchange, { text: partialQuestion, tokens: questionTokens });
        await model.preload(partialQuestion === '' ? messages : appendQuestion(messages, partialQuestion));
      } catch (error) {
        if (!isAbort(error)) log.debug('agent.not-prepared', { error });
      }
    },
    name({ conversationId, question, former }) {
      try {
        const title = store.getConversation(conversationId)?.title;
        if (title !== '' && (former === undefined || title !== titleFrom(former))) return false;
        store.renameConversation(conversationId, titleFrom(question));
        return true;
      } catch (error) {
        log.warn('agent.not-named', { error });
        return false;
      }
    },
    async settle({ signal, ...exchange }) {
      try {
        const before = await prefix(exchange, NO_QUESTION);
        const summarised = await summarise(deps, exchange, before.lastOutsideId, signal);
        if (!signal.aborted) await model.preload((summarised ? await prefix(exchange, NO_QUESTION) : before).messages, signal);
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

/** A text that would not fit loses its middle: what it is about stands at the beginning or at the end. */
async function shorten(text: string, model: LanguageModel, limitTokens: number): Promise<{ text: string; tokens: number }> {
  let shortened = text;
  for (let length = text.length; ;) {
    const [tokens = 0] = await model.countTokens([shortened]);
    if (tokens <= limitTokens || length === 0) return { text: shortened, tokens };
    // The ends may be denser than the whole, so once may not be enough; each time it gets shorter.
    length = Math.floor(length * Math.min(limitTokens / tokens, 0.9));
    const half = Math.floor(length / 2);
    shortened = `${firstCharacters(text, half)} … ${lastCharacters(text, half)}`;
  }
}

/** Writes down what has fallen out of the window since the last summary. Resolves with whether there is a new one. */
async function summarise(
  { model, store }: AgentDeps,
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
  const spoken = messages.slice(from, to).map((message) => `${message.role}: ${visibleText(message)}`);
  const input = await shorten(spoken.join('\n'), model, Math.min(SUMMARY_INPUT_TOKENS, Math.floor(model.contextTokens / 2)));
  const request = summaryRequest(summary?.text ?? '', input.text, language);
  const prompt: PromptMessage[] = [
    { role: 'system', text: request.system },
    { role: 'user', text: request.user },
  ];
  const { text, finishReason } = await model.generate(prompt, { maxTokens: SUMMARY_TOKENS, temperature: 0, signal });
  if (finishReason === 'aborted' || text.trim() === '') return false;
  store.saveSummary(conversationId, { text: text.trim(), throughMessageId: lastOutsideId });
  return true;
}
