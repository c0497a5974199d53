import type { PortraitFace } from '../../../src-preload/contract/index.ts';
import { faceAxes } from './face-axes.ts';

/** How the picture lies on the canvas: canvas = picture × scale + (left, top), pixels. */
export interface Framing {
  scale: number;
  left: number;
  top: number;
}

/** A head is at most this tall on the canvas, so that there is air around it. */
const HEAD_SHARE = 0.66;
/** The eyes lie here, from the top. */
const EYE_LINE = 0.41;

/**
 * Like a camera operator would: the picture covers the canvas unless that would push the head out of it; then it is shown smaller, but never so small
 * that it leaves more than two sides free. The eyes go to 41 % of the height where the picture's edges allow it.
 */
export function framePortrait(face: PortraitFace, canvas: { width: number; height: number }): Framing {
  const across = canvas.width / face.width;
  const down = canvas.height / face.height;
  const head = Math.max(face.head[3] - face.head[1], 1);
  const wanted = (HEAD_SHARE * canvas.height) / head;
  const scale = Math.min(Math.max(wanted, Math.min(across, down)), Math.max(across, down));
  const eyes = faceAxes(face.landmarks);
  return {
    scale,
    left: placed(canvas.width, face.width * scale, canvas.width / 2 - eyes.x * scale, 0.5),
    top: placed(canvas.height, face.height * scale, canvas.height * EYE_LINE - eyes.y * scale, 1),
  };
}

/** `wanted`, as far as it leaves no gap; a picture that is too small for the canvas lies at `rest` of the free room (0 = start, 1 = end). */
function placed(room: number, size: number, wanted: number, rest: number): number {
  if (size <= room) return (room - size) * rest;
  return Math.min(0, Math.max(room - size, wanted));
}
