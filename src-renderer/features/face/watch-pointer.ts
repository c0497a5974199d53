import type { Direction } from '../../face/motion/glances.ts';

/** Whoever has moved the pointer is looked after for this long. */
const INTEREST_MS = 2000;
/** How far behind the screen the face seems to be, in heights of its canvas: an edge is then some 18° away. */
const DEPTH = 1.5;

/** Where the pointer was moved just now as the face on the canvas sees it, degrees; undefined when it rests. Watched until the signal. */
export function watchPointer(canvas: HTMLCanvasElement, signal: AbortSignal): () => Direction | undefined {
  let last: { x: number; y: number; atMs: number } | undefined;
  addEventListener('pointermove', ({ clientX, clientY, timeStamp }) => (last = { x: clientX, y: clientY, atMs: timeStamp }), {
    passive: true,
    signal,
  });
  return () => {
    if (!last || performance.now() - last.atMs > INTEREST_MS) return undefined;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    if (height === 0) return undefined;
    const depth = DEPTH * height;
    return { yaw: degrees(last.x - left - width / 2, depth), pitch: degrees(last.y - top - height / 2, depth) };
  };
}

function degrees(across: number, depth: number): number {
  return (Math.atan2(across, depth) * 180) / Math.PI;
}
