import { createAgent, agentSettings, type Agent, type AnswerResult, type CallType } from '../../src-main/modules/agent/index.ts';
import { createConfig } from '../../src-main/platform/config/index.ts';
import type { Tools } from '../../src-main/modules/tools/index.ts';
import type { Store } from '../../src-main/platform/store/index.ts';
import type { Asker, Message } from '../../src-preload/contract/index.ts';
import { createHistoryBench, messageOf } from './history-bench.ts';
import { createOpenGate, type OpenGate } from './open-gate.ts';
import {
  createScriptedLanguageModel,
  type ScriptedGeneration,
  type ScriptedLanguageModel,
  type ScriptedLanguageModelOptions,
} from './scripted-language-model.ts';
import { createScriptedTools, type ScriptedTools, type ScriptedToolsOptions } from './scripted-tools.ts';
import { shippedCharacter } from './shipped-characters.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface AgentRigOptions extends Partial<
  Pick<ScriptedLanguageModelOptions, 'answers' | 'contextTokens' | 'parameterCount' | 'usesTools'>
> {
  /** Values of `languageModel.*` settings by key. */
  settings?: Readonly<Record<string, string | number>>;
  tools?: ScriptedToolsOptions;
  /** The real ones, in place of those of the script. */
  realTools?: Pick<Tools, 'beginTurn' | 'intent'>;
  redact?: (text: string) => string;
}

export interface Asked {
  conversationId?: string | null;
  beforeMessageId?: string;
  language?: string;
  callType?: CallType;
  characterId?: string;
  asker?: Asker;
  tainted?: boolean;
  committed?: Promise<void>;
  conversationIdNow?: () => string | null;
  signal?: AbortSignal;
  onText?: (piece: string) => void;
  onTools?: (running: boolean) => void;
  onTainted?: () => void;
}

/** The real agent with a real store and real settings in a temporary folder; only the model is a double, on a virtual clock. */
export interface AgentRig {
  agent: Agent;
  clock: VirtualClock;
  store: Store;
  model: ScriptedLanguageModel;
  tools: ScriptedTools;
  gate: OpenGate;
  /** The conversation that everything belongs to unless said otherwise. */
  conversationId: string;
  /** Waits for a promise while time goes on. */
  finish<Value>(promise: Promise<Value>): Promise<Value>;
  ask(question: string, options?: Asked): Promise<AnswerResult>;
  settle(options?: Pick<Asked, 'language' | 'signal'>): Promise<void>;
  /** Stores a message; roles and the rest as in a typed conversation unless said otherwise. */
  say(role: Message['role'], text: string, more?: Partial<Pick<Message, 'heardChars' | 'status' | 'tainted'>>): Message;
  /** One whole turn as the conversation module makes it: answered, stored, settled. */
  turn(question: string): Promise<AnswerResult>;
  /** The generation asked for last. */
  last(): ScriptedGeneration;
}

/** The shipped ones; all others are gone. */
function shippedPersona(id: string): ReturnType<typeof shippedCharacter> | undefined {
  return id === 'default' || id === 'cyberpunk-host' || id === 'retro-assistant' ? shippedCharacter(id) : undefined;
}

export async function createAgentRig(options: AgentRigOptions = {}): Promise<AgentRig> {
  const history = await createHistoryBench();
  const { clock, dataDirectory, log } = history;
  const store = await history.open({ keepBackups: () => 0 });
  const config = createConfig({ dataDirectory, definitions: agentSettings, clock, log });
  for (const [key, value] of Object.entries(options.settings ?? {})) await config.set(key, value);
  const model = createScriptedLanguageModel({ clock, answers: ['All right.'], ...options });
  const tools = createScriptedTools(options.tools);
  const gate = createOpenGate();
  const redact = options.redact ?? ((text: string) => text);
  const agent = createAgent({ model, store, config, persona: shippedPersona, tools: options.realTools ?? tools, gate, redact, clock, log });
  const conversationId = store.createConversation({ title: '', createdAtMs: clock.wallMs() }).id;

  const finish = async <Value>(promise: Promise<Value>): Promise<Value> => {
    const settled = new Set<true>();
    const over = (): void => void settled.add(true);
    promise.then(over, over);
    while (settled.size === 0) await clock.advance(20);
    return promise;
  };
  const exchange = { language: 'en', callType: 'desktop-voice' as const, characterId: 'default', asker: { channel: 'voice' as const } };
  const endless = new AbortController().signal;

  const rig: AgentRig = {
    agent,
    clock,
    store,
    model,
    tools,
    gate,
    conversationId,
    finish,
    ask: (question, asked = {}) =>
      finish(
        agent.answer({
          conversationId,
          question,
          ...exchange,
          committed: Promise.resolve(),
          signal: endless,
          onText: () => undefined,
          ...asked,
        }),
      ),
    settle: (asked = {}) => finish(agent.settle({ conversationId, ...exchange, signal: endless, ...asked })),
    say: (role, text, more = {}) => store.insertMessage(messageOf(conversationId, text, { role, createdAtMs: clock.wallMs(), ...more })),
    async turn(question) {
      const result = await rig.ask(question);
      rig.say('user', question);
      agent.name({ conversationId, question });
      rig.say('assistant', result.text);
      await rig.settle();
      return result;
    },
    last() {
      const generation = model.generations.at(-1);
      if (!generation) throw new Error('Nothing has been generated');
      return generation;
    },
  };
  return rig;
}
