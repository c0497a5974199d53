import { AppError } from '../../base/errors.ts';
import { INPUT_SAMPLE_RATE_HZ } from '../../inference/contracts/index.ts';
import type { Message, Notice, TurnLatency } from '../../../src-preload/contract/index.ts';
import type { HeadlessPage } from './headless-page.ts';
import type { PlayedPiece } from './speaker.ts';

/** One exchange, as the terminal prints it. */
export interface TerminalExchange {
  transcript: string;
  answer: string;
  status: Message['status'];
  latencyMs: TurnLatency;
  /** What left the loudspeaker, in order. */
  sound: readonly PlayedPiece[];
  /** What went wrong on the way although there is an answer, or a part of one. */
  problem: Notice | undefined;
}

/** Longest wait for the question and the first word of an answer after the last sample, and for the rest of it. */
const START_TIMEOUT_MS = 45_000;
const END_TIMEOUT_MS = 300_000;
/** The core waits for another question this long after the last sample, and none has come: there were no words. */
const NOTHING_HEARD_MS = 6_000;
/** Times real time at which a long recording is fed: what recognition keeps up with on two cores. */
const FAST = 8;
/** Silence in front of and behind a recording that is given at once: the key's way to the worker may be longer than that of the sound. */
const MARGIN_SAMPLES = INPUT_SAMPLE_RATE_HZ;

/** Asks in writing; `speak` also has the answer spoken. */
export async function askInWriting(page: HeadlessPage, text: string, speak: boolean): Promise<TerminalExchange> {
  const from = page.speaker.played.length;
  const { messageId } = await page.bridge.call('turn.send', { conversationId: null, text, speak });
  return collect(page, (message) => message.id === messageId, { soundFrom: from, patienceMs: START_TIMEOUT_MS });
}

/**
 * Asks aloud. `samples`: 16 kHz mono. In real time the assistant decides when the turn is over, as it does for a person; a long recording is
 * given as one push-to-talk sentence, faster than real time. Of several questions in it the last one counts.
 * Rejects with `talk.nothing-heard` when there were no words in it.
 */
export async function askAloud(page: HeadlessPage, samples: Float32Array, how: 'real-time' | 'at-once'): Promise<TerminalExchange> {
  const soundFrom = page.speaker.played.length;
  if (how === 'at-once') await page.bridge.call('session.press', { down: true });
  const said = how === 'at-once' ? page.microphone.say(withMargins(samples), { speed: FAST }) : page.microphone.say(samples);
  await said.sent;
  if (how === 'at-once') await page.bridge.call('session.press', { down: false });
  // A long recording may still be in work when its last sample has been given.
  const patienceMs = START_TIMEOUT_MS + (samples.length / INPUT_SAMPLE_RATE_HZ) * 1000;
  await waitForWords(page, patienceMs);
  return collect(page, isOfUser, { soundFrom, patienceMs });
}

function withMargins(samples: Float32Array): Float32Array {
  const longer = new Float32Array(samples.length + 2 * MARGIN_SAMPLES);
  longer.set(samples, MARGIN_SAMPLES);
  return longer;
}

const isOfUser = (message: Message): boolean => message.role === 'user';
const isReady = (page: HeadlessPage): boolean => page.session().talk.state === 'ready';

async function waitForWords(page: HeadlessPage, patienceMs: number): Promise<void> {
  const isSettled = (): boolean => page.problems.length > 0 || page.messages.some(isOfUser);
  for (;;) {
    await page.until(() => isSettled() || isReady(page), patienceMs, 'the end of the question');
    if (isSettled()) return;
    const goesOn = page.until(() => isSettled() || !isReady(page), NOTHING_HEARD_MS, 'words');
    if (
      await goesOn.then(
        () => false,
        () => true,
      )
    )
      throw nothingHeard();
  }
}

async function collect(
  page: HeadlessPage,
  isQuestion: (message: Message) => boolean,
  { soundFrom, patienceMs }: { soundFrom: number; patienceMs: number },
): Promise<TerminalExchange> {
  const question = (): Message | undefined => page.messages.findLast(isQuestion);
  const answer = (): Message | undefined =>
    page.messages.slice(page.messages.findLastIndex(isQuestion)).find((message) => message.role === 'assistant');
  const failed = (): boolean => page.problems.length > 0;
  const isOver = (): boolean => question() !== undefined && page.answersDone > 0 && isReady(page);
  await page.until(() => (question() !== undefined && answer() !== undefined) || isOver() || failed(), patienceMs, 'an answer');
  await page.until(() => isOver() || failed(), END_TIMEOUT_MS, 'the end of the answer');
  const [problem] = page.problems;
  const given = answer();
  if (problem && !given) throw new AppError(problem.code, problem.message, { details: problem.details });
  return {
    transcript: question()?.text ?? '',
    answer: given?.text ?? '',
    status: given?.status ?? 'failed',
    latencyMs: page.latencies.at(-1) ?? {},
    sound: page.speaker.played.slice(soundFrom),
    problem,
  };
}

function nothingHeard(): AppError {
  return new AppError(
    'talk.nothing-heard',
    'No words were understood in the recording: check that it holds speech that is loud enough, and which language is set.',
  );
}
