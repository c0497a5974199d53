import { describe, expect, it } from 'vitest';
import type { TalkState } from '../../../../src-preload/contract/index.ts';
import { createFaceDriver } from '../../../../src-renderer/face/face-driver.ts';
import type { HeardSpeech } from '../../../../src-renderer/face/motion/motion-inputs.ts';
import { createSpeechTrack } from '../../../../src-renderer/face/motion/speech-track.ts';

const START_MS = 1_790_000_000_000;

interface Machine {
  isProcessorScarce: boolean;
  level: number;
}

function createDriver(
  talk: TalkState,
  heard: (atMs: number) => HeardSpeech | undefined,
  expressiveness = () => 0.8,
  machine: Machine = { isProcessorScarce: false, level: 0 },
) {
  return createFaceDriver({
    character: () => ({
      renderer: { type: 'mesh', fps: 25, height: 720, expressiveness: expressiveness(), effects: 'none' },
      voice: { voice: 'auto', pitch: 0, formant: 0, speed: 1, emotion: 'neutral', clone: null, design: '' },
    }),
    voice: { heardAt: heard, microphoneLevel: () => machine.level },
    talk: () => talk,
    seed: 1,
    isProcessorScarce: () => machine.isProcessorScarce,
  });
}

/** `isAwaitedAt` of a face, by ms from its first frame. */
const awaitedOf = (talk: TalkState, machine: Machine) => {
  const driver = createDriver(
    talk,
    () => undefined,
    () => 0.8,
    machine,
  );
  return (ms: number) => driver.isAwaitedAt?.(START_MS + ms);
};

describe('createFaceDriver', () => {
  it('moves the lips by what is heard at the time of the frame', () => {
    const track = createSpeechTrack();
    track.add([{ symbol: 'a', startMs: 0, durationMs: 300 }], 0);
    const driver = createDriver({ state: 'speaking', paused: false }, (atMs) => ({
      utteranceId: 'u1',
      positionMs: atMs - START_MS - 200,
      isFlowing: true,
      units: track.units,
      loudness: 0.5,
    }));
    const jaws = [0, 40, 80, 120, 160, 200, 240, 280, 320].map((atMs) => driver.frameAt(START_MS + atMs).weights.jawOpen ?? 0);
    expect(jaws[0]).toBe(0);
    expect(jaws[8]).toBeGreaterThan(0.35);
  });

  it('takes over another liveliness with the next frame', () => {
    let now = 0.8;
    const speaking: TalkState = { state: 'speaking', paused: false };
    const driver = createDriver(
      speaking,
      () => undefined,
      () => now,
    );
    const usual = createDriver(speaking, () => undefined);
    const calm = createDriver(
      speaking,
      () => undefined,
      () => 0.1,
    );
    expect(driver.frameAt(START_MS)).toEqual(usual.frameAt(START_MS));
    now = 0.1;
    const later = [1000, 1040, 1080].map((atMs) => driver.frameAt(START_MS + atMs));
    expect(later).toEqual([1000, 1040, 1080].map((atMs) => calm.frameAt(START_MS + atMs)));
    expect(later[0]).not.toEqual(usual.frameAt(START_MS + 1000));
  });

  it('lets a face rest between its quick movements, and never one that speaks', () => {
    const idle = createDriver({ state: 'ready' }, () => undefined);
    idle.frameAt(START_MS);
    expect(idle.quickAtMs?.(START_MS)).toBeGreaterThan(START_MS);
    const speaking = createDriver({ state: 'speaking', paused: false }, () => undefined);
    speaking.frameAt(START_MS);
    expect(speaking.quickAtMs?.(START_MS)).toBe(START_MS);
  });

  describe('on few cores without a graphics card', () => {
    const SCARCE = { isProcessorScarce: true, level: 0 };

    it('leaves the processor to an answer that is awaited, but not for so long that it looks dead', () => {
      expect([0, 2400, 2600].map(awaitedOf({ state: 'thinking' }, SCARCE))).toEqual([true, true, false]);
      expect([0, 100].map(awaitedOf({ state: 'thinking' }, { ...SCARCE, isProcessorScarce: false }))).toEqual([false, false]);
      expect([0, 100].map(awaitedOf({ state: 'ready' }, SCARCE))).toEqual([false, false]);
    });

    it('does so from a pause of the speaker on, and goes on when the speaker does', () => {
      const speaker = { ...SCARCE, level: 0.5 };
      const isAwaited = awaitedOf({ state: 'listening' }, speaker);
      expect([0, 40].map(isAwaited)).toEqual([false, false]);
      speaker.level = 0;
      expect([80, 160].map(isAwaited)).toEqual([false, true]);
      speaker.level = 0.5;
      expect(isAwaited(200)).toBe(false);
    });
  });
});
