import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCanvas, Image, loadImage, type Canvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Raster } from '../../src-main/inference/face/raster.ts';

const root = new URL('../../', import.meta.url);

/** A file of the project as bytes. */
export function projectFile(path: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(path, root)));
}

export const novaFile = 'resources/characters/default/portrait.webp';
export const photoFile = 'test/fixtures/face/astronaut.jpg';

export function loadPicture(path: string): Promise<Image> {
  return loadImage(projectFile(path));
}

/** A picture of one's own. */
export function paint(width: number, height: number, draw: (context: SKRSContext2D) => void): Canvas {
  const canvas = createCanvas(width, height);
  draw(canvas.getContext('2d'));
  return canvas;
}

export function rasterOf(canvas: Canvas): Raster {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, data };
}

/** Four fields of their own colours, so that every turn and mirror shows: red, green / blue, white. */
export function fourFields(width: number, height: number): Canvas {
  return paint(width, height, (context) => {
    for (const [index, colour] of ['#ff0000', '#00ff00', '#0000ff', '#ffffff'].entries()) {
      context.fillStyle = colour;
      context.fillRect(((index % 2) * width) / 2, (Math.floor(index / 2) * height) / 2, width / 2, height / 2);
    }
  });
}

/** An EXIF block (TIFF, big end first) that says nothing but the orientation. */
export function exifBlock(orientation: number): Uint8Array {
  return Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);
}

/** The JPEG with an EXIF segment right after its start. */
export function withJpegExif(jpeg: Uint8Array, block: Uint8Array): Uint8Array {
  const name = Buffer.from('Exif\0\0', 'latin1');
  const length = 2 + name.length + block.length;
  return Buffer.concat([jpeg.subarray(0, 2), Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff), name, block, jpeg.subarray(2)]);
}

/** The PNG with one more chunk before its end. Its checksum is left empty: nobody here reads it. */
export function withPngChunk(png: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const end = png.length - 12;
  return Buffer.concat([png.subarray(0, end), length, Buffer.from(name, 'latin1'), content, Buffer.alloc(4), png.subarray(end)]);
}
