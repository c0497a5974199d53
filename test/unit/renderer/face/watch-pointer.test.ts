import { afterEach, describe, expect, it, vi } from 'vitest';
import { watchPointer } from '../../../../src-renderer/features/face/watch-pointer.ts';

const page = new EventTarget();
const canvas = { getBoundingClientRect: () => ({ left: 100, top: 100, width: 320, height: 400 }) } as HTMLCanvasElement;

function movePointer(x: number, y: number): void {
  page.dispatchEvent(Object.assign(new Event('pointermove'), { clientX: x, clientY: y }));
}

function watch(signal: AbortSignal) {
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  return watchPointer(canvas, signal);
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('watchPointer', () => {
  it('tells where the pointer was moved, to the right and down of the face, and forgets it after two seconds', () => {
    const attention = watch(new AbortController().signal);
    expect(attention()).toBeUndefined();
    movePointer(260, 300);
    expect(attention()).toEqual({ yaw: 0, pitch: 0 });
    movePointer(260 + 600, 300 - 600);
    expect(attention()).toEqual({ yaw: 45, pitch: -45 });
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 2100);
    expect(attention()).toBeUndefined();
  });

  it('ends with its signal', () => {
    const ending = new AbortController();
    const attention = watch(ending.signal);
    ending.abort();
    movePointer(500, 300);
    expect(attention()).toBeUndefined();
  });
});
