import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { imageSize } from '../../../../../src-renderer/face/three-d/image-size.ts';

const canvas = createCanvas(37, 21);

const riff = (kind: string, body: number[]): Uint8Array =>
  new Uint8Array([
    ...Buffer.from('RIFF'),
    40,
    0,
    0,
    0,
    ...Buffer.from(`WEBP${kind}`),
    10,
    0,
    0,
    0,
    ...body,
    ...Array.from({ length: 16 }, () => 0),
  ]);

describe('imageSize', () => {
  it('reads the size of real files of each kind', async () => {
    const files = await Promise.all([canvas.encode('png'), canvas.encode('jpeg'), canvas.encode('webp', 80)]);
    expect(files.map((file) => imageSize(file))).toEqual([
      { mimeType: 'image/png', width: 37, height: 21 },
      { mimeType: 'image/jpeg', width: 37, height: 21 },
      { mimeType: 'image/webp', width: 37, height: 21 },
    ]);
  });

  it('reads WebP without loss and with an extended header (RFC 9649, 2.6 and 2.7)', () => {
    // 14 bits each, less one: 99 and 49.
    const bits = 99 | (49 << 14);
    expect(imageSize(riff('VP8L', [0x2f, bits & 255, (bits >> 8) & 255, (bits >> 16) & 255, bits >>> 24]))).toEqual({
      mimeType: 'image/webp',
      width: 100,
      height: 50,
    });
    expect(imageSize(riff('VP8X', [0, 0, 0, 0, 99, 0, 0, 49, 0, 0]))).toEqual({ mimeType: 'image/webp', width: 100, height: 50 });
  });

  it('knows no size of other files, of damaged ones, and of nothing', async () => {
    const jpeg = await canvas.encode('jpeg');
    const files = [new Uint8Array(), Buffer.from('GIF89a, which has one frame or many of them'), jpeg.subarray(0, 40), new Uint8Array(100)];
    expect(files.map((file) => imageSize(file))).toEqual([undefined, undefined, undefined, undefined]);
  });
});
