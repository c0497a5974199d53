import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 256;
const HEIGHT = 320;

/** A plain picture of two colours that belong to the name, for a model that nobody has rendered yet. PNG (RFC 2083), 24 bit. */
export function drawPlaceholder(name: string): { picture: Uint8Array; width: number; height: number } {
  const seed = createHash('sha256').update(name).digest();
  const hue = ((seed[0] ?? 0) / 256) * 360;
  const top = rgb(hue, 0.35, 0.3);
  const bottom = rgb((hue + 40) % 360, 0.45, 0.12);
  const rows: Buffer[] = [];
  for (let y = 0; y < HEIGHT; y += 1) {
    const share = y / (HEIGHT - 1);
    const colour = top.map((value, channel) => Math.round(value * (1 - share) + (bottom[channel] ?? 0) * share));
    const row = Buffer.alloc(1 + WIDTH * 3);
    for (let x = 0; x < WIDTH; x += 1) row.set(colour, 1 + x * 3);
    rows.push(row);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const picture = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { picture, width: WIDTH, height: HEIGHT };
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Hue in degrees, saturation and lightness 0..1, to 0..255 each. */
function rgb(hue: number, saturation: number, lightness: number): number[] {
  const spread = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((offset) => {
    const place = (offset + hue / 30) % 12;
    return (lightness - spread * Math.max(-1, Math.min(place - 3, 9 - place, 1))) * 255;
  });
}
