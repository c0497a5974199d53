/*
 * Which of MediaPipe's 478 points are what. Left and right are the person's own, so the right eye lies left in the picture.
 * Numbering: MediaPipe Face Mesh, 468 points of the face, then 5 of each iris (centre first).
 */

export const FACE_POINTS = 468;

/** The outline of the face, clockwise on the screen from the middle of the forehead. */
export const OVAL = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93,
  234, 127, 162, 21, 54, 103, 67, 109,
] as const;

/** A gap that opens between an upper and a lower chain, from the picture's left to its right; chains have the same length, corners excluded. */
export interface Slit {
  upper: readonly number[];
  lower: readonly number[];
  /** Where the chains meet: left and right in the picture. */
  corners: readonly [number, number];
}

export const MOUTH: Slit = {
  upper: [191, 80, 81, 82, 13, 312, 311, 310, 415],
  lower: [95, 88, 178, 87, 14, 317, 402, 318, 324],
  corners: [78, 308],
};

/** Points above `MOUTH.upper` and below `MOUTH.lower`, row by row outwards to the edge of the red; they follow the inner edge of the lip. */
export const LIP_ROWS = {
  upper: [
    [183, 42, 41, 38, 12, 268, 271, 272, 407],
    [184, 74, 73, 72, 11, 302, 303, 304, 408],
    [185, 40, 39, 37, 0, 267, 269, 270, 409],
  ],
  lower: [
    [96, 89, 179, 86, 15, 316, 403, 319, 325],
    [77, 90, 180, 85, 16, 315, 404, 320, 307],
    [146, 91, 181, 84, 17, 314, 405, 321, 375],
  ],
} as const;

/** The corners of the mouth from the inner edge of the lips to the outer one. */
export const LIP_CORNERS = [
  [78, 62, 76, 61],
  [308, 292, 306, 291],
] as const;

export interface Eye extends Slit {
  side: 'Left' | 'Right';
  /** The fold above each point of the upper lid with its corners, and the skin between fold and brow. */
  fold: readonly number[];
  brow: readonly number[];
  /** Centre of the iris; the four points behind it lie on its edge. */
  iris: number;
}

export const EYES: readonly Eye[] = [
  {
    side: 'Right',
    upper: [246, 161, 160, 159, 158, 157, 173],
    lower: [7, 163, 144, 145, 153, 154, 155],
    corners: [33, 133],
    iris: 468,
    fold: [130, 247, 30, 29, 27, 28, 56, 190, 243],
    brow: [226, 113, 225, 224, 223, 222, 221, 189, 244],
  },
  {
    side: 'Left',
    upper: [398, 384, 385, 386, 387, 388, 466],
    lower: [382, 381, 380, 374, 373, 390, 249],
    corners: [362, 263],
    iris: 473,
    fold: [463, 414, 286, 258, 257, 259, 260, 467, 359],
    brow: [464, 413, 441, 442, 443, 444, 445, 342, 446],
  },
];

/** Around a slit, clockwise on the screen from its left corner. */
export function loopOf(slit: Slit): number[] {
  return [slit.corners[0], ...slit.upper, slit.corners[1], ...slit.lower.toReversed()];
}

export const RIGHT_EYE_OUTER = 33;
export const LEFT_EYE_OUTER = 263;
