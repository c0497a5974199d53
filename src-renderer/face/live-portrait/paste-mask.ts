/** Of a square of 512 pixels: outside the first nothing of it is seen, inside the second nothing else (LivePortrait's mask template has such a ramp). */
const [CLEAR, SOLID] = [2, 16];

/** How much of the painted square is seen at each of its pixels, 0..255: all of it but a soft edge. */
export function pasteMask(size: number): Uint8Array {
  const scale = size / 512;
  const ramp = Float64Array.from({ length: size }, (_, pixel) => {
    const fromEdge = Math.min(pixel, size - 1 - pixel) / scale;
    return Math.min(1, Math.max(0, (fromEdge - CLEAR) / (SOLID - CLEAR)));
  });
  const mask = new Uint8Array(size * size);
  for (const [y, down] of ramp.entries()) {
    for (const [x, across] of ramp.entries()) mask[y * size + x] = Math.round(255 * Math.min(down, across));
  }
  return mask;
}
