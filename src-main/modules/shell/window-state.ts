import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../base/atomic-file.ts';

/** A rectangle on the desktop in device-independent pixels, as Electron counts them. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How the window was when it was last seen. */
export interface WindowState {
  /** Not maximised; undefined = never shown, the system chooses the place. */
  bounds?: Rectangle | undefined;
  maximized: boolean;
  /** The owner's choice of theme, kept here too because the window needs its colour before the settings are read. */
  theme: 'system' | 'ink' | 'paper';
}

export const DEFAULT_SIZE = { width: 1280, height: 800 };
export const MINIMUM_SIZE = { width: 420, height: 560 };
/** This much of the title bar must be reachable with the mouse. */
const REACHABLE = { width: 120, height: 32 };

const pixels = z.number().int().min(-100_000).max(100_000);
const windowStateSchema = z.object({
  bounds: z.object({ x: pixels, y: pixels, width: pixels.positive(), height: pixels.positive() }).optional(),
  maximized: z.boolean(),
  theme: z.enum(['system', 'ink', 'paper']),
});
const stateFile = (dataDirectory: string): string => join(dataDirectory, 'window.json');

/** Synchronous, because nothing can be shown before it is known. A missing or damaged file is a first start. */
export function readWindowState(dataDirectory: string): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(stateFile(dataDirectory), 'utf8')));
  } catch {
    return { maximized: false, theme: 'system' };
  }
}

export async function writeWindowState(dataDirectory: string, state: WindowState): Promise<void> {
  await writeFileAtomically(stateFile(dataDirectory), JSON.stringify(state));
}

/**
 * Where to open the window: where it was, when its title bar can still be reached on one of the screens (`workAreas`, the main one first),
 * made no larger than that screen; otherwise undefined for the place, so that the system chooses it.
 */
export function placeWindow(state: WindowState, workAreas: readonly Rectangle[]): Partial<Rectangle> & { width: number; height: number } {
  const { bounds } = state;
  const area = bounds === undefined ? undefined : workAreas.find((candidate) => canReachTitleBar(bounds, candidate));
  if (bounds === undefined || area === undefined) return fitSize(bounds ?? DEFAULT_SIZE, workAreas[0]);
  return { x: bounds.x, y: bounds.y, ...fitSize(bounds, area) };
}

function canReachTitleBar(bounds: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  return overlap >= REACHABLE.width && bounds.y >= area.y && bounds.y + REACHABLE.height <= area.y + area.height;
}

function fitSize(size: { width: number; height: number }, area: Rectangle | undefined): { width: number; height: number } {
  const largest = area ?? { ...DEFAULT_SIZE };
  return {
    width: Math.min(Math.max(size.width, MINIMUM_SIZE.width), largest.width),
    height: Math.min(Math.max(size.height, MINIMUM_SIZE.height), largest.height),
  };
}
