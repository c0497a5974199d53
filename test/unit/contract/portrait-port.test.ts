import { describe, expect, it } from 'vitest';
import {
  decodeAudioFrame,
  encodeAudioFrame,
  neutralFrame,
  parseAudioMessage,
  type PortraitPortMessage,
} from '../../../src-preload/contract/index.ts';

const motion: PortraitPortMessage = {
  type: 'portrait.motion',
  frame: {
    ...neutralFrame(1_790_000_000_123.25),
    weights: { jawOpen: 0.4, eyeBlinkLeft: 1 },
    head: { yaw: -3, pitch: 1, roll: 0.5, x: 0.01, y: 0 },
  },
  taken: 7,
};
const picture: PortraitPortMessage = {
  type: 'portrait.picture',
  number: 8,
  atMs: 1_790_000_000_163.25,
  size: 4,
  pixels: Uint8Array.from({ length: 24 }, (_, index) => index * 10),
};
const failed: PortraitPortMessage = { type: 'portrait.failed', code: 'face.out-of-memory', message: 'Zu wenig Speicher für „Nova“.' };

describe('messages of a portrait port', () => {
  it.each([motion, picture, failed])('come out of a frame as they went in: $type', (message) => {
    expect(decodeAudioFrame(encodeAudioFrame(message))).toEqual(message);
    expect(parseAudioMessage(message)).toBe(message);
  });

  it('are not taken with numbers that are none, shapes that nobody knows, or too few pixels', () => {
    const bad = [
      { ...motion, taken: -1 },
      { ...motion, frame: { ...motion.frame, weights: { jawOpen: NaN } } },
      { ...motion, frame: { ...motion.frame, weights: { wink: 1 } } },
      { ...motion, frame: { ...motion.frame, head: { yaw: 0 } } },
      { ...motion, frame: null },
      { ...picture, size: 6 },
      { ...picture, size: 4096 },
      { ...picture, pixels: [...picture.pixels] },
      { type: 'portrait.failed' },
    ];
    expect(bad.map(parseAudioMessage)).toEqual(bad.map(() => undefined));
  });

  it('are refused as frames that are cut off, or hold something else', () => {
    const frame = encodeAudioFrame(picture);
    expect([frame.subarray(0, 18), frame.subarray(0, 40)].map(decodeAudioFrame)).toEqual([undefined, undefined]);
    const words = encodeAudioFrame(motion);
    expect(decodeAudioFrame(words.subarray(0, 60))).toBeUndefined();
    const capture = new TextEncoder().encode('O\u0005\u0000\u0000{"type":"capture","samples":[]}');
    expect(decodeAudioFrame(capture)).toBeUndefined();
  });
});
