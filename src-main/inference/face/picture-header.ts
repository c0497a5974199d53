import { AppError } from '../../base/errors.ts';

/** Formats that are read, by their first bytes; the file's name says nothing. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'bmp';

export interface PictureHeader {
  format: PictureFormat;
  /** Stored size, pixels, before any turning. */
  width: number;
  height: number;
  /** EXIF orientation 1..8 that the decoder does not follow by itself: of PNG. */
  orientation: number;
  /** False when the file says of itself that more should follow. */
  complete: boolean;
}

/** How far into a file the size of an AVIF is looked for. */
const META_BYTES = 256 * 1024;

/**
 * Reads what a picture says of itself without decoding it, so that limits hold before any memory is taken.
 * @throws AppError `picture.empty`, `picture.svg`, `picture.heic`, `picture.unknown-format`, `picture.damaged`
 */
export function readPictureHeader(bytes: Uint8Array): PictureHeader {
  if (bytes.length === 0) throw new AppError('picture.empty', 'This file is empty: choose another picture.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const header = readKnown(bytes, view);
    if (header.width < 1 || header.height < 1) throw damaged();
    return header;
  } catch (error) {
    // Reading beyond the end: the header itself is cut off.
    throw error instanceof RangeError ? damaged() : error;
  }
}

/** The error for a file that is a picture but cannot be decoded. */
export function damaged(cause?: unknown): AppError {
  return new AppError(
    'picture.damaged',
    'This picture is damaged or cut off: export or copy it again, or choose another one.',
    cause === undefined ? {} : { cause },
  );
}

function readKnown(bytes: Uint8Array, view: DataView): PictureHeader {
  const start = text(bytes, 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return readJpeg(view);
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return readPng(bytes, view);
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return readWebp(bytes, view);
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return whole('gif', view.getUint16(6, true), view.getUint16(8, true));
  if (start.startsWith('BM')) return readBmp(view);
  if (start.slice(4, 8) === 'ftyp') return readIsoMedia(bytes, view);
  if (/^(?:\xef\xbb\xbf)?\s*</.test(text(bytes, 0, 256)) && /<svg[\s>]/i.test(text(bytes, 0, 4096)))
    throw new AppError('picture.svg', 'Drawings in SVG can carry programs and are not opened: export it as PNG and choose that.');
  throw unknownFormat();
}

function whole(format: PictureFormat, width: number, height: number): PictureHeader {
  return { format, width, height, orientation: 1, complete: true };
}

/** ITU T.81: the size is in the first start-of-frame segment. */
function readJpeg(view: DataView): PictureHeader {
  let offset = 2;
  while (offset < view.byteLength) {
    const marker = view.getUint8(offset + 1);
    if (view.getUint8(offset) !== 0xff) throw damaged();
    if (marker === 0xff) offset += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return whole('jpeg', view.getUint16(offset + 7), view.getUint16(offset + 5));
    // Sound of a scan or the end before any frame.
    else if (marker === 0xda || marker === 0xd9) throw damaged();
    else offset += 2 + view.getUint16(offset + 2);
  }
  throw damaged();
}

/** PNG specification (W3C, third edition): chunks of length, name, data, checksum; orientation in `eXIf`, the end in `IEND`. */
function readPng(bytes: Uint8Array, view: DataView): PictureHeader {
  const header = whole('png', view.getUint32(16), view.getUint32(20));
  let { orientation } = header;
  for (let offset = 8; offset + 8 <= bytes.length; offset += 12 + view.getUint32(offset)) {
    const name = text(bytes, offset + 4, 4);
    if (name === 'IEND') return { ...header, orientation };
    if (name === 'eXIf') orientation = exifOrientation(bytes.subarray(offset + 8, offset + 8 + view.getUint32(offset)));
  }
  return { ...header, orientation, complete: false };
}

/** TIFF 6.0 directory with the tag `Orientation`; 1 when it is absent or makes no sense. */
function exifOrientation(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  try {
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    const entries = view.getUint16(directory, little);
    for (let entry = 0; entry < entries; entry += 1) {
      const offset = directory + 2 + entry * 12;
      if (view.getUint16(offset, little) !== 0x0112) continue;
      const value = view.getUint16(offset + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch {
    // Cut off: as good as absent.
  }
  return 1;
}

/** RFC 9649. */
function readWebp(bytes: Uint8Array, view: DataView): PictureHeader {
  const complete = view.getUint32(4, true) + 8 <= bytes.length;
  const kind = text(bytes, 12, 4);
  const three = (offset: number): number => view.getUint16(offset, true) + (view.getUint8(offset + 2) << 16);
  if (kind === 'VP8X') return { ...whole('webp', three(24) + 1, three(27) + 1), complete };
  if (kind === 'VP8 ') return { ...whole('webp', view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff), complete };
  if (kind !== 'VP8L') throw damaged();
  const size = view.getUint32(21, true);
  return { ...whole('webp', (size & 0x3fff) + 1, ((size >>> 14) & 0x3fff) + 1), complete };
}

/** Windows bitmap; a negative height means rows from the top. */
function readBmp(view: DataView): PictureHeader {
  const isOld = view.getUint32(14, true) === 12;
  if (isOld) return whole('bmp', view.getUint16(18, true), view.getUint16(20, true));
  return whole('bmp', view.getInt32(18, true), Math.abs(view.getInt32(22, true)));
}

/** ISO/IEC 23008-12: the brands tell AVIF from HEIC, boxes `ispe` the sizes of what is inside; the largest is the picture. */
function readIsoMedia(bytes: Uint8Array, view: DataView): PictureHeader {
  const brands = text(bytes, 8, Math.min(128, view.getUint32(0)) - 8);
  if (!/avi[fs]/.test(brands)) {
    if (/hei[cxms]|hev[cx]|mif1|msf1/.test(brands)) {
      throw new AppError(
        'picture.heic',
        'Pictures in HEIC cannot be read here: save it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible) and choose that.',
      );
    }
    throw unknownFormat();
  }
  let found = whole('avif', 0, 0);
  const meta = text(bytes, 0, META_BYTES);
  for (let at = meta.indexOf('ispe'); at !== -1; at = meta.indexOf('ispe', at + 4)) {
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (width * height > found.width * found.height) found = whole('avif', width, height);
  }
  return found;
}

function unknownFormat(): AppError {
  return new AppError(
    'picture.unknown-format',
    'This file is no picture that can be read here: choose a JPEG, PNG, WebP, AVIF, GIF or BMP file.',
  );
}

/** Bytes as Latin-1 characters. */
function text(bytes: Uint8Array, from: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, Math.max(from, from + length));
}
