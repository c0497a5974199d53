import type { Clock } from '../../base/clock.ts';
import { AppError, isAbort } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { GenerationResult, LanguageModel, PromptMessage, ToolDefinition } from '../../inference/contracts/index.ts';
import { createGatedModel } from '../../inference/language/gated-model.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Gate } from '../killswitch/index.ts';
import type { Intent } from '../tools/index.ts';
import type { Agent, AnswerRequest, AnswerResult, PreparedExchange } from './agent.ts';
import { maxTokens, systemPrompt, temperature, userName } from './agent-config.ts';
import { withWhispers } from './call-prompt.ts';
import { createContextWindows, TEMPLATE_TOKENS, type ContextWindow } from './context-window.ts';
import { titleFrom } from './conversation-title.ts';
import { createHands, offeredAhead, type Hands, type ToolsPort } from './hands.ts';
import { endsInLoop } from './loop-guard.ts';
import { asksForTime, exampleExchanges, isSmall, openingLine, summaryLine, systemPromptText, toolRules, type Persona } from './prompts.ts';
import { shorten } from './shorten.ts';
import { summarise } from './summary.ts';
import { runToolLoop, SHARE_OF_TOOLS } from './tool-loop.ts';

export interface AgentDeps {
  model: LanguageModel;
  store: Store;
  config: Pick<Config, 'get'>;
  /** Who answers; undefined for a character that is not there any more. */
  persona: (characterId: string) => Persona | undefined;
  tools: ToolsPort;
  gate: Gate;
  /** Takes credentials out of everything that the model reads: words, history, results of tools. */
  redact: (text: string) => string;
  /** For the watchdog: so many tokens were written. */
  countTokens?: (tokens: number) => void;
  clock: Clock;
  log: Log;
}

/** The prompt's clock is set anew when it is this late: a new time is a new prefix, which has to be evaluated again. */
const TIME_STANDS_MS = 10 * 60_000;
/** Template, summary and rounding need a little room. */
const RESERVE_TOKENS = 64;
/** Kept free for a question that is not known yet, so that the window slides between two turns, where the summary is written, and not within one. */
const USUAL_QUESTION_TOKENS = 64;
/** Of the context, for calls of tools and what they bring. */
const SHARE_OF_RESULTS = 1 / 4;

/** Speaks in the app's own words when a character was deleted under an answer. */
const NOBODY: Persona = { name: 'Nova', systemPrompt: { en: '', de: '' }, examples: { en: [], de: [] } };
const NO_QUESTION = { text: '', tokens: 0 };
/** A small model is less sure of every word, so that the same temperature leads it astray sooner. */
const SMALL_MODEL_COOLING = 1 / 3;

type Exchange = PreparedExchange & { beforeMessageId?: string };
type Prefix = ContextWindow & { tools: readonly ToolDefinition[]; roomTokens: number };

/** A caller speaks, and no more than that happens. */
const isOutside = ({ asker }: Pick<PreparedExchange, 'asker'>): boolean => asker.channel === 'phone';

