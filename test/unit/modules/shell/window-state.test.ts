import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WindowState } from '../../../../src-main/modules/shell/window-state.ts';
import { placeWindow, readWindowState, writeWindowState } from '../../../../src-main/modules/shell/window-state.ts';

const screen = { x: 0, y: 24, width: 1920, height: 1056 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const at = (x: number, y: number, width = 1000, height = 700): WindowState => ({
  bounds: { x, y, width, height },
  maximized: false,
  theme: 'ink',
});

describe('placeWindow', () => {
  it('opens where the window was, on any screen', () => {
    expect(placeWindow(at(100, 100), [screen, second])).toEqual({ x: 100, y: 100, width: 1000, height: 700 });
    expect(placeWindow(at(2000, 50), [screen, second])).toEqual({ x: 2000, y: 50, width: 1000, height: 700 });
  });

  it('leaves the place to the system at the first start', () => {
    expect(placeWindow({ maximized: false, theme: 'system' }, [screen])).toEqual({ width: 1280, height: 800 });
  });

  it.each([
    ['on a screen that is gone', at(2000, 50)],
    ['with its title bar above the screen', at(100, -300)],
    ['with its title bar below the screen', at(100, 1070)],
    ['with only a sliver left of the screen', at(-950, 100)],
    ['with only a sliver right of the screen', at(1900, 100)],
  ])('keeps the size but not the place of a window that was %s', (_where, state) => {
    expect(placeWindow(state, [screen])).toEqual({ width: 1000, height: 700 });
  });

  it('makes a window no larger than its screen and no smaller than the page needs', () => {
    expect(placeWindow(at(0, 24, 4000, 3000), [screen])).toEqual({ x: 0, y: 24, width: 1920, height: 1056 });
    expect(placeWindow(at(0, 24, 200, 100), [screen])).toEqual({ x: 0, y: 24, width: 420, height: 560 });
    expect(placeWindow({ maximized: false, theme: 'system' }, [{ x: 0, y: 0, width: 800, height: 600 }])).toEqual({
      width: 800,
      height: 600,
    });
  });

  it('survives a desktop without a known screen', () => {
    expect(placeWindow(at(0, 0), [])).toEqual({ width: 1000, height: 700 });
  });
});

describe('readWindowState', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'window-state-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what was written', () => {
    const state: WindowState = { bounds: { x: 1, y: 2, width: 900, height: 700 }, maximized: true, theme: 'paper' };
    writeWindowState(folder, state);
    expect(readWindowState(folder)).toEqual(state);
  });

  it.each([
    '',
    '{',
    '{"maximized": 1}',
    '{"bounds": {"x": "a"}, "maximized": false, "theme": "ink"}',
    '{"bounds":{"x":0,"y":0,"width":1e9,"height":5},"maximized":false,"theme":"ink"}',
  ])('takes the file %j for a first start', (text) => {
    writeFileSync(join(folder, 'window.json'), text);
    expect(readWindowState(folder)).toEqual({ maximized: false, theme: 'system' });
  });
});
