import { brightness, insidePolygon, pixelAt, type Colour, type Pixels } from './pixels.ts';

/** An eye of the portrait, taken apart so that the iris can move under the lids. Both pictures are as large as the crop they come from. */
export interface EyePicture {
  /** The eye without its iris: white filled in, and carried on under the lids. Opaque. */
  plate: Pixels;
  /** The whole iris, what the lids hid of it filled in; transparent around. */
  iris: Pixels;
  /** Colour of the white where it is brightest: tells the light on the face. */
  white: Colour;
}

export interface EyeOutline {
  /** The edge of the lids, pixels of the crop. */
  loop: readonly (readonly [number, number])[];
  /** Centre and radius of the iris, pixels of the crop. */
  x: number;
  y: number;
  radius: number;
}

/** The rim of an iris is dark and soft: a little more than the detector's circle belongs to it. */
const RIM = 1.1;
/** Width of the soft edge, pixels. */
const FEATHER = 1.5;

export function takeEyeApart(crop: Pixels, outline: EyeOutline): EyePicture {
  const { width, height } = crop;
  const radius = outline.radius * RIM;
  const open = new Uint8Array(width * height);
  const white = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const inside = insidePolygon(outline.loop, x, y);
      open[y * width + x] = inside ? 1 : 0;
      white[y * width + x] = inside && Math.hypot(x - outline.x, y - outline.y) > radius + FEATHER ? 1 : 0;
    }
  return { plate: fillPlate(crop, white, open, outline), iris: cutIris(crop, open, outline, radius), white: brightest(crop, white) };
}

/**
 * Row by row, the white left and right of the iris is joined through it; a row that shows white on one side only takes that. What lies outside the
 * opening continues the nearest filled row, so that a lid that opens wider finds an eye behind it.
 */
function fillPlate(crop: Pixels, white: Uint8Array, open: Uint8Array, outline: EyeOutline): Pixels {
  const { width, height } = crop;
  const data = new Uint8ClampedArray(crop.data);
  const filledRows: number[] = [];
  for (let y = 0; y < height; y += 1) {
    const known: number[] = [];
    for (let x = 0; x < width; x += 1) if (white[y * width + x] === 1) known.push(x);
    if (known.length === 0) continue;
    filledRows.push(y);
    for (let x = 0; x < width; x += 1) {
      if (white[y * width + x] === 1) continue;
      if (beside(open, width, y * width + x) && Math.hypot(x - outline.x, y - outline.y) > outline.radius * RIM + FEATHER) continue;
      const before = known.findLast((column) => column < x);
      const after = known.find((column) => column > x);
      const [a, b] = [before ?? after ?? x, after ?? before ?? x];
      const share = a === b ? 0 : (x - a) / (b - a);
      blend(data, (y * width + x) * 4, pixelAt(crop, a, y), pixelAt(crop, b, y), share);
    }
  }
  if (filledRows.length === 0) return { width, height, data };
  for (let y = 0; y < height; y += 1) {
    if (filledRows.includes(y)) continue;
    const nearest = filledRows.reduce((best, row) => (Math.abs(row - y) < Math.abs(best - y) ? row : best));
    for (let x = 0; x < width; x += 1) {
      // Rows within the opening but without white lie wholly on the iris: they keep their picture beside it.
      if (beside(open, width, y * width + x) && Math.hypot(x - outline.x, y - outline.y) > outline.radius * RIM) continue;
      const from = (nearest * width + x) * 4;
      data.copyWithin((y * width + x) * 4, from, from + 4);
    }
  }
  return { width, height, data };
}

/** In the opening or next to it: what is sampled along the lids at rest has to be the portrait. */
function beside(open: Uint8Array, width: number, at: number): boolean {
  return [at, at - 1, at + 1, at - width, at + width].some((index) => open[index] === 1);
}

/** Hidden parts of the iris are taken from the opposite side of its centre, where that is seen too, else from the ring at the same distance. */
function cutIris(crop: Pixels, open: Uint8Array, { x: cx, y: cy }: EyeOutline, radius: number): Pixels {
  const { width, height } = crop;
  const data = new Uint8ClampedArray(width * height * 4);
  const seen = (x: number, y: number): boolean => open[Math.round(y) * width + Math.round(x)] === 1;
  const rings = ringColours(crop, seen, cx, cy, radius);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const away = Math.hypot(x - cx, y - cy);
      if (away > radius + FEATHER) continue;
      const at = (y * width + x) * 4;
      // The lid's edge throws a shadow: the two pixels below it are not trusted either.
      const colour =
        seen(x, y) && (seen(x, y - 2) || y > cy)
          ? pixelAt(crop, x, y)
          : seen(x, 2 * cy - y)
            ? pixelAt(crop, x, 2 * cy - y)
            : (rings[Math.min(rings.length - 1, Math.round(away))] ?? ([0, 0, 0] as const));
      for (let channel = 0; channel < 3; channel += 1) data[at + channel] = (colour[channel] ?? 0) * 255;
      data[at + 3] = 255 * Math.min(1, Math.max(0, (radius + FEATHER - away) / FEATHER));
    }
  return { width, height, data };
}

function ringColours(crop: Pixels, seen: (x: number, y: number) => boolean, cx: number, cy: number, radius: number): Colour[] {
  const rings: Colour[] = [];
  for (let ring = 0; ring <= Math.ceil(radius + FEATHER); ring += 1) {
    let [red, green, blue, count] = [0, 0, 0, 0];
    for (let step = 0; step < 32; step += 1) {
      const angle = (step / 32) * 2 * Math.PI;
      const [x, y] = [cx + ring * Math.cos(angle), cy + ring * Math.sin(angle)];
      if (!seen(x, y)) continue;
      const colour = pixelAt(crop, x, y);
      [red, green, blue, count] = [red + colour[0], green + colour[1], blue + colour[2], count + 1];
    }
    rings.push(count > 0 ? [red / count, green / count, blue / count] : (rings.at(-1) ?? [0.1, 0.1, 0.1]));
  }
  return rings;
}

/** Mean of the brightest quarter. */
function brightest(crop: Pixels, white: Uint8Array): Colour {
  const colours: Colour[] = [];
  for (let index = 0; index < white.length; index += 1)
    if (white[index] === 1) colours.push(pixelAt(crop, index % crop.width, Math.floor(index / crop.width)));
  colours.sort((a, b) => brightness(b) - brightness(a));
  const best = colours.slice(0, Math.ceil(colours.length / 4));
  if (best.length === 0) return [0.6, 0.58, 0.55];
  const sum = best.reduce<[number, number, number]>(
    (all, colour) => [all[0] + colour[0], all[1] + colour[1], all[2] + colour[2]],
    [0, 0, 0],
  );
  return [sum[0] / best.length, sum[1] / best.length, sum[2] / best.length];
}

function blend(data: Uint8ClampedArray, at: number, from: Colour, to: Colour, share: number): void {
  for (let channel = 0; channel < 3; channel += 1)
    data[at + channel] = 255 * ((from[channel] ?? 0) * (1 - share) + (to[channel] ?? 0) * share);
  data[at + 3] = 255;
}
