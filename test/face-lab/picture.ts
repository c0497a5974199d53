import { readFile, writeFile } from 'node:fs/promises';
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas';
import type { Box } from '../../src-preload/contract/index.ts';

/** Pixels in RGBA order, rows from the top, without padding. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Decodes any picture file that Skia reads. */
export async function readPicture(file: string | Uint8Array): Promise<Picture> {
  const image = await loadImage(typeof file === 'string' ? await readFile(file) : Buffer.from(file));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return { width: image.width, height: image.height, data: context.getImageData(0, 0, image.width, image.height).data };
}

/** Encodes as PNG, or as WebP with the given quality (0..100). */
export async function encodePicture({ width, height, data }: Picture, webpQuality?: number): Promise<Buffer> {
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return webpQuality === undefined ? canvas.encode('png') : canvas.encode('webp', webpQuality);
}

export async function writePicture(file: string, picture: Picture): Promise<void> {
  await writeFile(file, await encodePicture(picture, file.endsWith('.webp') ? 90 : undefined));
}

/** Pictures of the same height in a row. */
export function sideBySide(pictures: readonly Picture[]): Picture {
  const width = pictures.reduce((sum, each) => sum + each.width, 0);
  const height = Math.max(0, ...pictures.map((each) => each.height));
  const data = new Uint8ClampedArray(width * height * 4);
  let left = 0;
  for (const each of pictures) {
    for (let y = 0; y < each.height; y += 1)
      data.set(each.data.subarray(y * each.width * 4, (y + 1) * each.width * 4), (y * width + left) * 4);
    left += each.width;
  }
  return { width, height, data };
}

/** Where two pictures of the same size differ: grey = equal, brighter or darker by twice the difference in each channel. */
export function difference(left: Picture, right: Picture): Picture {
  const data = new Uint8ClampedArray(left.data.length);
  for (let index = 0; index < data.length; index += 1)
    data[index] = index % 4 === 3 ? 255 : 128 + 2 * ((right.data[index] ?? 0) - (left.data[index] ?? 0));
  return { width: left.width, height: left.height, data };
}

/** `patch` laid over `portrait` into the box, at the portrait's size. */
export async function overlay(portrait: Uint8Array, patch: Uint8Array, [left, top, right, bottom]: Box): Promise<Picture> {
  const image = await loadImage(Buffer.from(portrait));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  context.drawImage(await loadImage(Buffer.from(patch)), left, top, right - left, bottom - top);
  return { width: image.width, height: image.height, data: context.getImageData(0, 0, image.width, image.height).data };
}

export function resized(picture: Picture, width: number, height: number): Picture {
  const from = createCanvas(picture.width, picture.height);
  from.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(picture.data), picture.width, picture.height), 0, 0);
  const context = createCanvas(width, height).getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(from, 0, 0, width, height);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
