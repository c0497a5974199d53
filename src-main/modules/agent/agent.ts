import type { Asker } from '../../../src-preload/contract/index.ts';
import type { LanguageCode } from '../../inference/contracts/index.ts';

/** Where the exchange takes place; fills {call_type} of the system prompt. */
export type CallType = 'desktop-voice' | 'desktop-text' | 'browser-voice' | 'browser-text' | 'phone-voice';

/** What the assistant must know of a telephone call. With it a prompt holds nothing of the owner's but this, unless the owner is at the other end. */
export interface CallBrief {
  direction: 'in' | 'out';
  role: 'assistant' | 'message' | 'screening';
  /** Who is at the other end, from the phone book or as the network says; '' = not known. */
  name: string;
  /** Said the PIN in this very call: trusted like at the microphone. */
  isOwner: boolean;
  /** What an outgoing call is for; '' = comes in. */
  purpose: string;
  /** What the owner has released to this caller. */
  released: string;
  /** Whispered by the owner during the call, oldest first; the other end does not hear them. */
  hints: readonly string[];
}

export interface AnswerRequest {
  /** History comes from the store; null = a conversation that does not exist yet. */
  conversationId: string | null;
  /** The user's words; not in the store yet when the answer is speculative. */
  question: string;
  /** Leave out of the history everything from this message on (regenerate, or a question that is already stored). */
  beforeMessageId?: string;
  language: LanguageCode;
  callType: CallType;
  /** Who answers. */
  characterId: string;
  /** Who asks, and by which way in: tools are allowed by that. A caller (`phone`) is offered none. */
  asker: Asker;
  /** Of a telephone call. */
  brief?: CallBrief;
  /** The question itself came from outside. Absent = no. */
  tainted?: boolean;
  /** Resolves when the turn is sure to count: until then no tool does anything. Never resolves for a speculation that is thrown away. */
  committed: Promise<void>;
  /** The conversation once the turn counts, for a question that begins one. */
  conversationIdNow?: () => string | null;
  /** Ends the answer: the words at once, and those tools that allow it. */
  signal: AbortSignal;
  /** Each piece of visible text, in order; also what is said between two calls of tools. */
  onText: (piece: string) => void;
  /** Tools begin to run, or have come to their end. */
  onTools?: (running: boolean) => void;
  /** From now on the answer may hold something from outside. Told at most once. */
  onTainted?: () => void;
}

export interface AnswerResult {
  text: string;
  finishReason: 'stop' | 'length' | 'aborted';
  /** Something from outside was read for it. */
  tainted: boolean;
  timeToFirstTokenMs: number;
  /** Of the first round; what the tools brought comes on top of that. */
  promptTokens: number;
  cachedPromptTokens: number;
  /** Of all rounds. */
  completionTokens: number;
}

/** What a prompt is made for, ahead of a question or behind one. */
export interface PreparedExchange {
  conversationId: string | null;
  language: LanguageCode;
  callType: CallType;
  characterId: string;
  /** Who will ask: the tools on offer stand at the beginning of the prompt. */
  asker: Asker;
  brief?: CallBrief;
}

/**
 * One turn of the assistant: context window, prompt, streaming, tools. Reads the store, never writes messages, has no side effects before the
 * turn is committed: a speculative answer may be aborted at any time. Errors are those of {@link LanguageModel} and the kill switch.
 */
export interface Agent {
  answer(request: AnswerRequest): Promise<AnswerResult>;
  /** Evaluates system prompt, summary and history ahead of the question, optionally with the words heard so far. Cheap when nothing changed; never throws. */
  prepare(request: PreparedExchange & { partialQuestion?: string }): Promise<void>;
  /**
   * Names an untitled conversation after its first question; `former` is what that question was before its speaker went on. Returns whether
   * there is a new title. Never throws: a conversation without one is as good.
   */
  name(request: { conversationId: string; question: string; former?: string }): boolean;
  /** After a turn is stored: writes the summary when history falls out of the window, warms the prefix. Never throws. */
  settle(request: PreparedExchange & { conversationId: string; signal: AbortSignal }): Promise<void>;
}
