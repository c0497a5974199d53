import type { LanguageCode } from '../../inference/contracts/index.ts';

/** Where the exchange takes place; fills {call_type} of the system prompt. */
export type CallType = 'desktop-voice' | 'desktop-text' | 'browser-voice' | 'browser-text';

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
  signal: AbortSignal;
  /** Each piece of visible text, in order. */
  onText: (piece: string) => void;
}

export interface AnswerResult {
  text: string;
  finishReason: 'stop' | 'length' | 'aborted';
  timeToFirstTokenMs: number;
  promptTokens: number;
  cachedPromptTokens: number;
  completionTokens: number;
}

/**
 * One turn of the language model: context window, prompt, streaming. Reads the store, never writes messages, has no side effects before the
 * turn is committed: a speculative answer may be aborted at any time. Errors are those of {@link LanguageModel}.
 */
export interface Agent {
  answer(request: AnswerRequest): Promise<AnswerResult>;
  /** Evaluates system prompt, summary and history ahead of the question, optionally with the words heard so far. Cheap when nothing changed; never throws. */
  prepare(request: {
    conversationId: string | null;
    language: LanguageCode;
    callType: CallType;
    characterId: string;
    partialQuestion?: string;
  }): Promise<void>;
  /**
   * Names an untitled conversation after its first question; `former` is what that question was before its speaker went on. Returns whether
   * there is a new title. Never throws: a conversation without one is as good.
   */
  name(request: { conversationId: string; question: string; former?: string }): boolean;
  /** After a turn is stored: writes the summary when history falls out of the window, warms the prefix. Never throws. */
  settle(request: {
    conversationId: string;
    language: LanguageCode;
    callType: CallType;
    characterId: string;
    signal: AbortSignal;
  }): Promise<void>;
}
