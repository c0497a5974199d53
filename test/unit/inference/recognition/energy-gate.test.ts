import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnergyGate } from '../../../../src-main/inference/recognition/energy-gate.ts';

/** A gate that knows its room and a speech. */
function setUp(roomDb: number, speechDb: number) {
  const gate = createEnergyGate();
  gate.learn(roomDb, 'room');
  gate.nextSpeech();
  gate.learn(speechDb, 'speech');
  return gate;
}

describe('createEnergyGate', () => {
  it('calls nothing silent before it has heard the room and the speech', () => {
    const gate = createEnergyGate();
    expect(gate.isSilent(-100)).toBe(false);
    gate.learn(-70, 'room');
    expect(gate.isSilent(-100)).toBe(false);
  });

  it('calls a frame silent when it is about as quiet as the room', () => {
    const gate = setUp(-70, -20);
    expect([-72, -70, -62, -61, -50, -20].map(gate.isSilent)).toEqual([true, true, true, false, false, false]);
  });

  it('keeps its distance from quiet speech in a loud room', () => {
    const gate = setUp(-40, -30);
    expect(gate.isSilent(-40)).toBe(false);
    expect(gate.isSilent(-53)).toBe(false);
    expect(gate.isSilent(-55)).toBe(true);
  });

  it('measures each speech anew, by its loudest frame', () => {
    const gate = setUp(-60, -20);
    gate.learn(-45, 'speech');
    expect(gate.isSilent(-55)).toBe(true);
    gate.nextSpeech();
    gate.learn(-45, 'speech');
    expect(gate.isSilent(-55)).toBe(false);
  });

  it('follows a room that grows louder within seconds and one that grows quieter at once', () => {
    const gate = setUp(-70, -10);
    for (let frame = 0; frame < 10; frame += 1) gate.learn(-40, 'room');
    expect(gate.isSilent(-40)).toBe(false);
    for (let frame = 0; frame < 90; frame += 1) gate.learn(-40, 'room');
    expect(gate.isSilent(-40)).toBe(true);
    gate.learn(-75, 'room');
    expect(gate.isSilent(-60)).toBe(false);
  });

  it('recovers from digital silence, which is no room', () => {
    const gate = setUp(-100, -10);
    expect(gate.isSilent(-77)).toBe(true);
    expect(gate.isSilent(-75)).toBe(false);
    for (let frame = 0; frame < 90; frame += 1) gate.learn(-60, 'room');
    expect(gate.isSilent(-60)).toBe(true);
  });

  it('never silences a frame that is within 24 dB of the speech or 9 dB above the loudest room heard', () => {
    const decibels = fc.double({ min: -100, max: 0, noNaN: true });
    fc.assert(
      fc.property(fc.array(decibels, { minLength: 1 }), fc.array(decibels, { minLength: 1 }), decibels, (room, speech, frame) => {
        const gate = createEnergyGate();
        for (const loudness of room) gate.learn(loudness, 'room');
        gate.nextSpeech();
        for (const loudness of speech) gate.learn(loudness, 'speech');
        if (frame >= Math.max(...speech) - 24) expect(gate.isSilent(frame)).toBe(false);
        if (frame >= Math.max(-85, ...room) + 9) expect(gate.isSilent(frame)).toBe(false);
      }),
    );
  });
});
