import type { FoundFace } from '../../../src-preload/contract/index.ts';
import type { HeadPose } from './head-pose.ts';
import { squareOfLandmarks } from './face-mesh.ts';
import { eyeDistance, eyeOpenness, LEFT_EYE, mouthOpenness, RIGHT_EYE } from './mesh-points.ts';
import { sampleSquare, type Raster } from './raster.ts';

type Doubt = FoundFace['doubts'][number];

/** The face is looked at in a square of so many pixels. */
const SIZE = 128;
/** Further turned, half of the face is hidden, degrees. */
const PROFILE_YAW = 32;
const PROFILE_PITCH = 28;
/** Eye distance in pixels below which teeth and lids are a few dots. */
const SMALL = 60;
/** Mean brightness of the face, 0..1. Dark skin in usual light has 0.3. */
const DARK = 0.16;
/** Lips of calm rendered faces are at most 0.03 apart, of speaking ones at least 0.07. */
const MOUTH_OPEN = 0.05;
/** Open eyes of rendered faces have 0.22 or more, closed ones 0.11 or less. */
const EYES_CLOSED = 0.15;
/** Sharp faces have 0.3 to 0.7, a face of 500 pixels blurred by 4 pixels 0.1, by 8 pixels 0.04; see `sharpness`. */
const BLURRED = 0.06;
/** Share of pixels like their neighbour: at most 0.3 in photographs, 0.65 and more in posterised and drawn faces. */
const DRAWN = 0.5;
/** A mask differs from the cheeks by this much in colour (red and green parts of the sum), or in brightness. Bright coloured light makes 0.05 on one side. */
const OTHER_COLOUR = 0.055;
const BRIGHTER = 1.25;
/** Both eyes this much darker than the cheeks: sunglasses. Deep-set eyes have 0.6. */
const BLACK_EYES = 0.3;

/** What will make this face look worse in motion. `levels`: the upright picture and its halves. */
export function doubtsOf(levels: readonly [Raster, ...Raster[]], landmarks: ArrayLike<number>, pose: HeadPose): Doubt[] {
  const square = squareOfLandmarks(landmarks);
  // Without the margin that the networks want around a face.
  const face = sampleSquare(levels, { ...square, side: square.side / 1.5 }, SIZE);
  const isDark = brightness(face) < DARK;
  const measures: [Doubt, boolean][] = [
    ['profile', Math.abs(pose.yaw) > PROFILE_YAW || Math.abs(pose.pitch) > PROFILE_PITCH],
    ['small', eyeDistance(landmarks) < SMALL],
    ['blurred', sharpness(face) < BLURRED],
    ['dark', isDark],
    ['covered', isCovered(face)],
    // In the dark all neighbours are alike.
    ['drawn', !isDark && flatness(face) > DRAWN],
    ['mouth-open', mouthOpenness(landmarks) > MOUTH_OPEN],
    ['eyes-closed', Math.min(eyeOpenness(landmarks, LEFT_EYE), eyeOpenness(landmarks, RIGHT_EYE)) < EYES_CLOSED],
  ];
  return measures.filter(([, holds]) => holds).map(([doubt]) => doubt);
}

/** Calls for each pixel of the face's oval that has neighbours. */
function eachPixel(visit: (index: number) => void): void {
  for (let y = 1; y < SIZE - 1; y += 1)
    for (let x = 1; x < SIZE - 1; x += 1)
      if (Math.hypot((x + 0.5 - SIZE / 2) / (SIZE * 0.38), (y + 0.5 - SIZE / 2) / (SIZE * 0.48)) < 1) visit(y * SIZE + x);
}

/** Rec. 709 weights on the stored values, 0..1. */
function lightOf(face: Float32Array, index: number): number {
  return 0.2126 * (face[index * 3] ?? 0) + 0.7152 * (face[index * 3 + 1] ?? 0) + 0.0722 * (face[index * 3 + 2] ?? 0);
}

function brightness(face: Float32Array): number {
  let [sum, count] = [0, 0];
  eachPixel((index) => {
    sum += lightOf(face, index);
    count += 1;
  });
  return sum / count;
}

/** Energy of the Laplacian through that of the gradient: how much of the change happens from one pixel to the next. Independent of contrast and size. */
function sharpness(face: Float32Array): number {
  let [fine, coarse] = [0, 1e-6];
  eachPixel((index) => {
    const [left, right] = [lightOf(face, index - 1), lightOf(face, index + 1)];
    const [above, below] = [lightOf(face, index - SIZE), lightOf(face, index + SIZE)];
    fine += (4 * lightOf(face, index) - left - right - above - below) ** 2;
    coarse += (right - left) ** 2 + (below - above) ** 2;
  });
  return fine / coarse;
}

/** Share of pixels that differ by less than half a step of 255 per channel from the next one. */
function flatness(face: Float32Array): number {
  let [flat, count] = [0, 0];
  eachPixel((index) => {
    let difference = 0;
    for (let channel = 0; channel < 3; channel += 1)
      difference += Math.abs((face[index * 3 + channel] ?? 0) - (face[index * 3 + 3 + channel] ?? 0));
    if (difference < 0.006) flat += 1;
    count += 1;
  });
  return flat / count;
}

/** Compares the mouth's surroundings and the eyes with the cheeks and the nose: catches masks and sunglasses, not beards and hair. */
function isCovered(face: Float32Array): boolean {
  const skin = mix([patch(face, 0.25, 0.5), patch(face, 0.75, 0.5), patch(face, 0.5, 0.55)]);
  const below = [patch(face, 0.5, 0.92), patch(face, 0.32, 0.78), patch(face, 0.68, 0.78)];
  const eyes = [patch(face, 0.3, 0.33), patch(face, 0.7, 0.33)];
  const otherColour = below.every((part) => Math.hypot(part.red - skin.red, part.green - skin.green) > OTHER_COLOUR);
  const brighter = below.every((part) => part.light > BRIGHTER * skin.light);
  return otherColour || brighter || eyes.every((part) => part.light < BLACK_EYES * skin.light);
}

/** Colour of a part: red and green as parts of the sum, and the sum. */
interface Colour {
  red: number;
  green: number;
  light: number;
}

/** Mean of a round patch, `x`, `y` in parts of the square. */
function patch(face: Float32Array, x: number, y: number): Colour {
  const radius = SIZE * 0.06;
  let [red, green, light] = [0, 0, 1e-6];
  eachPixel((index) => {
    if (Math.hypot((index % SIZE) - x * SIZE, Math.floor(index / SIZE) - y * SIZE) > radius) return;
    red += face[index * 3] ?? 0;
    green += face[index * 3 + 1] ?? 0;
    light += (face[index * 3] ?? 0) + (face[index * 3 + 1] ?? 0) + (face[index * 3 + 2] ?? 0);
  });
  return { red: red / light, green: green / light, light };
}

function mix(colours: readonly Colour[]): Colour {
  const mean = (value: (colour: Colour) => number): number => colours.reduce((sum, colour) => sum + value(colour), 0) / colours.length;
  return { red: mean((colour) => colour.red), green: mean((colour) => colour.green), light: mean((colour) => colour.light) };
}
