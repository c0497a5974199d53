import type { Level } from './level.ts';

/** From the page to the capture worklet. */
export type CaptureCommand =
  /** Samples go to this port from now on; the one before is closed. */
  { type: 'attach'; port: MessagePort } | { type: 'close' };

/** From the capture worklet to the page, every 40 ms while sound comes in. */
export interface CaptureNotice {
  type: 'level';
  level: Level;
}
