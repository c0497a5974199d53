import { describe, expect, it } from 'vitest';
import { bodiesFor } from '../../../../src-renderer/features/face/create-body.ts';
import type { FaceSource } from '../../../../src-renderer/face/face-body.ts';

const sourceWith = (landmarks: number[]): Pick<FaceSource, 'face'> => ({ face: { landmarks } as FaceSource['face'] });
const FACE = sourceWith([0.4, 0.5, 0]);
const NO_FACE = sourceWith([0, 0, 0]);

const open = (): Promise<never> => Promise.reject(new Error('no core'));

describe('bodiesFor', () => {
  it('falls back from a 3D model to its picture only when that shows a face', () => {
    const [mesh] = bodiesFor('mesh', FACE);
    const withFace = bodiesFor('3d', FACE);
    expect(withFace).toHaveLength(2);
    expect(withFace[1]).toBe(mesh);
    expect(bodiesFor('3d', NO_FACE)).toEqual([withFace[0]]);
  });

  it('paints with LivePortrait where a core can be asked and there is a face, and falls back to the mesh', () => {
    const [mesh] = bodiesFor('mesh', FACE);
    const bodies = bodiesFor('liveportrait', FACE, open);
    expect([bodies.length, bodies[1]]).toEqual([2, mesh]);
    expect(bodies[0]).not.toBe(mesh);
    expect(bodiesFor('liveportrait', FACE)).toEqual([mesh]);
    expect(bodiesFor('liveportrait', NO_FACE, open)).toEqual([mesh]);
  });

  it('shows on the stage by the mesh what a server makes films of', () => {
    expect(bodiesFor('sadtalker', FACE)).toEqual(bodiesFor('mesh', FACE));
    expect(bodiesFor('wav2lip', FACE)).toEqual(bodiesFor('mesh', FACE));
  });
});
