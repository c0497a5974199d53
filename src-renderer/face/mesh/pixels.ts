/** RGBA, rows from the top, as in `ImageData`. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** 0..1 each. */
export type Colour = readonly [number, number, number];

export function brightness([red, green, blue]: Colour): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

export function pixelAt({ width, height, data }: Pixels, x: number, y: number): Colour {
  const column = Math.min(width - 1, Math.max(0, Math.round(x)));
  const row = Math.min(height - 1, Math.max(0, Math.round(y)));
  const at = (row * width + column) * 4;
  return [(data[at] ?? 0) / 255, (data[at + 1] ?? 0) / 255, (data[at + 2] ?? 0) / 255];
}

/** Mean colour of a square of 2 × `reach` + 1 pixels. */
export function meanAround(pixels: Pixels, x: number, y: number, reach: number): Colour {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1) {
      const colour = pixelAt(pixels, x + dx, y + dy);
      for (let channel = 0; channel < 3; channel += 1) sum[channel] = (sum[channel] ?? 0) + (colour[channel] ?? 0);
      count += 1;
    }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Whether a point lies inside a polygon of x, y pairs; even-odd rule. */
export function insidePolygon(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (let index = 0; index < polygon.length; index += 1) {
    const [x1, y1] = polygon[index] ?? [0, 0];
    const [x2, y2] = polygon[(index + 1) % polygon.length] ?? [0, 0];
    if (y1 > y !== y2 > y && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1)) inside = !inside;
  }
  return inside;
}
