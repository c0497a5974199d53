import { onTestFinished, describe, expect, it } from 'vitest';
import { createMicrophone } from '../../../../src-main/modules/terminal/microphone.ts';
import type { AudioPortMessage } from '../../../../src-preload/contract/index.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

/** The microphone's own room noise stays below this. */
const NOISE = 0.0002;

function setUp({ timersLateByMs = 0 } = {}) {
  const clock = createVirtualClock();
  const openedAtMs = clock.nowMs();
  const messages: AudioPortMessage[] = [];
  const microphone = createMicrophone({
    clock: { ...clock, after: (delayMs, run) => clock.after(delayMs + timersLateByMs, run) },
    port: {
      post: (message) => void messages.push(message),
      onMessage: () => () => undefined,
      onClose: () => () => undefined,
      close: () => undefined,
    },
  });
  onTestFinished(() => microphone.dispose());
  const heard = (): Float32Array => joinSamples(messages.flatMap((message) => (message.type === 'capture' ? [message.samples] : [])));
  return { clock, microphone, messages, heard, sinceOpening: (timeMs: number) => timeMs - openedAtMs };
}

const isLoud = (sample: number): boolean => Math.abs(sample) > NOISE;

/** Where the first and the last sample lie that are louder than the room. */
function stretch(samples: Float32Array): [number, number] {
  return [samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1];
}

describe('createMicrophone', () => {
  it('hears a quiet room in real time, 20 ms at once', async () => {
    const { clock, messages, heard } = setUp();
    await clock.advance(1_000);
    expect(messages).toHaveLength(50);
    expect(heard().length).toBe(16_000);
    expect(heard().every((sample) => Math.abs(sample) <= NOISE)).toBe(true);
    expect(new Set(heard()).size).toBeGreaterThan(1_000);
  });

  it('catches up when its timer was late', async () => {
    const { clock, heard } = setUp({ timersLateByMs: 70 });
    await clock.advance(10_000);
    expect(heard().length).toBeGreaterThan(16 * 9_900);
    expect(heard().length).toBeLessThanOrEqual(160_000);
  });

  it('hears a clip from the next piece on and knows when each of its samples was captured', async () => {
    const { clock, microphone, heard, sinceOpening } = setUp();
    await clock.advance(100);
    const said = microphone.say(new Float32Array(16_000).fill(0.5));
    let sent = false;
    void said.sent.then(() => (sent = true));
    await clock.advance(980);
    expect(sent).toBe(false);
    await clock.advance(20);
    expect(sent).toBe(true);
    expect(stretch(heard())).toEqual([1_600, 17_600]);
    expect(sinceOpening(said.timeOfSample(0))).toBe(100);
    expect(sinceOpening(said.timeOfSample(16_000))).toBe(1_100);
  });

  it('hears clips one after the other, without a gap', async () => {
    const { clock, microphone, heard } = setUp();
    microphone.say(new Float32Array(500).fill(0.5));
    microphone.say(new Float32Array(700).fill(-0.5));
    await clock.advance(200);
    const samples = heard();
    expect(stretch(samples)).toEqual([0, 1_200]);
    expect([samples[499], samples[500]].map((sample) => Math.sign(sample ?? 0))).toEqual([1, -1]);
  });

  it('hears a clip faster than real time when asked to, and the room in real time again then', async () => {
    const { clock, microphone, heard } = setUp();
    const said = microphone.say(new Float32Array(16_000 * 80).fill(0.5), { speed: 8 });
    await clock.advance(10_000);
    await said.sent;
    expect(stretch(heard())).toEqual([0, 16_000 * 80]);
    await clock.advance(1_000);
    expect(heard().length).toBe(16_000 * 81);
  });

  it('ends a clip without samples at once', async () => {
    const { clock, microphone } = setUp();
    const said = microphone.say(new Float32Array(0));
    await clock.advance(20);
    await expect(said.sent).resolves.toBeUndefined();
  });

  it('mixes an echo into what is heard, piece after piece', async () => {
    const { clock, microphone, heard } = setUp();
    microphone.say(new Float32Array(1_600).fill(0.25));
    microphone.mix(new Float32Array(800).fill(0.5));
    microphone.mix(new Float32Array(1_600).fill(-0.25));
    await clock.advance(400);
    const samples = heard();
    const expected = [0.75, 0.75, 0, 0, -0.25, -0.25];
    for (const [index, at] of [0, 799, 800, 1_599, 1_600, 2_399].entries()) expect(samples[at]).toBeCloseTo(expected[index] ?? 9, 2);
    expect(stretch(samples.subarray(2_400))).toEqual([-1, 0]);
  });

  it('is silent once it is closed', async () => {
    const { clock, microphone, messages } = setUp();
    await clock.advance(100);
    microphone.dispose();
    await clock.advance(1_000);
    expect(messages).toHaveLength(5);
    expect(clock.pendingTimers()).toBe(0);
  });
});
