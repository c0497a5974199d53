import type { FaceAnchors, Point } from '../../../src-preload/contract/index.ts';

/** In the order of the Tab key: from the top down. */
export const ANCHOR_NAMES = [
  'rightEye',
  'leftEye',
  'lipTop',
  'mouthRight',
  'mouthLeft',
  'lipBottom',
  'chin',
] as const satisfies readonly (keyof FaceAnchors)[];

/** Where a face usually is, as a beginning: upright, in the middle, a third of the picture's shorter side wide. Left and right are the person's own. */
export function guessedAnchors(width: number, height: number): FaceAnchors {
  const unit = Math.min(width, height) / 10;
  const at = (x: number, y: number): Point => [width / 2 + x * unit, height * 0.45 + y * unit];
  return {
    rightEye: at(-1, -0.4),
    leftEye: at(1, -0.4),
    lipTop: at(0, 1.5),
    mouthRight: at(-0.75, 1.75),
    mouthLeft: at(0.75, 1.75),
    lipBottom: at(0, 2.05),
    chin: at(0, 2.9),
  };
}

/** `anchors` with one of them at another place, kept inside the picture. */
export function withAnchor(
  anchors: FaceAnchors,
  name: keyof FaceAnchors,
  [x, y]: Point,
  size: { width: number; height: number },
): FaceAnchors {
  return { ...anchors, [name]: [clamp(x, size.width), clamp(y, size.height)] satisfies Point };
}

function clamp(value: number, largest: number): number {
  return Math.max(0, Math.min(largest, value));
}
