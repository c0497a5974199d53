import { describe, expect, it } from 'vitest';
import { createCallCaptions } from '../../../../../src-main/modules/telephony/media/call-captions.ts';
import { createCallManners } from '../../../../../src-main/modules/telephony/media/call-manners.ts';
import { isFarewell } from '../../../../../src-main/modules/telephony/media/call-words.ts';
import { createPhoneSilence } from '../../../../../src-main/modules/telephony/media/phone-silence.ts';
import type { CallCaption } from '../../../../../src-preload/contract/index.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

function createSilenceRig() {
  const clock = createVirtualClock();
  const said: string[] = [];
  let hungUp = 0;
  const silence = createPhoneSilence({ clock, say: async (sentence) => void said.push(sentence), hangUp: () => (hungUp += 1) });
  return { clock, said, silence, hungUp: () => hungUp };
}

describe('createPhoneSilence', () => {
  it('asks twice, says goodbye and hangs up', async () => {
    const { clock, said, silence, hungUp } = createSilenceRig();
    silence.turn('ready');
    await clock.advance(31_000);
    expect(said).toEqual(['still-there', 'still-there-again', 'farewell']);
    expect(hungUp()).toBe(1);
    silence.dispose();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('begins anew with every word, and waits for nothing while the owner speaks', async () => {
    const { clock, said, silence, hungUp } = createSilenceRig();
    silence.turn('ready');
    await clock.advance(21_000);
    silence.words();
    await clock.advance(10_000);
    expect(said).toEqual(['still-there', 'still-there-again', 'still-there']);
    silence.pause(true);
    await clock.advance(600_000);
    expect([said.length, hungUp()]).toEqual([3, 0]);
  });

  it('interrupts politely after a minute, and leaves after the third', async () => {
    const { clock, said, silence, hungUp } = createSilenceRig();
    silence.turn('listening');
    await clock.advance(59_000);
    expect(said).toEqual([]);
    await clock.advance(122_000);
    expect(said).toEqual(['interruption', 'interruption', 'farewell']);
    expect(hungUp()).toBe(1);
  });
});

describe('createCallManners', () => {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- belongs to this test
  const start = () => {
    const clock = createVirtualClock();
    const acts: string[] = [];
    const manners = createCallManners({
      clock,
      silence: () => acts.push('silence'),
      leaveMessage: () => acts.push('message'),
      hangUp: () => acts.push('hang-up'),
    });
    return { clock, acts, manners };
  };

  it('ends the call after a goodbye, unless somebody goes on', async () => {
    const { clock, acts, manners } = start();
    manners.heard('Okay, thank you. Goodbye!');
    manners.turn('thinking');
    manners.turn('speaking');
    await clock.advance(5_000);
    manners.turn('ready');
    await clock.advance(1_000);
    manners.turn('listening');
    manners.heard('Oh, one more thing.');
    manners.turn('ready');
    await clock.advance(60_000);
    expect(acts).toEqual([]);
    manners.heard('Auf Wiederhören.');
    await clock.advance(1_600);
    expect(acts).toEqual(['hang-up']);
  });

  it('leaves its message on a machine at the first silence, and answers nothing of what it says', async () => {
    const { clock, acts, manners } = start();
    manners.machine();
    manners.turn('listening');
    manners.turn('thinking');
    await clock.advance(500);
    manners.turn('ready');
    await clock.advance(1_600);
    expect(acts).toEqual(['silence', 'message']);
  });
});

describe('isFarewell', () => {
  it.each(['Bye!', 'All right, see you tomorrow.', 'Danke, tschüss', 'Auf Wiedersehen!', 'Einen schönen Tag noch.'])(
    'knows "%s"',
    (text) => {
      expect(isFarewell(text)).toBe(true);
    },
  );
  it.each(['Goodbye is what she said to me yesterday in the kitchen', 'I want to buy', 'Bis morgen muss das fertig sein'])(
    'lets "%s" pass',
    (text) => {
      expect(isFarewell(text)).toBe(false);
    },
  );
});

describe('createCallCaptions', () => {
  it('replaces live words by the kept ones, shows of an answer what was heard of it, and tells where each begins and ends', () => {
    const told: CallCaption[] = [];
    let nowMs = 10_000;
    let seq = 0;
    let spoken = { startMs: 600, endMs: 0 };
    const captions = createCallCaptions({
      callId: 'c',
      clock: { wallMs: () => nowMs },
      answeredAtMs: () => 9_000,
      spoken: () => spoken,
      nextSeq: () => seq++,
      tell: (caption) => told.push(caption),
    });
    captions.partial('what is');
    nowMs = 11_000;
    spoken = { startMs: 600, endMs: 1_800 };
    captions.heard({ id: 'm1', text: 'What is it?' });
    captions.progress({ messageId: 'm2', text: 'It is late.', heardChars: 0, done: false });
    captions.progress({ messageId: 'm2', text: 'It is late.', heardChars: 4, done: false });
    nowMs = 12_000;
    captions.progress({ messageId: 'm2', text: 'It is late.', heardChars: 11, done: true });
    const isOver = captions.said('One moment.');
    nowMs = 12_700;
    isOver();
    expect(told).toEqual([
      { callId: 'c', seq: 0, atMs: 600, speaker: 'caller', text: 'what is', final: false },
      { callId: 'c', seq: 0, atMs: 1_800, speaker: 'caller', text: 'What is it?', final: true },
      { callId: 'c', seq: 1, atMs: 2_000, speaker: 'assistant', text: 'It is', final: false },
      { callId: 'c', seq: 1, atMs: 3_000, speaker: 'assistant', text: 'It is late.', final: true },
      { callId: 'c', seq: 2, atMs: 3_000, speaker: 'assistant', text: 'One moment.', final: true },
      { callId: 'c', seq: 2, atMs: 3_700, speaker: 'assistant', text: 'One moment.', final: true },
    ]);
  });

  it('takes a line back when its words belong to the one before', () => {
    const told: CallCaption[] = [];
    let seq = 0;
    const captions = createCallCaptions({
      callId: 'c',
      clock: { wallMs: () => 1_000 },
      answeredAtMs: () => 0,
      spoken: () => ({ startMs: 500, endMs: 900 }),
      nextSeq: () => seq++,
      tell: (caption) => told.push(caption),
    });
    captions.partial('what is');
    captions.heard({ id: 'm1', text: 'What is' });
    captions.partial('the capital');
    captions.heard({ id: 'm1', text: 'What is the capital?' });
    expect(told.map(({ seq: line, text, final }) => [line, text, final])).toEqual([
      [0, 'what is', false],
      [0, 'What is', true],
      [1, 'the capital', false],
      [1, '', true],
      [0, 'What is the capital?', true],
    ]);
  });
});
