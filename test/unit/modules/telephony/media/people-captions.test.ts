import { describe, expect, it } from 'vitest';
import type { CallCaption } from '../../../../../src-preload/contract/index.ts';
import type { RecognitionEvent } from '../../../../../src-main/inference/contracts/index.ts';
import { createPeopleCaptions } from '../../../../../src-main/modules/telephony/media/people-captions.ts';
import { silentLog } from '../../../../../src-main/base/log.ts';
import { talkingCall } from '../../../../doubles/phone-call.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

const SESSION = 'people-leg';

async function begin() {
  const clock = createVirtualClock();
  const asked: string[] = [];
  const linked: string[] = [];
  const told: CallCaption[] = [];
  let hear: ((event: RecognitionEvent) => void) | undefined;
  let seq = 0;
  const captions = createPeopleCaptions({
    clock,
    log: silentLog,
    media: { attachPort: () => undefined },
    recognition: {
      attachPort: () => undefined,
      call: async (method) => void asked.push(method) as never,
      onEvent(each) {
        hear = each;
        return () => void (hear = undefined);
      },
    },
    link: async (one, other) => void linked.push(`${one.sessionId} ${other.sessionId}`),
    languageOf: () => 'en',
    nextSeq: () => seq++,
    tell: (caption) => void told.push(caption),
  });
  await captions.open(talkingCall('c', { answeredAtMs: clock.wallMs() }), 'leg');
  const speech = (speechId: string) => ({
    start: (onsetAtMs = clock.nowMs()) =>
      hear?.({ type: 'speech.start', sessionId: SESSION, speechId, startSample: 0, onsetAtMs, emittedAtMs: clock.nowMs() }),
    partial: (text: string) => hear?.({ type: 'transcript.partial', sessionId: SESSION, speechId, text, language: 'en', voicedMs: 500 }),
    over(text: string, endAtMs = clock.nowMs()) {
      hear?.({ type: 'speech.pause', sessionId: SESSION, speechId, revision: 0, endSample: 0, endAtMs, emittedAtMs: clock.nowMs() });
      hear?.({ type: 'transcript.final', sessionId: SESSION, speechId, revision: 0, text, language: 'en', voicedMs: 500, decodeMs: 1 });
      hear?.({ type: 'speech.end', sessionId: SESSION, speechId, revision: 0, durationMs: 1_000 });
    },
  });
  const words = (): string[] => told.map(({ seq: line, speaker, text, final }) => `${line} ${speaker}${final ? '.' : ''} ${text}`);
  return { clock, captions, asked, linked, told, speech, words };
}

describe('createPeopleCaptions', () => {
  it('hears by one leg, and shows words that are not kept under whose they are', async () => {
    const { clock, captions, linked, told, speech, words } = await begin();
    expect(linked).toEqual([`leg/capture ${SESSION}`]);
    const first = speech('s1');
    first.start();
    await clock.advance(200);
    captions.talking('c', 'caller', true);
    await clock.advance(1_000);
    first.partial('can we');
    captions.talking('c', 'caller', false);
    first.over('Can we meet?');
    await clock.advance(1_000);
    const second = speech('s2');
    second.start();
    await clock.advance(1_000);
    second.over('Yes.');
    expect(words()).toEqual(['0 caller can we', '0 caller Can we meet?', '0 caller. Can we meet?', '1 owner Yes.', '1 owner. Yes.']);
    expect(told.every(({ passing }) => passing === true)).toBe(true);
  });

  it('asks when the sound was heard, not when it was understood', async () => {
    const { clock, captions, speech, words } = await begin();
    const onsetAtMs = clock.nowMs();
    captions.talking('c', 'caller', true);
    await clock.advance(2_000);
    captions.talking('c', 'caller', false);
    await clock.advance(5_000);
    const late = speech('s1');
    late.start(onsetAtMs);
    late.over('Can we meet?', onsetAtMs + 1_800);
    expect(words().at(-1)).toBe('0 caller. Can we meet?');
  });

  it('cuts a speech where the voice changes, and shows nothing of a notice', async () => {
    const { clock, captions, asked, speech, words } = await begin();
    captions.talking('c', 'notice', true);
    const notice = speech('s1');
    notice.start();
    await clock.advance(1_500);
    notice.over('This call is being recorded.');
    captions.talking('c', 'notice', false);
    const owner = speech('s2');
    owner.start();
    await clock.advance(2_000);
    captions.talking('c', 'caller', true);
    expect(asked.at(-1)).toBe('session.endSpeech');
    owner.over('I think so.');
    expect(words()).toEqual(['0 owner I think so.', '0 owner. I think so.'].map((line) => line.replace('0', '1')));
    expect(await captions.close('c')).toBe('leg');
    expect([asked.at(-1), await captions.close('c')]).toEqual(['session.close', undefined]);
  });
});
