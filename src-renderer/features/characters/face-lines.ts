/*
 * Outlines in MediaPipe's face mesh (Attribution: the canonical face model's own numbering of its 468 points): what is enough to see whether a mesh
 * sits on a face. Each is a run of point numbers.
 */
interface FaceLine {
  points: readonly number[];
  closed: boolean;
}

/* oxfmt-ignore */
export const FACE_LINES: readonly FaceLine[] = [
  { closed: true, points: [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109] },
  { closed: true, points: [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185] },
  { closed: true, points: [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191] },
  { closed: true, points: [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466] },
  { closed: true, points: [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246] },
  { closed: false, points: [276, 283, 282, 295, 285] },
  { closed: false, points: [46, 53, 52, 65, 55] },
  { closed: false, points: [168, 6, 197, 195, 5, 4] },
];

/** The outlines as the `d` of an SVG path, in pixels of the picture. `landmarks` are x, y, z, flat; '' while there are none. */
export function facePath(landmarks: readonly number[]): string {
  if (landmarks.length === 0) return '';
  return FACE_LINES.map(({ points, closed }) => {
    const run = points.map((index) => `${(landmarks[index * 3] ?? 0).toFixed(1)} ${(landmarks[index * 3 + 1] ?? 0).toFixed(1)}`);
    return `M${run.join('L')}${closed ? 'Z' : ''}`;
  }).join('');
}