export function createAgent(deps: AgentDeps): Agent {
  const { store, clock, log, gate, redact } = deps;
  const model = createGatedModel(deps.model, gate);
  const prefix = createPrefixes(deps, model);
  const offersTools = (): boolean => model.usesTools === true;
  const ahead = (exchange: PreparedExchange): ToolDefinition[] =>
    offersTools() && !isOutside(exchange) ? offeredAhead(deps.tools, exchange) : [];

  return {
    async answer(request) {
      gate.pass('answer');
      const asked = request.question.trim();
      if (asked === '') throw new AppError('agent.empty-question', 'There was nothing to answer. Say or type a question.');
      const stopped = gate.signal('answer');
      const signal = AbortSignal.any([request.signal, stopped]);
      const intent = offersTools() || isOutside(request) ? undefined : deps.tools.intent(asked, request.language);
      let tainted = request.tainted === true;
      const taint = createTaint(request, () => tainted);
      const withHands = async (run: (hands: Hands) => Promise<AnswerResult>): Promise<AnswerResult> => {
        const hands = createHands(deps.tools, request, signal, () => tainted);
        try {
          return await run(hands);
        } finally {
          hands.end();
        }
      };
      const answered = async (): Promise<AnswerResult> => {
        if (intent) return withHands((hands) => answerReady({ intent, hands, clock, request, taint }));
        const question = await shorten(redact(asked), model, Math.floor(model.contextTokens / 3));
        const told = withWhispers(question.text, request.brief, request.language);
        const tokens = told === question.text ? question.tokens : ((await model.countTokens([told]))[0] ?? 0);
        const write = async (hands: Hands | undefined): Promise<AnswerResult> => {
          const before = await prefix(request, { text: question.text, tokens }, hands?.offered() ?? []);
          signal.throwIfAborted();
          tainted ||= before.tainted;
          const written = createWriter({ deps, model, request, signal });
          const loop = {
            ...before,
            model,
            hands,
            language: request.language,
            redact,
            generate: written.generate,
            onResults: () => taint(hands),
          };
          taint(hands);
          const last = await runToolLoop(loop, appendQuestion(before.messages, told));
          return written.result(last, taint(hands));
        };
        return offersTools() && !isOutside(request) ? withHands(write) : write(undefined);
      };
      const result = await answered();
      // Ended by the kill switch alone: nobody else will say so.
      if (stopped.aborted && !request.signal.aborted) throw stopped.reason;
      return result;
    },
    async prepare({ partialQuestion = '', ...exchange }) {
      try {
        // Counting waits for the model; which prompt suits it is known only then.
        const partial = redact(partialQuestion);
        const told = partial === '' ? '' : withWhispers(partial, exchange.brief, exchange.language);
        const [questionTokens = 0] = await model.countTokens([told]);
        const { messages, tools } = await prefix(exchange, { text: partial, tokens: questionTokens }, ahead(exchange));
        await model.preload(told === '' ? messages : appendQuestion(messages, told), undefined, tools);
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
        const tools = ahead(exchange);
        const before = await prefix(exchange, NO_QUESTION, tools);
        const summarised = await summarise({ model, store, redact }, exchange, before.lastOutsideId, signal);
        if (signal.aborted) return;
        const now = summarised ? await prefix(exchange, NO_QUESTION, tools) : before;
        await model.preload(now.messages, signal, now.tools);
      } catch (error) {
        if (!isAbort(error)) log.debug('agent.not-settled', { error });
      }
    },
  };
}

/** Everything in front of the question, which stays the same from turn to turn. */
function createPrefixes(deps: AgentDeps, model: LanguageModel) {
  const { store, config, clock, redact } = deps;
  const windows = createContextWindows({ model, store, redact });
  const anchor = { atMs: 0 };
  let counted = { text: '', tokens: 0 };

  /** The prompt's clock; `exact` sets it anew in any case. */
  const currentTime = (exact: boolean): number => {
    if (exact || Math.abs(clock.wallMs() - anchor.atMs) > TIME_STANDS_MS) anchor.atMs = clock.wallMs();
    return anchor.atMs;
  };

  /** What stands in front of every conversation: the system prompt with the summary at its end, and the examples of a small model. */
  const head = (
    { language, callType, characterId, brief }: Exchange,
    question: string,
    summary: string | undefined,
    hasTools: boolean,
  ): PromptMessage[] => {
    const template = config.get(systemPrompt);
    const facts = { callType, language, userName: config.get(userName), nowMs: currentTime(asksForTime(question)), brief };
    const persona = deps.persona(characterId) ?? NOBODY;
    const system = systemPromptText(template, persona, model.parameterCount, facts);
    const parts = [
      system,
      ...(hasTools ? [toolRules(callType, language)] : []),
      ...(summary === undefined ? [] : [summaryLine(summary, language)]),
    ];
    return [{ role: 'system', text: parts.join('\n') }, ...exampleExchanges(template, persona, model.parameterCount, facts)];
  };

  const toolTokens = async (tools: readonly ToolDefinition[]): Promise<number> => {
    if (tools.length === 0) return 0;
    const text = JSON.stringify(tools);
    if (text !== counted.text) counted = { text, tokens: (await model.countTokens([text]))[0] ?? 0 };
    return counted.tokens;
  };

  return async (exchange: Exchange, question: { text: string; tokens: number }, wanted: readonly ToolDefinition[]): Promise<Prefix> => {
    const wantedTokens = await toolTokens(wanted);
    // With a longer list none is offered.
    const fits = wantedTokens <= model.contextTokens * SHARE_OF_TOOLS;
    const tools = fits ? wanted : [];
    const roomTokens = tools.length > 0 ? Math.floor(model.contextTokens * SHARE_OF_RESULTS) : 0;
    const summary = exchange.conversationId === null ? undefined : store.getSummary(exchange.conversationId);
    const first = head(exchange, question.text, summary?.text, tools.length > 0);
    if (exchange.conversationId === null)
      return { messages: first, opening: '', lastOutsideId: undefined, tainted: false, tools, roomTokens };
    const tokens = await model.countTokens(first.map(({ text }) => text));
    const headTokens = tokens.reduce((sum, each) => sum + each + TEMPLATE_TOKENS, fits ? wantedTokens : 0);
    const reserve = RESERVE_TOKENS + roomTokens + Math.max(question.tokens, USUAL_QUESTION_TOKENS);
    const budget = model.contextTokens - answerTokens(config, model) - headTokens - reserve;
    const window = await windows.read(exchange.conversationId, Math.max(0, budget), exchange.beforeMessageId);
    const tainted = window.tainted || summary?.tainted === true;
    if (first[0] && window.opening !== '' && !isSmall(model.parameterCount))
      first[0] = { ...first[0], text: `${first[0].text}\n${openingLine(window.opening, exchange.language)}` };
    return { ...window, messages: [...first, ...window.messages], tainted, tools, roomTokens };
  };
}

