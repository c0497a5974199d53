import type { CharacterStyle } from '../../../src-preload/contract/index.ts';

/** What is to be painted: a portrait of one person from the front, in a style. */
export interface PaintRequest {
  prompt: string;
  style: CharacterStyle;
  /** 1..4. */
  count: number;
}

export interface PaintedPicture {
  bytes: Uint8Array;
  /** `image/png`, `image/jpeg` or `image/webp`: what the bytes are, whatever the server called them. */
  contentType: string;
}

/**
 * A program that paints pictures from words, on the own machine or wherever its owner pointed it. Rejects with `images.none` (none is set up),
 * `images.bad-address`, `images.remote` (an address elsewhere that was not allowed), `images.unreachable`, `images.timeout`, `images.refused`
 * (the server says no), `images.bad-answer` (no pictures in it).
 */
export interface ImageGenerator {
  paint(request: PaintRequest): Promise<PaintedPicture[]>;
}

/** One kind of server. Pictures come as they were sent; the caller looks at their bytes. */
export type PaintWith = (server: ImageServer, words: PaintWords, count: number) => Promise<Uint8Array[]>;

export interface PaintWords {
  prompt: string;
  /** What is not to be seen; servers that know nothing of the kind leave it out. */
  unwanted: string;
  width: number;
  height: number;
}

/** A server with its address, as `image-server.ts` asks it. */
export interface ImageServer {
  /** Posts or gets JSON; `path` belongs to the address. Rejects with the errors of {@link ImageGenerator}. */
  json(path: string, body?: unknown): Promise<unknown>;
  bytes(path: string): Promise<Uint8Array>;
  /** Name of the model as the server knows it; empty = its own choice. */
  model: string;
  /** Resolves after a while, rejects with `images.timeout` when the time for the whole picture is over. */
  wait(ms: number): Promise<void>;
}

/** What every portrait needs for its face to be found and moved. */
export function wordsFor({ prompt, style }: PaintRequest): PaintWords {
  const look = {
    realistic: 'photograph, natural skin, soft window light, 85 mm lens',
    stylized: 'stylized 3d animation character, clean shapes, soft light',
    anime: 'anime character portrait, clean line art, flat shading',
    cyberpunk: 'cyberpunk portrait, neon rim light, rainy night city, photograph',
  }[style];
  return {
    prompt: `${prompt}. Head and shoulders portrait of one person, facing the camera, looking into the lens, mouth closed, plain background, ${look}`,
    unwanted: 'several people, profile view, cropped head, hands, open mouth, sunglasses, text, watermark',
    width: 768,
    height: 960,
  };
}
