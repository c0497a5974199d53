import type { Character, ExpressionSet, MotionFrame, PortraitFace } from '../../src-preload/contract/index.ts';
import type { BodyFailure, BodyQuality } from '../../src-renderer/face/face-body.ts';

/** What the page needs besides the pictures, which it fetches from its own server at `/source/<name>`. */
export interface LabSource {
  character: Character;
  face: PortraitFace;
  set?: ExpressionSet;
  /** `still` draws the portrait as it is. */
  body: 'mesh' | '3d' | 'still';
  quality: BodyQuality;
  /** There is a model at `/source/model`. */
  model: boolean;
}

/** What came of drawing; the pixels themselves are sent to the server as RGBA. */
export interface LabDrawing {
  width: number;
  height: number;
  /** All frames together, with reading back and sending, ms. */
  tookMs: number;
  failure?: BodyFailure;
}

/** What the page offers to its driver as `window.lab`. */
export interface LabWindow {
  load(source: LabSource): Promise<void>;
  draw(frames: readonly MotionFrame[], keep: 'all' | 'last'): Promise<LabDrawing>;
  setQuality(quality: BodyQuality): void;
}
