import { ARKIT_NAMES, type MotionFrame } from './motion.ts';

/*
 * The messages on a portrait port: a direct line between a page that shows a face and the portrait worker that paints it with LivePortrait. It is opened by
 * `portrait.open` and travels as the sound of a session does (audio-port.ts). The newest motion wins; the worker is at most two pictures ahead of `taken`.
 */

/** To the worker: paint this. */
export interface PortraitMotionMessage {
  type: 'portrait.motion';
  frame: MotionFrame;
  /** Number of the last picture that has arrived, 0 = none. */
  taken: number;
}

/** From the worker: the face's square. */
export interface PortraitPictureMessage {
  type: 'portrait.picture';
  /** Counts up by one. */
  number: number;
  /** `atMs` of the frame that it shows. */
  atMs: number;
  /** Pixels of a side. */
  size: number;
  /** I420, full range (JFIF): size × size of brightness, then two planes of half the size of colour. */
  pixels: Uint8Array;
}

/** From the worker: there will be no more pictures. */
export interface PortraitFailedMessage {
  type: 'portrait.failed';
  code: string;
  message: string;
}

export type PortraitPortMessage = PortraitMotionMessage | PortraitPictureMessage | PortraitFailedMessage;

const LARGEST_SIZE = 1024;

/** Checks what came over a port, as `parseAudioMessage` does: the value itself, else undefined. */
export function parsePortraitMessage(value: Partial<Record<string, unknown>>): PortraitPortMessage | undefined {
  switch (value['type']) {
    case 'portrait.motion':
      return isFrame(value['frame']) && isWhole(value['taken']) ? (value as unknown as PortraitMotionMessage) : undefined;
    case 'portrait.picture': {
      const { number, atMs, size, pixels } = value;
      const isGood =
        isWhole(number) &&
        isNumber(atMs) &&
        isWhole(size) &&
        size <= LARGEST_SIZE &&
        pixels instanceof Uint8Array &&
        pixels.length === (size * size * 3) / 2;
      return isGood ? (value as unknown as PortraitPictureMessage) : undefined;
    }
    case 'portrait.failed':
      return typeof value['code'] === 'string' && typeof value['message'] === 'string'
        ? (value as unknown as PortraitFailedMessage)
        : undefined;
    default:
      return undefined;
  }
}

function isFrame(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, weights, head, gaze, breath } = value as Partial<Record<string, unknown>>;
  return (
    isNumber(atMs) &&
    isNumber(breath) &&
    haveNumbers(head, ['yaw', 'pitch', 'roll', 'x', 'y']) &&
    haveNumbers(gaze, ['yaw', 'pitch']) &&
    typeof weights === 'object' &&
    weights !== null &&
    Object.entries(weights).every(([name, weight]) => ARKIT_NAMES.some((known) => known === name) && isNumber(weight))
  );
}

function haveNumbers(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const numbers = value as Partial<Record<string, unknown>>;
  return names.every((name) => isNumber(numbers[name]));
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= 0;
}
