import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import { assertNever } from '../../base/assert-never.ts';
import type { GenerationOptions, GenerationResult } from '../contracts/index.ts';
import { badAnswer, cutOff, timedOut } from '../language/language-errors.ts';
import { createVisibleText } from '../language/visible-text.ts';
import { hostOf, reach } from './reach.ts';
import { createStreamWatch, type Deadlines } from './stream-watch.ts';
import { createToolCalls, type ToolPiece } from './tool-messages.ts';

/** What a server's stream says, whatever its dialect. */
export type RemotePiece =
  | { kind: 'text'; text: string }
  | ToolPiece
  /** Reasoning or anything else that shows that the server is at work. */
  | { kind: 'alive' }
  | { kind: 'usage'; promptTokens?: number; cachedPromptTokens?: number; completionTokens?: number }
  /** `stop` also where the server says that it waits for tools: their calls tell that by themselves. */
  | { kind: 'finish'; reason: 'stop' | 'length' };

export interface RemoteGeneration {
  address: URL;
  clock: Clock;
  deadlines: Deadlines;
  options: GenerationOptions;
  /** Opens the stream; aborting the signal must close the connection. */
  open: (signal: AbortSignal) => AsyncIterable<RemotePiece>;
  /** Turns what the client threw into one of our errors. `receivedCharacters` counts the visible answer so far, `began` = something had arrived. */
  toError: (error: unknown, received: { characters: number; began: boolean }) => AppError;
}

/** Rough upper bound for servers that do not count: a token of any common tokenizer is seldom shorter than three characters. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3);
}

/**
 * One answer of a server: deadlines, abort, reasoning taken out, every way of failing turned into an `AppError`. Nothing is ever asked twice:
 * what has been read aloud cannot be taken back.
 */
export async function generateRemotely(request: RemoteGeneration): Promise<GenerationResult> {
  const { address, clock, deadlines, options } = request;
  const startedAtMs = clock.nowMs();
  const where = hostOf(address);
  const watch = createStreamWatch(clock, deadlines, options.signal);
  const result: GenerationResult = {
    text: '',
    finishReason: 'stop',
    toolRequests: [],
    promptTokens: 0,
    cachedPromptTokens: 0,
    completionTokens: 0,
    timeToFirstTokenMs: 0,
  };
  let began = false;
  let finished = false;
  let failure: unknown;
  const calls = createToolCalls(() => createId('call'));
  const visible = createVisibleText((text) => {
    if (result.text === '') result.timeToFirstTokenMs = clock.nowMs() - startedAtMs;
    result.text += text;
    options.onText?.(text);
  });

  const take = (piece: RemotePiece): void => {
    switch (piece.kind) {
      case 'text':
        return visible.push(piece.text);
      case 'tool':
        return calls.take(piece);
      case 'alive':
        return;
      case 'usage':
        result.promptTokens = piece.promptTokens ?? result.promptTokens;
        result.cachedPromptTokens = piece.cachedPromptTokens ?? result.cachedPromptTokens;
        result.completionTokens = piece.completionTokens ?? result.completionTokens;
        return;
      case 'finish':
        finished = true;
        result.finishReason = piece.reason;
        return;
      default:
        assertNever(piece, 'piece of an answer');
    }
  };

  try {
    await reach(address, deadlines.connectMs, clock, watch.signal);
    for await (const piece of request.open(watch.signal)) {
      began = true;
      watch.alive();
      if (options.signal?.aborted) break;
      take(piece);
    }
  } catch (error) {
    failure = error;
  } finally {
    watch.end();
  }
  // The clients also end their stream without an error when it was aborted, so the reason is looked for first.
  if (options.signal?.aborted) return { ...result, finishReason: 'aborted' };
  // What happens behind the end of an answer does not make it less whole.
  if (!finished) {
    const expired = watch.expired();
    if (expired) throw timedOut(where, expired.stage, expired.afterMs);
    if (failure instanceof AppError) throw failure;
    if (failure !== undefined) throw request.toError(failure, { characters: result.text.length, began });
    throw began ? cutOff(where, result.text.length) : badAnswer(where, 'it was empty');
  }
  visible.end();
  // A call that was cut off by the length is none.
  if (result.finishReason === 'stop') result.toolRequests = calls.requests();
  if (result.toolRequests.length > 0) result.finishReason = 'tools';
  if (result.text === '' && result.finishReason === 'length') throw badAnswer(where, 'its reasoning took the whole length of the answer');
  result.completionTokens ||= estimateTokens(result.text);
  return result;
}
