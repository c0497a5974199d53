import { describe, expect, it } from 'vitest';
import type { TalkState } from '../../../../src-preload/contract/index.ts';
import { createFaceDriver } from '../../../../src-renderer/face/face-driver.ts';
import type { HeardSpeech } from '../../../../src-renderer/face/motion/motion-inputs.ts';
import { createSpeechTrack } from '../../../../src-renderer/face/motion/speech-track.ts';

const START_MS = 1_790_000_000_000;

function createDriver(talk: TalkState, heard: (atMs: number) => HeardSpeech | undefined) {
  return createFaceDriver({
    character: {
      renderer: { type: 'mesh', fps: 25, height: 720, expressiveness: 0.8, effects: 'none' },
      voice: { voice: 'auto', pitch: 0, formant: 0, speed: 1, emotion: 'neutral', clone: null, design: '' },
    },
    voice: { heardAt: heard, microphoneLevel: () => 0 },
    talk: () => talk,
    seed: 1,
  });
}

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

  it('lets an idle face rest between its quick movements, and never one that is in a conversation', () => {
    const idle = createDriver({ state: 'ready' }, () => undefined);
    idle.frameAt(START_MS);
    expect(idle.quickAtMs?.(START_MS)).toBeGreaterThan(START_MS);
    const thinking = createDriver({ state: 'thinking' }, () => undefined);
    thinking.frameAt(START_MS);
    expect(thinking.quickAtMs?.(START_MS)).toBe(START_MS);
  });
});
