import { z } from 'zod';

/** A point in pixels of the upright picture, from its top left: EXIF and a turned head are already undone. */
export const pointSchema = z.tuple([z.number(), z.number()]);
export type Point = z.infer<typeof pointSchema>;

/** [left, top, right, bottom] in pixels of the upright picture. */
export const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Box = z.infer<typeof boxSchema>;

/** What people may drag when the face was not found or found loosely. Left and right are the person's own. */
export const faceAnchorsSchema = z.object({
  leftEye: pointSchema,
  rightEye: pointSchema,
  mouthLeft: pointSchema,
  mouthRight: pointSchema,
  lipTop: pointSchema,
  lipBottom: pointSchema,
  chin: pointSchema,
});
export type FaceAnchors = z.infer<typeof faceAnchorsSchema>;

/** One face of a picture. */
export const foundFaceSchema = z.object({
  box: boxSchema,
  /** Sureness of the detector, 0..1. */
  score: z.number(),
  /** 478 points of MediaPipe's face mesh with irises (left iris from 473, right from 468), x, y in pixels, z in the same scale (towards the viewer < 0), flat. */
  landmarks: z.array(z.number()).length(478 * 3),
  anchors: faceAnchorsSchema,
  /** Head pose in the picture, degrees, signs as in `MotionFrame.head`. */
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }),
  /** What makes it look worse in motion; nothing here forbids to use it. */
  doubts: z.array(z.enum(['profile', 'small', 'blurred', 'dark', 'covered', 'drawn', 'mouth-open', 'eyes-closed'])),
});
export type FoundFace = z.infer<typeof foundFaceSchema>;

/** What was found in a picture; cached by the hash of its bytes. */
export const portraitAnalysisSchema = z.object({
  /** Version of the analysis, for the cache. */
  version: z.number().int(),
  /** SHA-256 of the file as it was given, hex. */
  hash: z.string(),
  /** Size of the upright picture, pixels; larger ones are shrunk to 2048 a side first. All points and boxes are in this size, and so is the stored portrait. */
  width: z.number().int(),
  height: z.number().int(),
  /** Clockwise turns of 90° that made it upright, after EXIF. */
  quarterTurns: z.number().int().min(0).max(3),
  /** Largest and surest first; empty = none was found. */
  faces: z.array(foundFaceSchema),
});
export type PortraitAnalysis = z.infer<typeof portraitAnalysisSchema>;

/** The face that a character is moved by, with what lies around it. Stored beside the portrait as `face.json`. */
export const portraitFaceSchema = z.object({
  version: z.number().int(),
  /** SHA-256 of the stored portrait. */
  portraitHash: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  landmarks: z.array(z.number()).length(478 * 3),
  /** By hand = the mesh was fitted to dragged anchors. */
  source: z.enum(['detected', 'anchors']),
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }),
  /** Estimated outline of head with hair, and the y of the shoulders' top (the picture's height when they are not seen). */
  head: boxSchema,
  shouldersY: z.number(),
});
export type PortraitFace = z.infer<typeof portraitFaceSchema>;

/** Where the square that LivePortrait paints lies on the portrait: u, v in its pixels → x = a·u − b·v + left, y = b·u + a·v + top in pixels of the portrait. */
export const portraitSquareSchema = z.object({ size: z.number().int(), a: z.number(), b: z.number(), left: z.number(), top: z.number() });
export type PortraitSquare = z.infer<typeof portraitSquareSchema>;
