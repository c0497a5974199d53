import type { Framing } from './framing.ts';

/** Pixels around the canvas that are kept too: what comes in from outside when the head turns. */
export const MARGIN = 48;

/** Blur of what is made up beside the picture, as a share of the canvas' width. */
const BLUR = 0.035;
/** Width of the strip that is continued, as a share of the picture. */
const STRIP = 0.04;
/** Over this many pixels of the canvas the made-up part goes from sharp to blurred. */
const SEAM = 90;

/**
 * The portrait as it lies on the canvas, with `MARGIN` around. Beside the picture its edges go on, blurred more with the distance, so that a landscape
 * canvas has no hard edge. Drawn at the canvas' own resolution: everything after samples it one to one.
 */
export function paintStill(portrait: ImageBitmap, framing: Framing, canvas: { width: number; height: number }): OffscreenCanvas {
  const [width, height] = [canvas.width + 2 * MARGIN, canvas.height + 2 * MARGIN];
  const still = new OffscreenCanvas(width, height);
  const context = context2d(still);
  const place = {
    left: framing.left + MARGIN,
    top: framing.top + MARGIN,
    width: portrait.width * framing.scale,
    height: portrait.height * framing.scale,
  };
  if (!covers(place, width, height)) {
    paintBeyond(context, portrait, place);
    const soft = new OffscreenCanvas(width, height);
    const blurred = context2d(soft);
    blurred.filter = `blur(${Math.round(BLUR * canvas.width)}px) brightness(0.92)`;
    blurred.drawImage(still, 0, 0);
    blurred.filter = 'none';
    cutOut(blurred, place);
    context.drawImage(soft, 0, 0);
  }
  context.drawImage(portrait, place.left, place.top, place.width, place.height);
  return still;
}

interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function context2d(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: true, willReadFrequently: true });
  if (context === null) throw new Error('A canvas in memory could not be made.');
  context.imageSmoothingQuality = 'high';
  return context;
}

function covers(place: Place, width: number, height: number): boolean {
  return place.left <= 0 && place.top <= 0 && place.left + place.width >= width && place.top + place.height >= height;
}

/**
 * Continues the picture beyond its edges with its outer strips, mirrored and stretched over the free room: a background goes on, but no second head looks
 * in from the side.
 */
function paintBeyond(context: OffscreenCanvasRenderingContext2D, portrait: ImageBitmap, place: Place): void {
  const { width, height } = context.canvas;
  const [across, down] = [portrait.width * STRIP, portrait.height * STRIP];
  const bands = {
    x: [
      { to: 0, room: place.left, from: 0, size: across, flip: true },
      { to: place.left, room: place.width, from: 0, size: portrait.width, flip: false },
      { to: place.left + place.width, room: width - place.left - place.width, from: portrait.width - across, size: across, flip: true },
    ],
    y: [
      { to: 0, room: place.top, from: 0, size: down, flip: true },
      { to: place.top, room: place.height, from: 0, size: portrait.height, flip: false },
      { to: place.top + place.height, room: height - place.top - place.height, from: portrait.height - down, size: down, flip: true },
    ],
  };
  for (const y of bands.y)
    for (const x of bands.x) {
      if (x.room <= 0 || y.room <= 0) continue;
      context.setTransform(x.flip ? -1 : 1, 0, 0, y.flip ? -1 : 1, x.flip ? x.to + x.room : x.to, y.flip ? y.to + y.room : y.to);
      context.drawImage(portrait, x.from, y.from, x.size, y.size, 0, 0, x.room, y.room);
    }
  context.resetTransform();
}

/** Fades the blurred picture out towards the portrait's edges, and leaves nothing of it on the portrait. */
function cutOut(context: OffscreenCanvasRenderingContext2D, place: Place): void {
  context.globalCompositeOperation = 'destination-out';
  const [right, bottom] = [place.left + place.width, place.top + place.height];
  const { width, height } = context.canvas;
  const fade = (x0: number, y0: number, x1: number, y1: number, box: [number, number, number, number]): void => {
    const gradient = context.createLinearGradient(x0, y0, x1, y1);
    gradient.addColorStop(0, 'rgba(0,0,0,1)');
    gradient.addColorStop(1, 'rgba(0,0,0,0)');
    context.fillStyle = gradient;
    context.fillRect(...box);
  };
  if (place.left > 0) fade(place.left, 0, place.left - SEAM, 0, [0, 0, place.left, height]);
  if (right < width) fade(right, 0, right + SEAM, 0, [right, 0, width - right, height]);
  if (place.top > 0) fade(0, place.top, 0, place.top - SEAM, [Math.max(0, place.left), 0, Math.min(place.width, width), place.top]);
  if (bottom < height) fade(0, bottom, 0, bottom + SEAM, [Math.max(0, place.left), bottom, Math.min(place.width, width), height - bottom]);
  context.globalCompositeOperation = 'source-over';
}
