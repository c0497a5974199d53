import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { characterMetadataSchema, neutralFrame, portraitFaceSchema, type MotionFrame } from '../../src-preload/contract/index.ts';
import type { PageSource } from '../doubles/face-page/protocol.ts';
import { makeAvatar, type AvatarKind } from '../fixtures/face/make-avatar.ts';
import type { FaceWindow } from './face-page.ts';

const NOVA = resolve(import.meta.dirname, '../../resources/characters/default');

/** Nova from her portrait alone. */
export async function novaIn(window: FaceWindow): Promise<PageSource> {
  const metadata = characterMetadataSchema.parse(JSON.parse(await readFile(`${NOVA}/metadata.json`, 'utf8')));
  const face = portraitFaceSchema.parse(JSON.parse(await readFile(`${NOVA}/face.json`, 'utf8')));
  window.files.set('portrait', await readFile(`${NOVA}/${metadata.portrait.file}`));
  return { kind: 'mesh', character: { ...metadata, shipped: true, assets: '' }, face, portrait: 'portrait' };
}

/** A made-up avatar of this kind, or the bytes of any other file. */
export async function avatarIn(window: FaceWindow, kind: AvatarKind, bytes: Uint8Array = makeAvatar(kind)): Promise<PageSource> {
  const nova = await novaIn(window);
  window.files.set(kind, bytes);
  return { ...nova, kind: '3d', model: kind };
}

export type PartialFrame = Partial<Omit<MotionFrame, 'head' | 'gaze'>> & {
  head?: Partial<MotionFrame['head']>;
  gaze?: Partial<MotionFrame['gaze']>;
};

/** Frames 40 ms apart, of which only what is not neutral is said. */
export function framesOf(...frames: PartialFrame[]): MotionFrame[] {
  return frames.map((frame, index) => {
    const neutral = neutralFrame(index * 40);
    return { ...neutral, ...frame, head: { ...neutral.head, ...frame.head }, gaze: { ...neutral.gaze, ...frame.gaze } };
  });
}
