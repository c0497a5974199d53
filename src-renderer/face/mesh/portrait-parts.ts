import { EYES, loopOf } from './face-points.ts';
import { takeEyeApart, type EyePicture } from './eye-picture.ts';
import { brightness, meanAround, pixelAt, type Colour, type Pixels } from './pixels.ts';

/** What is taken from the portrait once, so that what it does not show can be drawn in its light. */
export interface PortraitParts {
  /** Both eyes in one picture: plates above, irises below, one column for each of `EYES`. */
  eyes: Pixels;
  /** Where each eye's crop lies in the still picture, and its corner in `eyes`. */
  crops: readonly { left: number; top: number; width: number; height: number; column: number }[];
  /** Height of the upper half of `eyes`. */
  half: number;
  /** Light on the face: the colour of something white in it. */
  light: Colour;
  /** Flesh behind the lips. */
  flesh: Colour;
  /** Lashes. */
  lash: Colour;
}

/** Room around an eye, as a share of the distance of the outer eye corners: more than an iris ever moves. */
const ROOM = 0.12;

/** `places`: x, y of each of the 478 points in the still picture, pixels. */
export function takeApart(still: Pixels, places: readonly (readonly [number, number])[]): PortraitParts {
  const at = (point: number): readonly [number, number] => places[point] ?? [0, 0];
  const unit = Math.hypot(at(263)[0] - at(33)[0], at(263)[1] - at(33)[1]);
  const eyes: EyePicture[] = [];
  const boxes: { left: number; top: number; width: number; height: number }[] = [];
  for (const eye of EYES) {
    const loop = loopOf(eye).map(at);
    const [xs, ys] = [loop.map(([x]) => x), loop.map(([, y]) => y)];
    const left = Math.floor(Math.min(...xs) - ROOM * unit);
    const top = Math.floor(Math.min(...ys) - ROOM * unit);
    const box = {
      left,
      top,
      width: Math.max(4, Math.ceil(Math.max(...xs) + ROOM * unit) - left),
      height: Math.max(4, Math.ceil(Math.max(...ys) + ROOM * unit) - top),
    };
    const [cx, cy] = at(eye.iris);
    const rim = [1, 2, 3, 4].map((step) => at(eye.iris + step));
    const radius = rim.reduce((sum, [x, y]) => sum + Math.hypot(x - cx, y - cy), 0) / rim.length;
    boxes.push(box);
    // Centres of pixels lie at halves, rows and columns count from 0.
    const inCrop = ([x, y]: readonly [number, number]): [number, number] => [x - left - 0.5, y - top - 0.5];
    const [x, y] = inCrop([cx, cy]);
    eyes.push(takeEyeApart(crop(still, box), { loop: loop.map(inCrop), x, y, radius }));
  }
  const half = Math.max(...boxes.map(({ height }) => height));
  const [rightWidth, leftWidth] = [boxes[0]?.width ?? 1, boxes[1]?.width ?? 1];
  const joined = { width: rightWidth + leftWidth, height: half * 2, data: new Uint8ClampedArray((rightWidth + leftWidth) * half * 2 * 4) };
  for (const [order, eye] of eyes.entries()) {
    paste(joined, eye.plate, order * rightWidth, 0);
    paste(joined, eye.iris, order * rightWidth, half);
  }
  return {
    eyes: joined,
    crops: boxes.map((box, order) => ({ ...box, column: order * rightWidth })),
    half,
    light: lightOf(still, at, eyes),
    flesh: fleshOf(still, at, unit),
    lash: lashOf(still, at),
  };
}

/** The whites are the one thing of known colour in a face. Their shade under the lids is made up for; never darker than the brightest skin suggests. */
function lightOf(still: Pixels, at: (point: number) => readonly [number, number], eyes: readonly EyePicture[]): Colour {
  const white = [0, 1, 2].map((channel) => eyes.reduce((sum, eye) => sum + (eye.white[channel] ?? 0), 0) / Math.max(1, eyes.length)) as [
    number,
    number,
    number,
  ];
  const skin = [50, 280, 151].map((point) => brightness(pixelAt(still, ...at(point))));
  const least = Math.max(0.35, Math.max(...skin) * 0.8);
  const gain = Math.min(1.15, Math.max(least, brightness(white) * 1.08) / Math.max(brightness(white), 0.05));
  return [Math.min(1, white[0] * gain), Math.min(1, white[1] * gain), Math.min(1, white[2] * gain)];
}

/** Lips are the same flesh as the mouth behind them, only dry and lit; made redder, as painted or grey lips do not say it. */
function fleshOf(still: Pixels, at: (point: number) => readonly [number, number], unit: number): Colour {
  const reach = Math.max(1, Math.round(unit * 0.02));
  const [red, green, blue] = meanAround(still, ...at(16), reach);
  return [Math.min(0.8, red * 1.05 + 0.08), green * 0.6, blue * 0.6];
}

/** The darkest of what lies along the upper lids. */
function lashOf(still: Pixels, at: (point: number) => readonly [number, number]): Colour {
  const colours = EYES.flatMap((eye) => eye.upper.map((point) => meanAround(still, ...at(point), 1)));
  const [darkest] = colours.toSorted((a, b) => brightness(a) - brightness(b));
  return darkest === undefined ? [0.1, 0.08, 0.07] : [darkest[0] * 0.75, darkest[1] * 0.7, darkest[2] * 0.7];
}

function crop(from: Pixels, box: { left: number; top: number; width: number; height: number }): Pixels {
  const data = new Uint8ClampedArray(box.width * box.height * 4);
  for (let y = 0; y < box.height; y += 1)
    for (let x = 0; x < box.width; x += 1) {
      const row = Math.min(from.height - 1, Math.max(0, box.top + y));
      const column = Math.min(from.width - 1, Math.max(0, box.left + x));
      const source = (row * from.width + column) * 4;
      data.set(from.data.subarray(source, source + 4), (y * box.width + x) * 4);
    }
  return { width: box.width, height: box.height, data };
}

function paste(into: Pixels, from: Pixels, left: number, top: number): void {
  for (let y = 0; y < from.height; y += 1)
    into.data.set(from.data.subarray(y * from.width * 4, (y + 1) * from.width * 4), ((top + y) * into.width + left) * 4);
}
