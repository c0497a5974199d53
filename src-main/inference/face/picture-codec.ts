import { createCanvas, ImageData, loadImage, type Image, type SKRSContext2D } from '@napi-rs/canvas';
import { AppError } from '../../base/errors.ts';
import { damaged, readPictureHeader, type PictureHeader } from './picture-header.ts';
import { shrink, type Raster } from './raster.ts';

/** 400 MB while it is decoded. */
const MAX_PIXELS = 100_000_000;
/** Of the longer side. More than any stage shows; a face of it is still larger than what the networks see. */
const LONGEST_SIDE = 2048;
/** Less than this cannot show a face. */
const LEAST_SIDE = 32;
/** Behind transparent pictures. */
const GROUND = '#aeb4bd';
/** Pictures in which nothing can be transparent: what is, was never decoded. */
const OPAQUE: ReadonlySet<PictureHeader['format']> = new Set(['jpeg', 'bmp']);

const PREVIEW_SIDE = 1024;
const PREVIEW_QUALITY = 85;
const STORED_QUALITY = 93;

/**
 * Decodes a picture: the first one of a moving picture, the right way up by its EXIF, in sRGB (Skia converts by the file's profile, also from CMYK), on plain
 * ground where it was transparent, and shrunk to 2048 pixels. About 0.2 s for 12 megapixels.
 * @throws AppError `picture.*`, see picture-header.ts; also `picture.too-large`, `picture.too-small`
 */
export async function decodePicture(bytes: Uint8Array): Promise<Raster> {
  const header = readPictureHeader(bytes);
  requireSize(header);
  if (!header.complete) throw damaged();
  const image = await loadImage(bytes).catch((error: unknown) => {
    throw damaged(error);
  });
  const turned = header.orientation >= 5;
  const [fullWidth, fullHeight] = turned ? [image.height, image.width] : [image.width, image.height];
  const scale = Math.min(1, LONGEST_SIDE / Math.max(fullWidth, fullHeight));
  const width = Math.max(1, Math.round(fullWidth * scale));
  const height = Math.max(1, Math.round(fullHeight * scale));
  const context = createCanvas(width, height).getContext('2d');
  draw(context, image, { orientation: header.orientation, width, height });
  if (OPAQUE.has(header.format)) {
    const raster = read(context, width, height);
    // The decoder fills what is missing with nothing.
    if (raster.data.at(-1) !== 255) throw damaged();
    return raster;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = GROUND;
  context.fillRect(0, 0, width, height);
  return read(context, width, height);
}

function requireSize({ width, height }: PictureHeader): void {
  const details = { width, height };
  if (width * height > MAX_PIXELS) {
    throw new AppError(
      'picture.too-large',
      `This picture has ${width} × ${height} pixels, more than fits into memory: make it smaller, 4000 × 4000 are plenty.`,
      { details },
    );
  }
  if (Math.min(width, height) < LEAST_SIDE) {
    throw new AppError(
      'picture.too-small',
      `This picture has only ${width} × ${height} pixels: choose one on which the face can be seen.`,
      {
        details,
      },
    );
  }
}

/** Draws into the whole of the canvas, undoing an EXIF orientation (Exif 3.0, tag 0x0112: where the stored first row and column belong). */
function draw(context: SKRSContext2D, image: Image, to: { orientation: number; width: number; height: number }): void {
  const { orientation, width, height } = to;
  const matrices: Record<number, [number, number, number, number, number, number]> = {
    2: [-1, 0, 0, 1, width, 0],
    3: [-1, 0, 0, -1, width, height],
    4: [1, 0, 0, -1, 0, height],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, width, 0],
    7: [0, -1, -1, 0, width, height],
    8: [0, -1, 1, 0, 0, height],
  };
  context.setTransform(...(matrices[orientation] ?? [1, 0, 0, 1, 0, 0]));
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, orientation >= 5 ? height : width, orientation >= 5 ? width : height);
}

function read(context: SKRSContext2D, width: number, height: number): Raster {
  const { data } = context.getImageData(0, 0, width, height);
  // Plain fields: those of the canvas's own ImageData are looked up in native code, each time.
  return { width, height, data };
}

/** A picture for the page while it is decided on, JPEG, at most 1024 pixels a side. */
export async function encodePreview(picture: Raster): Promise<Uint8Array> {
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(picture.width, picture.height));
  const small =
    scale === 1
      ? picture
      : shrink(picture, Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  return canvasOf(small).encode('jpeg', PREVIEW_QUALITY);
}

/** The portrait as it is stored, JPEG: WebP would take ten times as long to write. */
export async function encodePortrait(picture: Raster): Promise<Uint8Array> {
  return canvasOf(picture).encode('jpeg', STORED_QUALITY);
}

function canvasOf({ width, height, data }: Raster) {
  const canvas = createCanvas(width, height);
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}
