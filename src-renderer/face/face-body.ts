import type { Character, ExpressionSet, MotionFrame, PortraitFace } from '../../src-preload/contract/index.ts';

/** What a body draws from: everything of a character that a picture needs, decoded. Loaded by face-source.ts. */
export interface FaceSource {
  character: Character;
  /** The upright portrait, sRGB. */
  portrait: ImageBitmap;
  face: PortraitFace;
  /** Patches of an expression set, each as large as `set.box`; undefined when the character has none. */
  expressions?: { set: ExpressionSet; pictures: ReadonlyMap<string, ImageBitmap> };
  /** Address of the VRM or GLB of a 3D character. */
  modelUrl?: string;
}

/** How much is drawn. The performance guard lowers `effects` before it lowers anything else. */
export interface BodyQuality {
  /** Drawn pixels. */
  width: number;
  height: number;
  /** The style's shaders (scan lines, glitch, film). */
  effects: boolean;
}

/**
 * One way to turn motion into pictures: `mesh`, `3d` or `liveportrait`. Draws into the canvas that it was made with, nothing else, and keeps no time of
 * its own: the same frames in the same order give the same picture.
 */
export interface FaceBody {
  readonly kind: 'mesh' | '3d' | 'liveportrait';
  setQuality(quality: BodyQuality): void;
  draw(frame: MotionFrame): void;
  /** Resolves when the canvas shows the frame that was drawn last; absent = it does at once. For clips, where no frame may be late. */
  settled?(): Promise<void>;
  /** After this the canvas may be given to another body. */
  dispose(): void;
}

/** Why a body cannot (or can no longer) draw: the stage falls back to the next simpler one and says so. */
export interface BodyFailure {
  code:
    | 'face.no-webgl'
    | 'face.context-lost'
    | 'face.model-unreadable'
    | 'face.no-gpu'
    | 'face.weights-missing'
    | 'face.weights-wrong'
    | 'face.out-of-memory'
    | 'face.live-stopped';
  message: string;
}
