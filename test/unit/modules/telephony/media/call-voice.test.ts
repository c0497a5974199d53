import { describe, expect, it, onTestFinished } from 'vitest';
import { createDeferred } from '../../../../../src-main/base/deferred.ts';
import { silentLog } from '../../../../../src-main/base/log.ts';
import { createCallSound, type CallSoundDeps } from '../../../../../src-main/modules/telephony/media/call-voice.ts';
import type { CallBrief } from '../../../../../src-main/modules/agent/index.ts';
import type { Caller } from '../../../../../src-main/platform/contract-host/index.ts';
import { phoneCall } from '../../../../doubles/phone-call.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

const none = () => () => undefined;

/** Only what opening a leg needs is there. */
function createSound(transport: () => 'audiosocket' | 'websocket' = () => 'audiosocket', isSpoken = Promise.resolve()) {
  const asked: unknown[] = [];
  const media = {
    worker: {
      onEvent: none,
      onState: none,
      state: () => ({ state: 'running', pid: 1, sinceMs: 0 }),
      call: (...request: unknown[]) => Promise.resolve(void asked.push(request)),
    },
    doors: () => Promise.resolve({ audioSocketPort: 9092, webSocketPort: 9093 }),
    followOpenPort: () => Promise.resolve(),
  };
  const recognition = { onEvent: none, onState: none };
  const read: string[] = [];
  const spoken: string[] = [];
  const conversation = {
    expectCall: (caller: Caller, { brief }: { brief: CallBrief }) =>
      void read.push(`${caller.clientId}: ${brief.direction} ${brief.purpose}`),
    renderSpeech: async (_speaker: unknown, text: string) => {
      spoken.push(text);
      await isSpoken;
      return { samples: new Float32Array(1), sampleRateHz: 16_000 };
    },
  };
  const people = {
    languageOf: () => 'en',
    releasedTo: () => '',
    ownerName: () => 'Kim',
    ownGreeting: () => '',
    speaker: () => ({ id: 'nova', name: 'Nova' }),
  };
  const parts = { clock: createVirtualClock(), log: silentLog, media, recognition, conversation, locale: () => 'en', transport, ...people };
  const sound = createCallSound(parts as unknown as CallSoundDeps);
  onTestFinished(() => sound.dispose());
  return { asked, legs: sound.legs, sound, read, spoken };
}

describe('createCallSound', () => {
  it('tells Asterisk to bring the sound of each leg by the transport that is set at that moment', async () => {
    let transport: 'audiosocket' | 'websocket' = 'audiosocket';
    const { asked, legs } = createSound(() => transport);
    expect(await legs.open({ callId: 'call-1', legId: 'leg-1' })).toEqual({
      transport: 'audiosocket',
      host: '127.0.0.1:9092',
      format: 'slin16',
    });
    transport = 'websocket';
    expect(await legs.open({ callId: 'call-2', legId: 'leg-2' })).toEqual({ transport: 'websocket', host: 'media', format: 'slin16' });
    expect(asked).toEqual([
      ['leg.open', { legId: 'leg-1', sessionId: 'leg-1' }],
      ['leg.open', { legId: 'leg-2', sessionId: 'leg-2' }],
    ]);
  });

  it('closes a leg that is ended while its call still waits for the greeting', async () => {
    const isSpoken = createDeferred<void>();
    const { asked, legs, sound } = createSound(undefined, isSpoken.promise);
    void sound.prepare();
    const opening = legs.open({ callId: 'call-1', legId: 'leg-1' });
    await expect.poll(() => asked.length).toBe(1);
    await legs.close('leg-1');
    expect(asked.at(-1)).toEqual(['leg.close', { legId: 'leg-1' }]);
    isSpoken.resolve();
    await opening;
  });

  it('has the model read the prompt of a call once while it rings, and the first words spoken of one that it places', () => {
    const { sound, read, spoken } = createSound();
    const incoming = phoneCall('in');
    for (let change = 0; change < 2; change += 1) sound.expect(incoming);
    sound.expect(phoneCall('owner', { direction: 'out', state: { state: 'dialing', ringing: false } }));
    expect(read).toEqual(['call-in: in ']);
    expect(spoken).toEqual([]);
    sound.expect(phoneCall('out', { direction: 'out', purpose: 'book a table', state: { state: 'dialing', ringing: false } }));
    expect(read).toEqual(['call-in: in ', 'call-out: out book a table']);
    expect(spoken).toEqual([expect.stringContaining('book a table')]);
  });
});
