import { describe, expect, it } from 'vitest';
import { createOutlets } from '../../../../src-main/inference/synthesis/outlets.ts';
import { createListeningPort } from '../../../doubles/listening-port.ts';

const segment = (utteranceId: string, sessionId = 's', segmentIndex = 0) => ({ sessionId, utteranceId, segmentIndex });
const SOUND = new Float32Array(100);

function setUp() {
  const outlets = createOutlets();
  const port = createListeningPort();
  outlets.attach('s', port);
  return {
    outlets,
    port,
    told: () => port.messages.map((message) => ('utteranceId' in message ? `${message.type} ${message.utteranceId}` : message.type)),
  };
}

describe('createOutlets', () => {
  it("sends a segment's sound to its session's port with everything that the player needs", () => {
    const { outlets, port } = setUp();
    outlets.open(segment('u', 's', 3)).send(SOUND, 22_050, true);
    expect(port.messages).toEqual([
      { type: 'speech', utteranceId: 'u', segmentIndex: 3, sampleRateHz: 22_050, samples: SOUND, last: true },
    ]);
  });

  it('keeps sound for a port that is still being opened, in order', () => {
    const outlets = createOutlets();
    const outlet = outlets.open(segment('u'));
    outlet.send(SOUND, 16_000, false);
    outlet.send(SOUND, 16_000, true);
    const port = createListeningPort();
    outlets.attach('s', port);
    expect(port.speech().map(({ last }) => last)).toEqual([false, true]);
    outlet.send(SOUND, 16_000, true);
    expect(port.speech()).toHaveLength(3);
  });

  it('keeps what the mouth does in its place before the sound, also for a port that is still being opened', () => {
    const outlets = createOutlets();
    const outlet = outlets.open(segment('u', 's', 2));
    const phonemes = [{ symbol: 'a', startMs: 0, durationMs: 50 }];
    outlet.tell(phonemes, 'calm');
    outlet.send(SOUND, 16_000, true);
    const port = createListeningPort();
    outlets.attach('s', port);
    outlet.tell(phonemes, 'neutral');
    outlets.cancel('u');
    outlet.tell(phonemes, 'neutral');
    const timing = { type: 'speech.timing', utteranceId: 'u', segmentIndex: 2, phonemes };
    expect(port.messages).toEqual([
      { ...timing, emotion: 'calm' },
      { type: 'speech', utteranceId: 'u', segmentIndex: 2, sampleRateHz: 16_000, samples: SOUND, last: true },
      { ...timing, emotion: 'neutral' },
      { type: 'speech.cancelled', utteranceId: 'u' },
    ]);
  });

  it('gives up when nobody listens for longer than twenty seconds of sound', () => {
    const outlets = createOutlets();
    const outlet = outlets.open(segment('u'));
    outlet.send(new Float32Array(480_000), 24_000, false);
    expect(outlet.signal.aborted).toBe(false);
    outlet.send(SOUND, 24_000, false);
    expect(outlet.signal.reason).toMatchObject({ code: 'synthesis.no-port' });
    const port = createListeningPort();
    outlets.attach('s', port);
    expect(port.messages).toEqual([]);
  });

  it('ends a cancelled utterance for good and tells its listener once', () => {
    const { outlets, told } = setUp();
    const outlet = outlets.open(segment('u'));
    outlet.send(SOUND, 16_000, false);
    outlets.cancel('u');
    outlets.cancel('u');
    outlet.send(SOUND, 16_000, true);
    expect(outlet.signal.reason).toMatchObject({ code: 'request.aborted' });
    expect(outlets.open(segment('u', 's', 1)).signal.aborted).toBe(true);
    expect(told()).toEqual(['speech u', 'speech.cancelled u']);
  });

  it('refuses an utterance that was cancelled before it began', () => {
    const { outlets } = setUp();
    outlets.cancel('u');
    expect(outlets.open(segment('u')).signal.aborted).toBe(true);
    expect(outlets.open(segment('v')).signal.aborted).toBe(false);
  });

  it('throws away what was kept of a cancelled utterance, and nothing else', () => {
    const outlets = createOutlets();
    for (const utteranceId of ['u', 'v']) outlets.open(segment(utteranceId)).send(SOUND, 16_000, false);
    outlets.cancel('u');
    const port = createListeningPort();
    outlets.attach('s', port);
    expect(port.speech().map(({ utteranceId }) => utteranceId)).toEqual(['v']);
  });

  it('ends what is spoken on a port that closes, and on no other', () => {
    const { outlets, port } = setUp();
    const other = createListeningPort();
    outlets.attach('t', other);
    const [mine, theirs] = [outlets.open(segment('u')), outlets.open(segment('v', 't'))];
    port.hangUp();
    expect(mine.signal.reason).toMatchObject({ code: 'synthesis.no-port' });
    expect(theirs.signal.aborted).toBe(false);
  });

  it('lets a new port take over, whatever becomes of the former one', () => {
    const { outlets, port } = setUp();
    const outlet = outlets.open(segment('u'));
    const next = createListeningPort();
    outlets.attach('s', next);
    port.hangUp();
    outlet.send(SOUND, 16_000, true);
    expect([outlet.signal.aborted, port.messages.length, next.messages.length]).toEqual([false, 0, 1]);
  });

  it('ends everything when it is closed', () => {
    const { outlets, port } = setUp();
    const outlet = outlets.open(segment('u'));
    let closed = false;
    port.onClose(() => (closed = true));
    outlets.dispose();
    expect([outlet.signal.aborted, closed]).toEqual([true, true]);
  });
});
