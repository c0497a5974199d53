import type { Message, TurnLatency } from '../../../src-preload/contract/index.ts';
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
}

/** Longest wait for the transcript or the first word of an answer, and for the rest of it. */
const START_TIMEOUT_MS = 45_000;
const END_TIMEOUT_MS = 300_000;

/** Asks in writing; `speak` also has the answer spoken. */
export async function askInWriting(page: HeadlessPage, text: string, speak: boolean): Promise<TerminalExchange> {
  const from = page.speaker.played.length;
  const { messageId } = await page.bridge.call('turn.send', { conversationId: null, text, speak });
  return collect(page, (message) => message.id === messageId, from);
}

/**
 * Asks aloud. `samples`: 16 kHz mono. In real time the assistant decides when the turn is over, as it does for a person; a long recording is
 * given as one push-to-talk sentence, faster than real time.
 */
export async function askAloud(page: HeadlessPage, samples: Float32Array, how: 'real-time' | 'at-once'): Promise<TerminalExchange> {
  const from = page.speaker.played.length;
  if (how === 'at-once') await page.bridge.call('session.press', { down: true });
  const said = page.microphone.say(samples, how === 'at-once' ? { speed: FAST } : {});
  await said.sent;
  if (how === 'at-once') await page.bridge.call('session.press', { down: false });
  return collect(page, (message) => message.role === 'user', from);
}

/** Times real time at which a long recording is fed: what recognition keeps up with on two cores. */
const FAST = 8;

async function collect(page: HeadlessPage, isQuestion: (message: Message) => boolean, soundFrom: number): Promise<TerminalExchange> {
  const question = (): Message | undefined => page.messages.find(isQuestion);
  const failed = (): boolean => page.problems.length > 0;
  const answer = (): Message | undefined => page.messages.find((message) => message.role === 'assistant');
  await page.until(() => (question() !== undefined && answer() !== undefined) || failed(), START_TIMEOUT_MS, 'an answer');
  await page.until(() => page.answersDone > 0 || failed(), END_TIMEOUT_MS, 'the end of the answer');
  const asked = question();
  const given = answer();
  return {
    transcript: asked?.text ?? '',
    answer: given?.text ?? '',
    status: given?.status ?? 'failed',
    latencyMs: page.latencies[0] ?? {},
    sound: page.speaker.played.slice(soundFrom),
  };
}
