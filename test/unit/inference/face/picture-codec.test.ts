import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { decodePicture, encodePortrait, encodePreview } from '../../../../src-main/inference/face/picture-codec.ts';
import type { Raster } from '../../../../src-main/inference/face/raster.ts';
import { exifBlock, fourFields, paint, projectFile, withJpegExif, withPngChunk } from '../../../doubles/make-picture.ts';

/** Middle of each quarter of a picture, by the nearest of the four fields' colours. */
function fieldsOf({ width, height, data }: Raster): string {
  const names = { r: [255, 0, 0], g: [0, 255, 0], b: [0, 0, 255], w: [255, 255, 255] };
  const at = (x: number, y: number): string => {
    const index = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
    const away = ([, colour]: [string, number[]]): number =>
      Math.hypot(...colour.map((value, channel) => value - (data[index + channel] ?? 0)));
    return Object.entries(names).toSorted((one, other) => away(one) - away(other))[0]?.[0] ?? '?';
  };
  return at(0.25, 0.25) + at(0.75, 0.25) + at(0.25, 0.75) + at(0.75, 0.75);
}

function pixel(data: Raster['data'], index: number): number[] {
  return Array.from(data.slice(index * 4, index * 4 + 4));
}

/** What "red, green / blue, white" is stored as, so that the orientation of this number makes it upright; a viewer shows `rgbw`. */
const upright = fourFields(80, 48);
const shown: Record<number, string> = { 1: 'rgbw', 2: 'grwb', 3: 'wbgr', 4: 'bwrg', 5: 'rbgw', 6: 'brwg', 7: 'wgbr', 8: 'gwrb' };

describe('decodePicture', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns a JPEG and a PNG upright by the EXIF orientation %i', async (orientation) => {
    const jpeg = await decodePicture(withJpegExif(upright.toBuffer('image/jpeg'), exifBlock(orientation)));
    const png = await decodePicture(withPngChunk(upright.toBuffer('image/png'), 'eXIf', exifBlock(orientation)));
    const size = orientation >= 5 ? [48, 80] : [80, 48];
    expect([jpeg.width, jpeg.height, fieldsOf(jpeg)]).toEqual([...size, shown[orientation]]);
    expect([png.width, png.height, fieldsOf(png)]).toEqual([...size, shown[orientation]]);
  });

  it('converts by the colour profile of the file', async () => {
    const { data } = await decodePicture(projectFile('test/fixtures/face/swapped-profile.png'));
    expect(pixel(data, 0)).toEqual([30, 200, 30, 255]);
  });

  it('reads CMYK with the colours of skin', async () => {
    const { width, height, data } = await decodePicture(projectFile('test/fixtures/face/cmyk.jpg'));
    const [red = 0, green = 0, blue = 0] = pixel(data, 36 * 80 + 30);
    expect([width, height, red > green, green > blue, red > 120]).toEqual([80, 95, true, true, true]);
  });

  it('reads AVIF', async () => {
    expect(await decodePicture(projectFile('test/fixtures/face/small.avif'))).toMatchObject({ width: 40, height: 48 });
  });

  it('puts plain ground behind what is transparent', async () => {
    const canvas = paint(64, 64, (context) => {
      context.fillStyle = '#ff0000';
      context.fillRect(0, 0, 32, 64);
    });
    const { data } = await decodePicture(canvas.toBuffer('image/png'));
    const alphas = new Set(data.filter((_, index) => index % 4 === 3));
    expect([pixel(data, 0), pixel(data, 63), [...alphas]]).toEqual([[255, 0, 0, 255], [174, 180, 189, 255], [255]]);
  });

  it('shrinks to 2048 pixels and keeps what is smaller as it is', async () => {
    const large = await decodePicture(fourFields(4100, 2050).toBuffer('image/png'));
    expect([large.width, large.height, fieldsOf(large)]).toEqual([2048, 1024, 'rgbw']);
    const small = await decodePicture(upright.toBuffer('image/png'));
    expect([...small.data]).toEqual([...upright.getContext('2d').getImageData(0, 0, 80, 48).data]);
  });

  it('takes the first picture of a moving one', async () => {
    expect(fieldsOf(await decodePicture(upright.toBuffer('image/gif')))).toBe('rgbw');
  });

  it('does not mind what follows a picture', async () => {
    const polyglot = Buffer.concat([upright.toBuffer('image/jpeg'), Buffer.from('PK\x03\x04<script>alert(1)</script>')]);
    const decoded = await decodePicture(polyglot);
    expect(fieldsOf(decoded)).toBe('rgbw');
    expect(Buffer.from(await encodePortrait(decoded)).includes('script')).toBe(false);
  });

  it.each(['image/jpeg', 'image/png', 'image/webp'] as const)('refuses half of a %s', async (type) => {
    const canvas = paint(200, 200, (context) => {
      for (let step = 0; step < 200; step += 1) {
        context.fillStyle = `hsl(${step * 7}, 80%, 50%)`;
        context.fillRect(0, step, (step * 37) % 200, 1);
      }
    });
    const bytes = type === 'image/jpeg' ? canvas.toBuffer(type) : type === 'image/png' ? canvas.toBuffer(type) : canvas.toBuffer(type);
    await expect(decodePicture(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({ code: 'picture.damaged' });
  });

  it('refuses pictures that are too large or too small before it decodes them', async () => {
    const png = Buffer.from(upright.toBuffer('image/png'));
    png.writeUInt32BE(20_000, 16);
    png.writeUInt32BE(20_000, 20);
    await expect(decodePicture(png)).rejects.toMatchObject({ code: 'picture.too-large', details: { width: 20_000, height: 20_000 } });
    await expect(decodePicture(createCanvas(1, 1).toBuffer('image/png'))).rejects.toMatchObject({ code: 'picture.too-small' });
  });
});

describe('encodePreview', () => {
  it('is a JPEG of at most 1024 pixels a side', async () => {
    const preview = await decodePicture(await encodePreview(await decodePicture(fourFields(2000, 1000).toBuffer('image/png'))));
    expect([preview.width, preview.height, fieldsOf(preview)]).toEqual([1024, 512, 'rgbw']);
  });
});
