import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { mendedFile } from '../../src-main/inference/liveportrait/mended-file.ts';
import type { Mending } from '../../src-main/inference/liveportrait/mend-graph.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { KEYPOINTS, makeLivePortraitGraphs } from '../fixtures/face/make-liveportrait-graphs.ts';

/* Both samplings of `warping_spade.onnx` in their true shapes, (22, 4, 16, 64, 64) and (1, 32, 16, 64, 64), too slow for a unit test. */

/** The picture of a graph for features that are a slope, with one keypoint moved. */
async function paint(path: string): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 2, logSeverityLevel: 3 });
  const features = new Float32Array(32 * 16 * 64 * 64);
  for (let index = 0; index < features.length; index += 1) features[index] = (index % 4096) / 4096;
  const source = Float32Array.from(KEYPOINTS);
  const driving = Float32Array.from(source);
  driving[19 * 3 + 1] = 0.3;
  const { out } = await session.run({
    feature_3d: new ort.Tensor('float32', features, [1, 32, 16, 64, 64]),
    kp_driving: new ort.Tensor('float32', driving, [1, 21, 3]),
    kp_source: new ort.Tensor('float32', source, [1, 21, 3]),
  });
  await session.release();
  if (!(out?.data instanceof Float32Array)) throw new Error('no picture');
  return out.data;
}

describe('a mended graph of the true shapes', () => {
  it.each<[Mending, number]>([
    ['gathers', 1e-3],
    ['operator-set', 1e-6],
  ])('paints as the file itself does on the processor (%s)', async (mending, tolerance) => {
    const folder = await temporaryFolder();
    const { warping } = await makeLivePortraitGraphs(join(folder, 'weights'));
    const [original, picture] = [await paint(warping), await paint(await mendedFile(warping, mending, folder))];
    let largest = 0;
    for (let index = 0; index < original.length; index += 1)
      largest = Math.max(largest, Math.abs((picture[index] ?? NaN) - (original[index] ?? NaN)));
    expect(largest).toBeLessThan(tolerance);
  });
});