function answerTokens(config: AgentDeps['config'], model: LanguageModel): number {
  return Math.min(config.get(maxTokens), Math.floor(model.contextTokens / 2));
}

/** Tells once when the answer has become tainted; returns whether it is. */
function createTaint(request: AnswerRequest, isTainted: () => boolean): (hands: Hands | undefined) => boolean {
  let told = false;
  return (hands) => {
    const tainted = isTainted() || hands?.isTainted() === true;
    if (tainted && !told) {
      told = true;
      request.onTainted?.();
    }
    return tainted;
  };
}

/** An answer without a model: the calls of a plain request, and the sentence that is made of their results. */
async function answerReady(options: {
  intent: Intent;
  hands: Hands;
  clock: Clock;
  request: AnswerRequest;
  taint: (hands: Hands) => boolean;
}): Promise<AnswerResult> {
  const { intent, hands, clock, request } = options;
  const startedAtMs = clock.nowMs();
  const results = intent.calls.length > 0 ? await hands.call(intent.calls) : [];
  const tainted = options.taint(hands);
  const text = intent.answer(results);
  request.onText(text);
  const timeToFirstTokenMs = clock.nowMs() - startedAtMs;
  return { text, finishReason: 'stop', tainted, timeToFirstTokenMs, promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
}

/** Streams the rounds of one answer as one text, and adds up how they went. */
function createWriter({
  deps,
  model,
  request,
  signal,
}: {
  deps: AgentDeps;
  model: LanguageModel;
  request: AnswerRequest;
  signal: AbortSignal;
}) {
  const { clock, config } = deps;
  const startedAtMs = clock.nowMs();
  const cooling = isSmall(model.parameterCount) ? SMALL_MODEL_COOLING : 1;
  let text = '';
  let first: GenerationResult | undefined;
  let timeToFirstTokenMs: number | undefined;
  let completionTokens = 0;
  let looped = false;

  return {
    async generate(messages: readonly PromptMessage[], tools: readonly ToolDefinition[]): Promise<GenerationResult> {
      const loop = new AbortController();
      let written = '';
      const onText = (piece: string): void => {
        // What is said before and after a call are two sentences.
        const gap = written === '' && text !== '' && !/\s$/.test(text) ? (request.callType.endsWith('voice') ? ' ' : '\n\n') : '';
        written += piece;
        text += gap + piece;
        timeToFirstTokenMs ??= clock.nowMs() - startedAtMs;
        request.onText(gap + piece);
        if (endsInLoop(written)) loop.abort();
      };
      const result = await model.generate(messages, {
        maxTokens: answerTokens(config, model),
        temperature: config.get(temperature) * cooling,
        signal: AbortSignal.any([signal, loop.signal]),
        onText,
        ...(tools.length > 0 ? { tools } : {}),
      });
      timeToFirstTokenMs ??= result.finishReason === 'tools' ? undefined : result.timeToFirstTokenMs;
      first ??= result;
      if (first === result && written !== '') timeToFirstTokenMs = result.timeToFirstTokenMs;
      completionTokens += result.completionTokens;
      deps.countTokens?.(result.completionTokens);
      looped = loop.signal.aborted;
      return result;
    },
    result(last: GenerationResult, tainted: boolean): AnswerResult {
      const finishReason = looped || last.finishReason === 'tools' ? 'stop' : last.finishReason;
      return {
        text,
        finishReason,
        tainted,
        timeToFirstTokenMs: timeToFirstTokenMs ?? last.timeToFirstTokenMs,
        promptTokens: first?.promptTokens ?? 0,
        cachedPromptTokens: first?.cachedPromptTokens ?? 0,
        completionTokens,
      };
    },
  };
}

/** The roles alternate: a question behind a question that was never answered is joined to it. */
function appendQuestion(messages: readonly PromptMessage[], question: string): PromptMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', text: question }];
  return [...messages.slice(0, -1), { role: 'user', text: `${last.text}\n${question}` }];
}
