import { describe, expect, it } from 'vitest';
import type { BodyFailure, FaceSource } from '../../../../../src-renderer/face/face-body.ts';
import { createMeshBody } from '../../../../../src-renderer/face/mesh/mesh-body.ts';
import { frameOf, portraitFace } from '../../../../doubles/portrait-faces.ts';

/** A canvas of a machine without WebGL, or one whose context is gone. */
class DeafCanvas extends EventTarget {
  readonly width = 320;
  readonly height = 400;
  readonly #context: { isContextLost: () => boolean } | null;
  constructor(context: { isContextLost: () => boolean } | null) {
    super();
    this.#context = context;
  }
  getContext(): unknown {
    return this.#context;
  }
}

async function failureOf(context: { isContextLost: () => boolean } | null): Promise<BodyFailure[]> {
  const failures: BodyFailure[] = [];
  const source = { face: portraitFace() } as FaceSource;
  const body = createMeshBody({
    canvas: new DeafCanvas(context) as unknown as HTMLCanvasElement,
    source,
    quality: { width: 320, height: 400, effects: false },
    onFailure: (failure) => failures.push(failure),
  });
  expect(failures).toEqual([]);
  body.draw(frameOf({}));
  body.setQuality({ width: 10, height: 10, effects: true });
  await Promise.resolve();
  body.dispose();
  return failures;
}

describe('createMeshBody', () => {
  it('says once, and not before it is made, that there is no WebGL', async () => {
    expect(await failureOf(null)).toEqual([
      { code: 'face.no-webgl', message: 'This window cannot draw with WebGL. The portrait is shown as it is.' },
    ]);
  });

  it('says that the context is lost when it gets a dead one', async () => {
    expect(await failureOf({ isContextLost: () => true })).toEqual([
      { code: 'face.context-lost', message: expect.stringContaining('Try again') as string },
    ]);
  });
});
