import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { neutralFrame, type PortraitFace } from '../../src-preload/contract/index.ts';
import { AppError } from '../../src-main/base/errors.ts';
import type { LiveProvider, LiveWeights } from '../../src-main/inference/contracts/index.ts';
import { decodePicture } from '../../src-main/inference/face/picture-codec.ts';
import { openLiveFace } from '../../src-main/inference/liveportrait/live-face.ts';
import { openLiveGraphs, type LiveGraphName, type LiveGraphs } from '../../src-main/inference/liveportrait/live-graphs.ts';
import { makeLivePortraitGraphs } from '../fixtures/face/make-liveportrait-graphs.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

const NOVA = resolve(import.meta.dirname, '../../resources/characters/default');

const PUBLISHED: Record<LiveGraphName, string> = {
  appearance: 'appearance_feature_extractor.onnx',
  motion: 'motion_extractor.onnx',
  warping: 'warping_spade.onnx',
  stitching: 'stitching.onnx',
  eyes: 'stitching_eye.onnx',
  lips: 'stitching_lip.onnx',
};

/**
 * What each graph of LivePortrait costs for Nova's portrait, and a whole picture with all that is around them. `weights`: folder of the published files; without
 * it the made-up graphs of the same shapes are run, which have the same inputs, volumes and samplings, but almost none of the convolutions.
 */
export async function measureLivePortrait(options: {
  weights?: string | undefined;
  rounds?: number | undefined;
}): Promise<Omit<BenchResult, 'bench'>> {
  const { rounds = 20 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-bench-'));
  const weights = options.weights === undefined ? await makeLivePortraitGraphs(folder) : publishedIn(options.weights);
  const { graphs, provider, openMs } = await openAnywhere(weights, folder);
  const spent: Record<LiveGraphName, number[]> = { appearance: [], motion: [], warping: [], stitching: [], eyes: [], lips: [] };
  const timed: LiveGraphs = {
    ...graphs,
    async run(name, inputs) {
      const from = performance.now();
      const result = await graphs.run(name, inputs);
      spent[name].push(performance.now() - from);
      return result;
    },
  };
  const { portrait } = JSON.parse(await readFile(join(NOVA, 'metadata.json'), 'utf8')) as { portrait: { file: string } };
  const { landmarks } = JSON.parse(await readFile(join(NOVA, 'face.json'), 'utf8')) as PortraitFace;
  const picture = await decodePicture(await readFile(join(NOVA, portrait.file)));
  const from = performance.now();
  const face = await openLiveFace(timed, picture, landmarks);
  const portraitMs = performance.now() - from;
  await face.paint(neutralFrame(0));
  // The first one chooses kernels and makes room.
  spent.warping.length = 0;
  const frames: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await face.paint({ ...neutralFrame(round * 40), weights: { jawOpen: (round % 10) / 10 } });
    frames.push(performance.now() - start);
  }
  await graphs.release();
  await rm(folder, { recursive: true, force: true });
  const outside = frames.map((frame, index) => frame - (spent.warping[index] ?? 0));
  return {
    metrics: {
      live_open: single('ms', openMs, 1),
      live_portrait: single('ms', portraitMs, 1),
      ...Object.fromEntries(Object.entries(spent).map(([name, samples]) => [`live_${name}`, distribution('ms', samples)])),
      live_outside_warping: distribution('ms', outside),
      live_frame: distribution('ms', frames),
      live_fps: distribution(
        'per s',
        frames.map((frame) => 1000 / frame),
      ),
    },
    targets: { live_fps: 'at least 30 on a GPU with the published weights' },
    notes: [`LivePortrait on ${provider}, ${options.weights === undefined ? 'made-up weights' : 'weights of the folder given'}.`],
  };
}

function publishedIn(folder: string): LiveWeights {
  const path = (name: LiveGraphName): string => join(folder, PUBLISHED[name]);
  return {
    appearance: path('appearance'),
    motion: path('motion'),
    warping: path('warping'),
    stitching: path('stitching'),
    eyes: path('eyes'),
    lips: path('lips'),
  };
}

/** On the GPU, or on the processor where there is none. */
async function openAnywhere(
  weights: LiveWeights,
  cacheDirectory: string,
): Promise<{ graphs: LiveGraphs; provider: LiveProvider; openMs: number }> {
  const from = performance.now();
  const open = async (provider: LiveProvider) => {
    const graphs = await openLiveGraphs({ weights, provider, cacheDirectory });
    return { graphs, provider, openMs: performance.now() - from };
  };
  return open('cuda').catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'face.no-gpu') return open('cpu');
    throw error;
  });
}
