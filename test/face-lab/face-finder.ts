import { resolve } from 'node:path';
import { createFaceFinder } from '../../src-main/inference/face/face-landmarks.ts';
import type { Picture } from './picture.ts';

/** 478 points x, y, z in pixels of the picture, flat. */
export type Landmarks = number[];

export interface FaceFinder {
  /** The largest face of an upright picture, or undefined. `near`: landmarks of the same face in much the same place, which spare the search. */
  find(picture: Picture, near?: Landmarks): Promise<Landmarks | undefined>;
  close(): Promise<void>;
}

/** The product's own finder, asked the way the lab needs it. */
export async function openFaceFinder(): Promise<FaceFinder> {
  const finder = await createFaceFinder({ modelsDirectory: resolve(import.meta.dirname, '../../models') });
  return {
    async find(picture, near) {
      const from = near ?? (await finder.find(picture, { turns: [0] })).faces[0]?.landmarks;
      // One look more than the product: the square that a face was found from moves its points by half a pixel.
      const found = from === undefined ? undefined : await finder.follow(picture, from);
      return found === undefined ? undefined : [...found];
    },
    close: () => finder.dispose(),
  };
}
