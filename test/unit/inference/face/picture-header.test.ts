import { describe, expect, it } from 'vitest';
import { readPictureHeader } from '../../../../src-main/inference/face/picture-header.ts';
import { exifBlock, fourFields, projectFile, withJpegExif, withPngChunk } from '../../../doubles/make-picture.ts';

const picture = fourFields(40, 24);
const ascii = (words: string): Uint8Array => Buffer.from(words, 'latin1');

function codeOf(bytes: Uint8Array): unknown {
  try {
    return readPictureHeader(bytes).format;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

/** A file of the family of MP4 with these brands. */
function isoMedia(brands: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0, 0, 0, 8 + brands.length), ascii(`ftyp${brands}`), new Uint8Array(64)]);
}

describe('readPictureHeader', () => {
  it.each([
    ['jpeg', picture.toBuffer('image/jpeg')],
    ['png', picture.toBuffer('image/png')],
    ['webp', picture.toBuffer('image/webp')],
    ['gif', picture.toBuffer('image/gif')],
  ] as const)('reads format and size of a %s', (format, bytes) => {
    expect(readPictureHeader(bytes)).toEqual({ format, width: 40, height: 24, orientation: 1, complete: true });
  });

  it('reads AVIF and CMYK JPEG', () => {
    expect(readPictureHeader(projectFile('test/fixtures/face/small.avif'))).toMatchObject({ format: 'avif', width: 40, height: 48 });
    expect(readPictureHeader(projectFile('test/fixtures/face/cmyk.jpg'))).toMatchObject({ format: 'jpeg', width: 80, height: 95 });
  });

  it('reads a bitmap whose rows run from the top', () => {
    const bytes = Buffer.alloc(60);
    bytes.write('BM', 0, 'latin1');
    bytes.writeUInt32LE(40, 14);
    bytes.writeInt32LE(7, 18);
    bytes.writeInt32LE(-9, 22);
    expect(readPictureHeader(bytes)).toMatchObject({ format: 'bmp', width: 7, height: 9 });
  });

  it('believes the size only: a picture of 20,000 pixels a side is known before it is decoded', () => {
    const png = Buffer.from(picture.toBuffer('image/png'));
    png.writeUInt32BE(20_000, 16);
    png.writeUInt32BE(20_000, 20);
    expect(readPictureHeader(png)).toMatchObject({ width: 20_000, height: 20_000 });
  });

  it('reads the orientation of a PNG, and takes nonsense for upright', () => {
    const png = picture.toBuffer('image/png');
    expect(readPictureHeader(withPngChunk(png, 'eXIf', exifBlock(6))).orientation).toBe(6);
    expect(readPictureHeader(withPngChunk(png, 'eXIf', exifBlock(77))).orientation).toBe(1);
    expect(readPictureHeader(withPngChunk(png, 'eXIf', Uint8Array.of(0x4d, 0x4d, 0, 42, 0xff, 0xff, 0xff, 0xff))).orientation).toBe(1);
  });

  it('sees that a PNG or WebP is cut off', () => {
    const png = picture.toBuffer('image/png');
    const webp = picture.toBuffer('image/webp');
    expect(readPictureHeader(png.subarray(0, png.length - 20)).complete).toBe(false);
    expect(readPictureHeader(webp.subarray(0, webp.length - 5)).complete).toBe(false);
  });

  it('steps over hundreds of EXIF segments', () => {
    let jpeg: Uint8Array = picture.toBuffer('image/jpeg');
    for (let count = 0; count < 300; count += 1) jpeg = withJpegExif(jpeg, new Uint8Array(1000));
    expect(readPictureHeader(jpeg)).toMatchObject({ format: 'jpeg', width: 40, height: 24 });
  });

  it.each([
    ['picture.empty', new Uint8Array(0)],
    ['picture.svg', ascii('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
    ['picture.svg', ascii('\xef\xbb\xbf <?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY a "b">]>\n<svg width="9">')],
    ['picture.heic', isoMedia('heic\0\0\0\0mif1heic')],
    ['picture.unknown-format', isoMedia('isom\0\0\0\0mp42')],
    ['picture.unknown-format', ascii('%PDF-1.7 and more of it')],
    ['picture.unknown-format', ascii('<html><body>no picture</body></html>')],
    ['picture.unknown-format', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)],
    ['picture.damaged', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16)],
    ['picture.damaged', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9, 0, 0, 0, 0)],
    ['picture.damaged', ascii('\x89PNG\r\n\x1a\n\0\0')],
    ['picture.damaged', ascii('RIFF\x10\0\0\0WEBPVP8Q\0\0\0\0')],
    ['picture.damaged', ascii('GIF89a\0\0\0\0')],
    ['picture.damaged', isoMedia('avif\0\0\0\0')],
  ])('answers %s', (code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });
});
