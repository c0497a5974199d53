/**
 * RGB planes (3 × size × size, 0..1, from the top) as I420: one full plane of brightness, two of half size of colour, full range (JFIF 1.02). A quarter of the
 * bytes of RGBA-and-more, which all are copied on their way to the window. `size` is even.
 */
export function toI420(planes: Float32Array, size: number): Uint8Array {
  const area = size * size;
  const half = size / 2;
  const quarter = half * half;
  const bytes = new Uint8Array(area + 2 * quarter);
  for (let row = 0; row < half; row += 1) {
    for (let column = 0; column < half; column += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner += 1) {
        const pixel = (2 * row + (corner >> 1)) * size + 2 * column + (corner & 1);
        const r = byteOf(planes[pixel] ?? 0);
        const g = byteOf(planes[area + pixel] ?? 0);
        const b = byteOf(planes[2 * area + pixel] ?? 0);
        bytes[pixel] = 0.299 * r + 0.587 * g + 0.114 * b + 0.5;
        red += r;
        green += g;
        blue += b;
      }
      const cell = row * half + column;
      bytes[area + cell] = Math.min(255, (-0.168736 * red - 0.331264 * green + 0.5 * blue) / 4 + 128.5);
      bytes[area + quarter + cell] = Math.min(255, (0.5 * red - 0.418688 * green - 0.081312 * blue) / 4 + 128.5);
    }
  }
  return bytes;
}

function byteOf(value: number): number {
  return 255 * Math.min(1, Math.max(0, value));
}
