import { describe, expect, it, onTestFinished } from 'vitest';
import type { PhoneCall } from '../../../../../src-preload/contract/index.ts';
import { createOpenLine } from '../../../../../src-main/modules/telephony/avr/open-line.ts';
import { createMediaDouble, createVoiceDouble } from '../../../../doubles/calls-rig.ts';
import { createOpenGate } from '../../../../doubles/open-gate.ts';
import { createRecordingLog } from '../../../../doubles/recording-log.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

function createRig() {
  const clock = createVirtualClock();
  const media = createMediaDouble();
  const voice = createVoiceDouble();
  const gate = createOpenGate();
  const told: PhoneCall[] = [];
  const line = createOpenLine({
    media,
    voice,
    gate,
    settings: { maxMs: () => 60_000, maxCallsAtOnce: () => 2 },
    clock,
    log: createRecordingLog(),
  });
  line.onCall((call) => void told.push(call));
  onTestFinished(() => line.dispose());
  const settle = (): Promise<void> => clock.advance(0);
  return {
    clock,
    media,
    voice,
    gate,
    line,
    told,
    settle,
    /** Somebody connects; the media worker says so when the leg is opened. */
    async comes(legId: string) {
      media.tell({ type: 'leg.uninvited', legId });
      media.tell({ type: 'leg.connected', legId, atMs: clock.nowMs() });
      await settle();
    },
  };
}

describe('createOpenLine', () => {
  it('has the assistant take an unknown caller at once, and tells the call from its beginning to its end', async () => {
    const { comes, line, media, settle, told, voice } = createRig();
    await comes('leg-1');
    expect(voice.begun).toMatchObject([{ role: { by: 'assistant', purpose: '' } }]);
    expect(line.active()).toMatchObject([
      { direction: 'in', way: 'audiosocket', party: { number: '', standing: 'unknown' }, conversationId: expect.any(String) },
    ]);
    media.tell({ type: 'leg.closed', legId: 'leg-1' });
    await settle();
    expect(told.map(({ state }) => (state.state === 'ended' ? state.reason : state.state))).toEqual([
      'talking',
      'talking',
      'hung-up-there',
    ]);
    expect(told.at(-1)?.endedAtMs).not.toBeNull();
    expect([line.active(), voice.ended.length, media.legs.size]).toEqual([[], 1, 0]);
  });

  it.each([
    ['the assistant comes to the end', 'silence'],
    ['the owner hangs up', 'hung-up-here'],
    ['everything is stopped', 'stopped'],
    ['it has lasted too long', 'limit'],
    ['a fax calls', 'fax'],
  ] as const)('hangs up when %s', async (_when, reason) => {
    const { clock, comes, line, media, settle, told, voice } = createRig();
    await comes('leg-1');
    const callId = line.active()[0]?.id ?? '';
    if (reason === 'silence') voice.tell({ type: 'wants-end', callId, reason });
    else if (reason === 'hung-up-here') expect(await line.hangUp(callId)).toBe(true);
    else if (reason === 'stopped') expect(await line.stopAll()).toEqual(['incoming call']);
    else if (reason === 'limit') await clock.advance(60_000);
    else media.tell({ type: 'leg.sound', legId: 'leg-1', what: 'tone' });
    await settle();
    expect(told.at(-1)?.state).toEqual({ state: 'ended', reason });
    expect(media.legs.size).toBe(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  it.each(['call', 'answer'] as const)(
    'hangs up at once on callers while it is stopped (%s), and on more than it may take',
    async (effect) => {
      const { comes, gate, line, media, told } = createRig();
      gate.shut(effect);
      await comes('leg-1');
      expect([told, media.legs.size]).toEqual([[], 0]);
      gate.open(effect);
      for (const legId of ['leg-2', 'leg-3', 'leg-4']) await comes(legId);
      expect([line.active().length, media.legs.size]).toEqual([2, 2]);
    },
  );

  it('leaves nothing behind of a caller who was gone before the leg was opened, or to whom nobody can speak', async () => {
    const { comes, line, media, settle, told, voice } = createRig();
    media.tell({ type: 'leg.uninvited', legId: 'leg-1' });
    await settle();
    expect(told.at(-1)?.state).toEqual({ state: 'ended', reason: 'hung-up-there' });
    voice.failure = new Error('no voice');
    await comes('leg-2');
    expect(told.at(-1)?.state).toEqual({ state: 'ended', reason: 'failed' });
    expect([line.active(), media.legs.size]).toEqual([[], 0]);
  });

  it('names one-way sound, and takes it back when sound comes', async () => {
    const { comes, line, media } = createRig();
    await comes('leg-1');
    media.tell({ type: 'leg.sound', legId: 'leg-1', what: 'nothing-comes' });
    expect(line.active()[0]?.trouble).toMatchObject({ code: 'phone.one-way-sound' });
    media.tell({ type: 'leg.sound', legId: 'leg-1', what: 'comes-again' });
    expect(line.active()[0]?.trouble).toBeNull();
  });
});
