import type { PlayedPiece } from '../../src-main/modules/terminal/index.ts';
import type { Message } from '../../src-preload/contract/index.ts';
import { audibleUntil } from './audio.ts';

/** Silent for good within this time of the first word is yielding: a pause that was only for listening ends later, and then it sounds again. */
const LATEST_YIELD_MS = 1_000;
/** Sound of the answer behind a noise that cannot be a remainder of what was on its way. */
const WENT_ON_MS = 200;

/** The answer under a noise, as it stands some seconds later. */
export interface DisturbedAnswer {
  played: readonly PlayedPiece[];
  /** The utterance that was playing when the noise began. */
  utteranceId: string;
  /** Of the message with that answer; undefined when it was taken back. */
  status: Message['status'] | undefined;
}

/**
 * What words did to the answer: when it fell silent for good, that it did not, or that nothing can be said, because it was just coming to its
 * own end. `fromMs`: the first audible sample of the words.
 */
export function judgeInterruption(
  { played, utteranceId, status }: DisturbedAnswer,
  fromMs: number,
): { yieldedAfterMs: number } | 'talked over' | 'no answer' {
  const silentMs = audibleUntil(played, utteranceId, fromMs);
  if (silentMs === undefined) return 'no answer';
  if (silentMs - fromMs > LATEST_YIELD_MS) return 'talked over';
  return status === 'complete' ? 'no answer' : { yieldedAfterMs: silentMs - fromMs };
}

/** Whether the answer went on behind a noise that ended at `untilMs`, or came to its own end under it. */
export function wentOn({ played, utteranceId, status }: DisturbedAnswer, untilMs: number): boolean {
  return status === 'complete' || (audibleUntil(played, utteranceId, untilMs) ?? 0) - untilMs > WENT_ON_MS;
}
