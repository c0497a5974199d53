import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRectangle, type Rectangle } from './window-state.ts';

/** Outline of the small window: the whole portrait, or the face in a circle. */
export type FaceWindowShape = 'portrait' | 'round';

/** Width : height. A portrait has the shape of the shipped pictures. */
const PROPORTIONS: Record<FaceWindowShape, number> = { portrait: 4 / 5, round: 1 };
const FIRST_HEIGHT = 320;
const SMALLEST_HEIGHT = 140;
/** No more of a screen's height than this. */
const LARGEST_SHARE = 0.8;
/** From the corner of the screen at the first time. */
const MARGIN = 32;

const stateFile = (dataDirectory: string): string => join(dataDirectory, 'face-window.json');

/** Where the window was; undefined at the first time, or when the file is damaged. */
export function readFaceWindowBounds(dataDirectory: string): Rectangle | undefined {
  try {
    const bounds: unknown = JSON.parse(readFileSync(stateFile(dataDirectory), 'utf8'));
    return isRectangle(bounds) ? bounds : undefined;
  } catch {
    return undefined;
  }
}

/** Synchronous, because the app may end right after; lost bytes are only a window at its first place. */
export function writeFaceWindowBounds(dataDirectory: string, bounds: Rectangle): void {
  const draft = `${stateFile(dataDirectory)}.new`;
  writeFileSync(draft, JSON.stringify(bounds), { mode: 0o600 });
  renameSync(draft, stateFile(dataDirectory));
}

/**
 * Where to open the small window, in the right proportions: where it was, when its middle lies on one of the screens (`workAreas`, the main one first),
 * pushed inside that screen; else in the lower right corner of the main one. Undefined when no screen is known.
 */
export function placeFaceWindow(
  bounds: Rectangle | undefined,
  shape: FaceWindowShape,
  workAreas: readonly Rectangle[],
): Rectangle | undefined {
  const known = bounds === undefined ? undefined : workAreas.find((area) => holdsMiddle(area, bounds));
  const area = known ?? workAreas[0];
  if (area === undefined) return undefined;
  const height = Math.round(Math.max(SMALLEST_HEIGHT, Math.min(bounds?.height ?? FIRST_HEIGHT, area.height * LARGEST_SHARE)));
  const width = Math.round(height * PROPORTIONS[shape]);
  const right = area.x + area.width - width;
  const bottom = area.y + area.height - height;
  if (bounds === undefined || known === undefined) return { x: right - MARGIN, y: bottom - MARGIN, width, height };
  return { x: between(bounds.x, area.x, right), y: between(bounds.y, area.y, bottom), width, height };
}

function holdsMiddle(area: Rectangle, { x, y, width, height }: Rectangle): boolean {
  const middle = { x: x + width / 2, y: y + height / 2 };
  return middle.x >= area.x && middle.x < area.x + area.width && middle.y >= area.y && middle.y < area.y + area.height;
}

function between(value: number, smallest: number, largest: number): number {
  return Math.max(smallest, Math.min(value, largest));
}
