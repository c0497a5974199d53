import type { Character, MotionFrame, PortraitFace } from '../../../src-preload/contract/index.ts';
import type { BodyFailure, BodyQuality, FaceBody } from '../../../src-renderer/face/face-body.ts';

/** A person of the page's server: their files lie under `/files/`. */
export interface PageSource {
  kind: FaceBody['kind'];
  character: Character;
  face: PortraitFace;
  /** Name of the portrait's file. */
  portrait: string;
  /** Name of the model's file. */
  model?: string;
}

/** Asks of a picture: which share of it is covered at all, and what it is made of. */
export interface PictureFacts {
  width: number;
  height: number;
  /** Of all its bytes, so that two pictures can be compared without carrying them. */
  digest: string;
  /** Share of pixels that are not fully transparent. */
  covered: number;
  /** Share of pixels darker than the inside of a mouth of the made-up avatars. */
  dark: number;
  /** Middle of what is covered, 0..1 from the top left. */
  middle: { x: number; y: number };
}

export interface PreviewOrder {
  source: PageSource | 'flash';
  frames: MotionFrame[];
  width: number;
  height: number;
  fps: number;
  /** A click at these times, ms, in a sound of this length; at 22 050 Hz. */
  sound?: { durationMs: number; clicksMs: number[] };
  /** Pictures that are white; for `flash`. */
  flashes?: number[];
  /** Stop after this share. */
  cancelAt?: number;
}

/** What a finished clip turned out to be when it was read again. */
export interface ClipFacts {
  mimeType: string;
  codecs: string[];
  sizeBytes: number;
  tookMs: number;
  progress: number[];
  pictures: { count: number; firstMs: number; stepsMs: number[]; durationMs: number; width: number; height: number; codec: string };
  sound?: { codec: string; sampleRateHz: number; durationMs: number; firstMs: number };
  /** Middle of each white picture and loudest sample of each click, ms, as a player shows and plays them. */
  flashesMs: number[];
  clicksMs: number[];
}

/** What the page offers to its driver as `window.faces`. */
export interface FacePage {
  /** Makes the body anew, on a new canvas or on the one that the last body had. */
  make(source: PageSource, quality: BodyQuality, on: 'new' | 'same'): Promise<BodyFailure | undefined>;
  draw(frames: readonly MotionFrame[]): Promise<PictureFacts[]>;
  setQuality(quality: BodyQuality): void;
  dispose(): void;
  /** Takes the context away; what the body has reported then. */
  loseContext(): Promise<BodyFailure[]>;
  record(order: PreviewOrder): Promise<ClipFacts | { error: string }>;
  /** A live clip of this length, with white pictures and clicks that are seen and heard at these times of it. */
  recordLive(order: { durationMs: number; eventsMs: number[] }): Promise<ClipFacts>;
}
