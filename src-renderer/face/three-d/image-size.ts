/** A picture's size, told from its first bytes. */
export interface ImageSize {
  mimeType: 'image/png' | 'image/jpeg' | 'image/webp';
  width: number;
  height: number;
}

/**
 * Reads the size of a PNG, JPEG or WebP before anything decodes it: a few kilobytes may stand for gigabytes of pixels. undefined = none of the three,
 * or damaged. Sources: PNG specification 11.2.2, ITU-T T.81 annex B, WebP container specification (RFC 9649).
 */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 30) return undefined;
  if (view.getUint32(0) === 0x89_50_4e_47 && view.getUint32(12) === 0x49_48_44_52)
    return sized('image/png', view.getUint32(16), view.getUint32(20));
  if (view.getUint32(0) === 0x52_49_46_46 && view.getUint32(8) === 0x57_45_42_50) return webpSize(view);
  return view.getUint16(0) === 0xff_d8 ? jpegSize(view) : undefined;
}

function webpSize(view: DataView): ImageSize | undefined {
  switch (view.getUint32(12)) {
    case 0x56_50_38_58: // VP8X: 24 bits each, less one
      return sized('image/webp', 1 + low24(view, 24), 1 + low24(view, 27));
    case 0x56_50_38_4c: {
      // VP8L: 14 bits each, less one
      const bits = view.getUint32(21, true);
      return sized('image/webp', 1 + (bits & 0x3f_ff), 1 + ((bits >>> 14) & 0x3f_ff));
    }
    case 0x56_50_38_20: // VP8: 14 bits each, behind the start code
      return sized('image/webp', view.getUint16(26, true) & 0x3f_ff, view.getUint16(28, true) & 0x3f_ff);
    default:
      return undefined;
  }
}

function low24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** Walks the segments up to the frame header (SOF0 … SOF15, without the three markers between them that mean something else). */
function jpegSize(view: DataView): ImageSize | undefined {
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return sized('image/jpeg', view.getUint16(at + 7), view.getUint16(at + 5));
    // Fill bytes may stand before a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function sized(mimeType: ImageSize['mimeType'], width: number, height: number): ImageSize | undefined {
  return width > 0 && height > 0 ? { mimeType, width, height } : undefined;
}
