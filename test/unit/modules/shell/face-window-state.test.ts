import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeFaceWindow, readFaceWindowBounds, writeFaceWindowBounds } from '../../../../src-main/modules/shell/face-window-state.ts';

const screen = { x: 0, y: 24, width: 1920, height: 1056 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };

describe('placeFaceWindow', () => {
  it('begins in the lower right corner of the main screen, in the shape of a portrait', () => {
    expect(placeFaceWindow(undefined, 'portrait', [screen, second])).toEqual({ x: 1632, y: 728, width: 256, height: 320 });
    expect(placeFaceWindow(undefined, 'round', [screen])).toEqual({ x: 1568, y: 728, width: 320, height: 320 });
  });

  it('opens where it was, on the second screen too', () => {
    expect(placeFaceWindow({ x: 2400, y: 200, width: 256, height: 320 }, 'portrait', [screen, second])).toEqual({
      x: 2400,
      y: 200,
      width: 256,
      height: 320,
    });
  });

  it('comes back to the main screen when its own is gone', () => {
    expect(placeFaceWindow({ x: 2400, y: 200, width: 256, height: 320 }, 'portrait', [screen])).toEqual({
      x: 1632,
      y: 728,
      width: 256,
      height: 320,
    });
  });

  it('is pushed inside its screen and takes its shape from its height', () => {
    expect(placeFaceWindow({ x: 1800, y: 900, width: 200, height: 200 }, 'round', [screen])).toEqual({
      x: 1720,
      y: 880,
      width: 200,
      height: 200,
    });
    expect(placeFaceWindow({ x: -20, y: 0, width: 900, height: 5000 }, 'portrait', [{ ...screen, height: 6000 }])).toMatchObject({
      x: 0,
      y: 24,
    });
  });

  it('is neither too small to see nor larger than most of the screen', () => {
    expect(placeFaceWindow({ x: 100, y: 100, width: 8, height: 10 }, 'portrait', [screen])).toMatchObject({ width: 112, height: 140 });
    expect(placeFaceWindow({ x: 100, y: 100, width: 900, height: 1000 }, 'round', [screen])).toMatchObject({ width: 845, height: 845 });
  });

  it('leaves the place to the system when no screen is known', () => {
    expect(placeFaceWindow(undefined, 'round', [])).toBeUndefined();
  });
});

describe('readFaceWindowBounds', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'face-window-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what was written', () => {
    writeFaceWindowBounds(folder, { x: -1200, y: 5, width: 256, height: 320 });
    expect(readFaceWindowBounds(folder)).toEqual({ x: -1200, y: 5, width: 256, height: 320 });
  });

  it.each([
    ['is missing', undefined],
    ['is cut off', '{"x": 1'],
    ['holds no rectangle', '{"x": "left", "y": 0, "width": 10, "height": 10}'],
    ['holds a window without size', '{"x": 0, "y": 0, "width": 0, "height": 10}'],
  ])('begins anew when the file %s', (_what, content) => {
    if (content !== undefined) writeFileSync(join(folder, 'face-window.json'), content);
    expect(readFaceWindowBounds(folder)).toBeUndefined();
  });
});
