import { describe, expect, it, onTestFinished } from 'vitest';
import type { RecognitionEvent } from '../../../../../src-main/inference/contracts/index.ts';
import { silentLog } from '../../../../../src-main/base/log.ts';
import type { VoiceEvent } from '../../../../../src-main/modules/telephony/calls/call-ports.ts';
import { createPhonePage, type PhonePageDeps } from '../../../../../src-main/modules/telephony/media/phone-page.ts';
import type { PhoneCall } from '../../../../../src-preload/contract/index.ts';
import { talkingCall } from '../../../../doubles/phone-call.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

type Talk = Parameters<PhonePageDeps['conversation']['beginCall']>[1]['talk'];

/** A page whose conversation is only what it is told to begin with. */
async function beginPage(
  call: PhoneCall,
  deps: Partial<PhonePageDeps> = {},
  silenced: () => void = () => undefined,
  paused: (on: boolean) => void = () => undefined,
) {
  const clock = createVirtualClock();
  const spoken: string[] = [];
  const emitted: VoiceEvent[] = [];
  let talk: Talk | undefined;
  let toPage: ((name: string, payload: unknown) => void) | undefined;
  const page = createPhonePage(
    {
      clock,
      log: silentLog,
      hub: {
        add({ send }) {
          toPage = send as typeof toPage;
          return () => undefined;
        },
      },
      tell: () => undefined,
      conversation: {
        async beginCall(_caller, options) {
          ({ talk } = options);
          return { sessionId: 'session' } as Awaited<ReturnType<PhonePageDeps['conversation']['beginCall']>>;
        },
        sayInCall: () => undefined,
        recordInCall: () => undefined,
        pauseCall: (_caller, on) => paused(on),
        silenceCall: silenced,
        languageOfCall: () => undefined,
        handlers: { 'playback.report': () => undefined },
      },
      media: { call: async () => true as never, attachPort: () => undefined },
      recognition: { attachPort: () => undefined },
      synthesis: { attachPort: () => undefined },
      link: async () => undefined,
      sentences: {
        async speak(_as, text) {
          spoken.push(text);
          return { samples: new Float32Array(8), sampleRateHz: 8_000 };
        },
      },
      speaker: () => ({ id: 'default', name: 'Nova' }) as ReturnType<PhonePageDeps['speaker']>,
      languageOf: () => 'en',
      releasedTo: () => '',
      ownerName: () => 'Max',
      hidesPins: () => true,
      ownGreeting: () => '',
      emit: (event) => void emitted.push(event),
      nextSeq: () => 0,
      ...deps,
    },
    call,
  );
  onTestFinished(() => page.end());
  await page.begin({ call, legId: 'leg', role: { by: 'assistant', purpose: call.purpose } });
  const hear = (type: 'transcript.partial' | 'transcript.final', text: string): RecognitionEvent | undefined =>
    talk?.heard({ type, sessionId: 'session', speechId: 's', text, language: 'en', voicedMs: 1, revision: 0, decodeMs: 1 });
  const receive = (text: string): void => toPage?.('message.added', { id: text, conversationId: null, role: 'user', text });
  const partial = (text: string): void => toPage?.('transcript.partial', { text });
  return { page, spoken, emitted, hear, receive, partial, clock };
}

