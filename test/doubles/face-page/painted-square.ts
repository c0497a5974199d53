import type { MotionFrame, PortraitFace, PortraitSquare } from '../../../src-preload/contract/index.ts';
import type { LiveLine } from '../../../src-renderer/face/live-portrait/live-line.ts';

const SIZE = 512;

/**
 * Takes the place of the core that paints with LivePortrait: the square is the portrait itself, and what moves is a disc on it, whose place and colour follow
 * every number of the frame.
 */
export function paintedSquare(portrait: ImageBitmap, face: PortraitFace): LiveLine {
  const [left, top, right, bottom] = face.head;
  const side = Math.max(right - left, bottom - top) * 1.2;
  const square: PortraitSquare = {
    size: SIZE,
    a: side / SIZE,
    b: 0,
    left: (left + right - side) / 2,
    top: (top + bottom - side) / 2,
  };
  let listeners: Parameters<LiveLine['listen']>[0] | undefined;
  let number = 0;
  return {
    square,
    listen: (next) => {
      listeners = next;
    },
    send({ frame }) {
      number += 1;
      const picture = { type: 'portrait.picture', number, atMs: frame.atMs, size: SIZE, pixels: paint(portrait, square, frame) } as const;
      queueMicrotask(() => listeners?.onPicture(picture));
    },
    close: () => {
      listeners = undefined;
    },
  };
}

function paint(portrait: ImageBitmap, { a, left, top }: PortraitSquare, frame: MotionFrame): Uint8Array {
  const context = new OffscreenCanvas(SIZE, SIZE).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('No canvas.');
  context.drawImage(portrait, -left / a, -top / a, portrait.width / a, portrait.height / a);
  const weights = Object.entries(frame.weights).reduce((sum, [name, weight], index) => sum + weight * (name.length + index), 0);
  const { head, gaze, breath } = frame;
  const said = [head.yaw, head.pitch, head.roll, 30 * head.x, 40 * head.y, gaze.yaw, gaze.pitch, 8 * breath, weights];
  const moved = said.reduce((sum, value, index) => sum + Math.abs(value) * (index + 1), 0);
  if (moved > 0) {
    context.fillStyle = `hsl(${Math.round(moved * 7) % 360} 80% 50%)`;
    context.beginPath();
    context.arc(256 + (Math.round(moved * 13) % 100), 256, 24, 0, 2 * Math.PI);
    context.fill();
  }
  return asI420(context.getImageData(0, 0, SIZE, SIZE).data);
}

/** Full range (JFIF), colours of the first of four pixels. */
function asI420(rgba: Uint8ClampedArray): Uint8Array {
  const area = SIZE * SIZE;
  const bytes = new Uint8ClampedArray((area * 3) / 2);
  for (let pixel = 0; pixel < area; pixel += 1) {
    const [r = 0, g = 0, b = 0] = rgba.subarray(pixel * 4, pixel * 4 + 3);
    bytes[pixel] = 0.299 * r + 0.587 * g + 0.114 * b;
    const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)];
    if (x % 2 || y % 2) continue;
    const cell = (y / 2) * (SIZE / 2) + x / 2;
    bytes[area + cell] = 128 - 0.168736 * r - 0.331264 * g + 0.5 * b;
    bytes[area + area / 4 + cell] = 128 + 0.5 * r - 0.418688 * g - 0.081312 * b;
  }
  return new Uint8Array(bytes.buffer);
}
