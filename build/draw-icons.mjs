// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

/*
 * Draws the app's icon and the tray's, from shapes: `node build/draw-icons.mjs`. The results lie in resources/icons and are committed; run it
 * again only to change them. State is a shape before it is a colour, so the tray's icons differ without it, too.
 */
const target = fileURLToPath(new URL('../resources/icons/', import.meta.url));

/** @typedef {[number, number, number]} Colour */
/** Signed distance to a shape's edge in a square from -1 to 1; negative = inside. @typedef {(x: number, y: number) => number} Shape */
/** @typedef {{ shape: Shape, colour: Colour }} Layer */

/** @satisfies {Record<string, Colour>} */
const colours = {
  ink: [15, 17, 21],
  dark: [27, 29, 34],
  light: [232, 234, 238],
  coral: [255, 106, 77],
  teal: [63, 184, 175],
  red: [229, 72, 77],
  amber: [226, 162, 54],
  grey: [142, 149, 160],
};

/** @type {(radius: number, width: number) => Shape} */
const ring = (radius, width) => (x, y) => Math.abs(Math.hypot(x, y) - radius) - width / 2;
/** @type {(radius: number) => Shape} */
const disc = (radius) => (x, y) => Math.hypot(x, y) - radius;
/** @type {(halfWidth: number, halfHeight: number, corner: number, centreX?: number) => Shape} */
const box =
  (halfWidth, halfHeight, corner, centreX = 0) =>
  (x, y) => {
    const [dx, dy] = [Math.abs(x - centreX) - halfWidth + corner, Math.abs(y) - halfHeight + corner];
    return Math.min(Math.max(dx, dy), 0) + Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - corner;
  };
/** @type {(x1: number, y1: number, x2: number, y2: number, width: number) => Shape} */
const stroke = (x1, y1, x2, y2, width) => (x, y) => {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy) - width / 2;
};
/** @type {(...shapes: Shape[]) => Shape} */
const union =
  (...shapes) =>
  (x, y) =>
    Math.min(...shapes.map((shape) => shape(x, y)));
/** @type {(shape: Shape, hole: Shape) => Shape} */
const without = (shape, hole) => (x, y) => Math.max(shape(x, y), -hole(x, y));
/** A sector from the centre, for gaps in a ring; angles in turns, clockwise from the top. @type {(from: number, to: number) => Shape} */
const sector = (from, to) => (x, y) => {
  const turn = (Math.atan2(x, -y) / (2 * Math.PI) + 1) % 1;
  const inside = from <= to ? turn >= from && turn <= to : turn >= from || turn <= to;
  return inside ? -0.05 : 0.05;
};
/** @type {(width: number) => Shape} */
const waves = (width) => union(box(width, 0.2, width, -0.34), box(width, 0.42, width), box(width, 0.2, width, 0.34));

/** A telephone's receiver, held as on every green button. @type {Shape} */
const receiver = (x, y) => {
  const [u, v] = [(x + y) * Math.SQRT1_2 + 0.02, (y - x) * Math.SQRT1_2 - 0.16];
  const bow = Math.max(Math.abs(Math.hypot(u, v + 0.62) - 0.78) - 0.13, -v - 0.16);
  const ends = Math.min(box(0.17, 0.24, 0.1)(u - 0.66, v + 0.1), box(0.17, 0.24, 0.1)(u + 0.66, v + 0.1));
  return Math.min(bow, ends);
};
/** Sound that comes from its upper end. @type {(radius: number) => Shape} */
const chime = (radius) => (x, y) =>
  Math.max(Math.abs(Math.hypot(x - 0.02, y + 0.02) - radius) - 0.08, -(sector(0.04, 0.21)(x - 0.02, y + 0.02) < 0 ? 1 : -1));

const still = ring(0.74, 0.22);
const slash = stroke(-0.72, 0.72, 0.72, -0.72, 0.2);
/** What each state looks like on the panel whose contrast colour is `base`. @type {Record<string, (base: Colour) => Layer[]>} */
const trayIcons = {
  ready: (base) => [{ shape: still, colour: base }],
  listening: (base) => [
    { shape: still, colour: base },
    { shape: disc(0.36), colour: colours.teal },
  ],
  thinking: (base) => [
    { shape: without(still, sector(0.06, 0.3)), colour: base },
    { shape: disc(0.16), colour: base },
  ],
  speaking: (base) => [
    { shape: still, colour: base },
    { shape: waves(0.1), colour: colours.coral },
  ],
  muted: (base) => [
    { shape: without(still, stroke(-0.9, 0.9, 0.9, -0.9, 0.44)), colour: base },
    { shape: slash, colour: base },
  ],
  offline: () =>
    [0, 0.25, 0.5, 0.75].map((at) => ({ shape: without(still, without(disc(2), sector(at + 0.03, at + 0.22))), colour: colours.grey })),
  ringing: () => [{ shape: union(receiver, chime(0.46), chime(0.82)), colour: colours.coral }],
  'in-call': (base) => [
    { shape: receiver, colour: base },
    { shape: (x, y) => disc(0.2)(x - 0.5, y + 0.5), colour: colours.teal },
  ],
  stopped: () => [
    { shape: still, colour: colours.red },
    { shape: box(0.3, 0.3, 0.06), colour: colours.red },
  ],
};

/** @type {Layer[]} */
const appIcon = [
  { shape: box(0.94, 0.94, 0.42), colour: colours.ink },
  { shape: ring(0.56, 0.16), colour: colours.coral },
  { shape: (x, y) => waves(0.075)(x * 1.25, y * 1.25) / 1.25, colour: colours.light },
];

/** Renders layers with smooth edges; RGBA rows. @param {Layer[]} layers @param {number} size */
function render(layers, size) {
  const pixels = Buffer.alloc(size * size * 4);
  const edge = 2 / size;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const x = ((column + 0.5) / size) * 2 - 1;
      const y = ((row + 0.5) / size) * 2 - 1;
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (const { shape, colour } of layers) {
        const cover = Math.max(0, Math.min(1, 0.5 - shape(x, y) / edge));
        const rest = alpha * (1 - cover);
        const total = cover + rest;
        if (total > 0) {
          red = (colour[0] * cover + red * rest) / total;
          green = (colour[1] * cover + green * rest) / total;
          blue = (colour[2] * cover + blue * rest) / total;
        }
        alpha = total;
      }
      pixels.set([red, green, blue, alpha * 255].map(Math.round), (row * size + column) * 4);
    }
  }
  return pixels;
}

/** @param {Buffer} pixels @param {number} size */
function encodePng(pixels, size) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row += 1) pixels.copy(rows, row * (size * 4 + 1) + 1, row * size * 4, (row + 1) * size * 4);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** The checksum of PNG chunks; zlib's own is newer than Node 20. @param {Buffer} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

mkdirSync(target, { recursive: true });
for (const [state, layersFor] of Object.entries(trayIcons)) {
  for (const [panel, base] of /** @type {const} */ ([
    ['on-dark', colours.light],
    ['on-light', colours.dark],
  ])) {
    for (const scale of [1, 2]) {
      const size = 22 * scale;
      writeFileSync(join(target, `tray-${state}-${panel}${scale === 1 ? '' : '@2x'}.png`), encodePng(render(layersFor(base), size), size));
    }
  }
}
writeFileSync(join(target, 'app.png'), encodePng(render(appIcon, 512), 512));
