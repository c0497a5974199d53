import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

const FIRST_STATE: WindowState = { maximized: false, theme: 'system' };
const stateFile = (dataDirectory: string): string => join(dataDirectory, 'window.json');

/** Synchronous, because nothing can be shown before it is known. A missing or damaged file is a first start. */
export function readWindowState(dataDirectory: string): WindowState {
  try {
    return parseWindowState(JSON.parse(readFileSync(stateFile(dataDirectory), 'utf8'))) ?? FIRST_STATE;
  } catch {
    return FIRST_STATE;
  }
}

/** By hand: a schema library would have to be loaded before the first picture. */
function parseWindowState(value: unknown): WindowState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { bounds, maximized, theme } = value as Partial<Record<string, unknown>>;
  const known = (['system', 'ink', 'paper'] as const).find((name) => name === theme);
  if (typeof maximized !== 'boolean' || known === undefined) return undefined;
  if (bounds === undefined) return { maximized, theme: known };
  return isRectangle(bounds) ? { bounds, maximized, theme: known } : undefined;
}

export function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Partial<Record<string, unknown>>;
  return (
    [x, y, width, height].every((pixels) => Number.isInteger(pixels) && Math.abs(Number(pixels)) < 100_000) &&
    Number(width) > 0 &&
    Number(height) > 0
  );
}

/** Synchronous, because the app may end right after; a few bytes, and lost bytes are only a window at its default place. */
export function writeWindowState(dataDirectory: string, state: WindowState): void {
  const draft = `${stateFile(dataDirectory)}.new`;
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  renameSync(draft, stateFile(dataDirectory));
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