describe('createPhonePage', () => {
  it('hides a spoken PIN from the conversation, and tells it to whoever tries it', async () => {
    const { emitted, hear } = await beginPage(talkingCall('c'));
    expect(hear('transcript.partial', 'my PIN is four')).toMatchObject({ text: 'my PIN is ••••' });
    expect(hear('transcript.final', 'My PIN is 4711.')).toMatchObject({ text: 'My PIN is ••••.' });
    expect(hear('transcript.final', 'I have two dogs.')).toMatchObject({ text: 'I have two dogs.' });
    expect(emitted.map((event) => event.type === 'heard' && event.text)).toEqual(['my PIN is four', 'My PIN is 4711.', 'I have two dogs.']);
  });

  it('lets nobody answer a PIN but the sentence that says whether it was right', async () => {
    let silenced = 0;
    const { receive } = await beginPage(talkingCall('c'), {}, () => (silenced += 1));
    receive('My PIN is ••••.');
    await Promise.resolve();
    expect(silenced).toBe(1);
    receive('My PIN is ••••, and now tell me what is in my calendar for tomorrow.');
    await Promise.resolve();
    expect(silenced).toBe(1);
  });

  it('hides nothing where nobody has a PIN, or where we have called', async () => {
    const none = await beginPage(talkingCall('c'), { hidesPins: () => false });
    expect(none.hear('transcript.final', '4711')).toMatchObject({ text: '4711' });
    const out = await beginPage(talkingCall('c', { direction: 'out' }));
    expect(out.hear('transcript.final', '4711')).toMatchObject({ text: '4711' });
  });

  it('tells the words of a sentence when it is heard, behind the one before', async () => {
    const told: string[] = [];
    const ends: (() => void)[] = [];
    const { page } = await beginPage(talkingCall('c'), {
      tell: (name, payload) => void (name === 'phone.caption' && told.push((payload as { text: string }).text)),
      media: {
        call: (method) =>
          new Promise((resolve) => {
            if (method === 'leg.play') ends.push(() => resolve(true as never));
            else resolve(true as never);
          }),
        attachPort: () => undefined,
      },
    });
    const second = page.say('One moment.');
    await expect.poll(() => ends.length).toBe(2);
    expect(new Set(told)).toEqual(new Set(['Hello, this is Nova, the digital assistant. How can I help you?']));
    ends[0]?.();
    await expect.poll(() => told.at(-1)).toBe('One moment.');
    ends[1]?.();
    expect(await second).toBe(true);
  });

  it('tells no words of a sentence that was cut, or whose call ended, before it began', async () => {
    const told: string[] = [];
    let ends: (() => void)[] = [];
    const { page, partial } = await beginPage(talkingCall('c'), {
      tell: (name, payload) => void (name === 'phone.caption' && told.push((payload as { text: string }).text)),
      media: {
        call: (method) =>
          new Promise((resolve) => {
            if (method === 'leg.play') ends.push(() => resolve(false as never));
            else resolve(true as never);
          }),
        attachPort: () => undefined,
      },
    });
    const cut = page.say('One moment.');
    await expect.poll(() => ends.length).toBe(2);
    partial('Hello?');
    for (const end of ends) end();
    expect(await cut).toBe(false);
    ends = [];
    const first = page.say('I am listening.');
    const second = page.say('The call is over by then.');
    await expect.poll(() => ends.length).toBe(2);
    page.end();
    for (const end of ends) end();
    expect(await Promise.all([first, second])).toEqual([false, false]);
    expect(told.filter((text) => text === 'One moment.' || text === 'The call is over by then.')).toEqual([]);
    expect(told).toContain('I am listening.');
  });

  it('says in the first sentence of a call that it places for whom it calls and why', async () => {
    const { spoken } = await beginPage(talkingCall('c', { direction: 'out', purpose: 'book a table for two' }));
    expect(spoken).toEqual(['Hello, this is Nova, a digital assistant. I am calling for Max. I would like to book a table for two.']);
  });

  it('waits while the other end plays music, and says that it is there when that ends', async () => {
    const paused: boolean[] = [];
    const { page, spoken, clock, emitted } = await beginPage(
      talkingCall('c', { direction: 'out', purpose: 'a table' }),
      {},
      () => undefined,
      (on) => paused.push(on),
    );
    const sound = (what: 'music' | 'music-ends'): void => page.media({ type: 'leg.sound', legId: 'leg', what });
    sound('music');
    expect(paused).toEqual([true]);
    await clock.advance(120_000);
    expect(spoken).toHaveLength(1);
    sound('music-ends');
    await Promise.resolve();
    expect(paused).toEqual([true, false]);
    expect(spoken.at(-1)).toBe('I am still here. What did you say?');
    sound('music');
    await clock.advance(10 * 60_000);
    expect(emitted).toEqual([{ type: 'wants-end', callId: 'c', reason: 'silence' }]);
  });

  it('does not speak into a call that the owner has taken over meanwhile', async () => {
    const paused: boolean[] = [];
    const { page, spoken } = await beginPage(
      talkingCall('c', { direction: 'out', purpose: 'a table' }),
      {},
      () => undefined,
      (on) => paused.push(on),
    );
    page.media({ type: 'leg.sound', legId: 'leg', what: 'music' });
    page.pause(true);
    page.media({ type: 'leg.sound', legId: 'leg', what: 'music-ends' });
    expect(paused.at(-1)).toBe(true);
    expect(spoken).toHaveLength(1);
  });

  it('takes a street behind a caller for no music, and knows nothing of what another leg has heard', async () => {
    const paused: boolean[] = [];
    const sound = { type: 'leg.sound', legId: 'leg', what: 'music' } as const;
    const incoming = await beginPage(talkingCall('c'), {}, undefined, (on) => paused.push(on));
    incoming.page.media(sound);
    expect(paused).toEqual([]);

    const call = talkingCall('c', { direction: 'out', purpose: 'a table' });
    const { page, clock, emitted } = await beginPage(call);
    page.media(sound);
    page.pause(true);
    await page.begin({ call, legId: 'another', role: { by: 'assistant', purpose: 'a table' } });
    await clock.advance(10 * 60_000);
    expect(emitted).not.toContainEqual({ type: 'wants-end', callId: 'c', reason: 'silence' });
  });
});
