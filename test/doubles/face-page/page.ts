import type { MotionFrame } from '../../../src-preload/contract/index.ts';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from '../../../src-renderer/face/face-body.ts';
import type { CreateBody } from '../../../src-renderer/face/live-face.ts';
import { createLivePortraitBody } from '../../../src-renderer/face/live-portrait/live-portrait-body.ts';
import type { LiveLine } from '../../../src-renderer/face/live-portrait/live-line.ts';
import { startLiveClip } from '../../../src-renderer/face/recording/live-clip.ts';
import { recordFrames } from '../../../src-renderer/face/recording/record-frames.ts';
import { createThreeDBody } from '../../../src-renderer/face/three-d/three-d-body.ts';
import { readClip } from './clip-facts.ts';
import { paintedSquare } from './painted-square.ts';
import type { ClipFacts, FacePage, PageSource, PictureFacts, PreviewOrder } from './protocol.ts';

/* Bodies and recording of the product under the app's own content policy, driven by face-page.ts of test/e2e. */

let canvas = document.createElement('canvas');
document.body.append(canvas);
let body: FaceBody | undefined;
let failures: BodyFailure[] = [];

const meshModules = import.meta.glob<{ createMeshBody: CreateBody }>('../../../src-renderer/face/mesh/mesh-body.ts');

async function makerOf(kind: PageSource['kind']): Promise<CreateBody> {
  if (kind === '3d') return createThreeDBody;
  if (kind === 'liveportrait')
    return (options) => {
      const open = (): Promise<LiveLine> => Promise.resolve(paintedSquare(options.source.portrait, options.source.face));
      return createLivePortraitBody({ ...options, open });
    };
  const [mesh] = Object.values(meshModules);
  if (mesh === undefined) throw new Error('There is no mesh body.');
  return (await mesh()).createMeshBody;
}

async function sourceOf({ character, face, portrait, model }: PageSource): Promise<FaceSource> {
  const picture = await createImageBitmap(await (await fetch(`/files/${portrait}`)).blob());
  return { character, face, portrait: picture, ...(model === undefined ? {} : { modelUrl: `/files/${model}` }) };
}

const isFailure = (error: unknown): error is BodyFailure =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('face.');

async function make(source: PageSource, quality: BodyQuality, on: 'new' | 'same'): Promise<BodyFailure | undefined> {
  body?.dispose();
  body = undefined;
  if (on === 'new') {
    canvas.remove();
    canvas = document.createElement('canvas');
    document.body.append(canvas);
  }
  failures = [];
  [canvas.width, canvas.height] = [quality.width, quality.height];
  try {
    const maker = await makerOf(source.kind);
    body = await maker({ canvas, source: await sourceOf(source), quality, onFailure: (told) => failures.push(told) });
    return undefined;
  } catch (error) {
    if (isFailure(error)) return { code: error.code, message: error.message };
    throw error;
  }
}

async function draw(frames: readonly MotionFrame[]): Promise<PictureFacts[]> {
  if (body === undefined) throw new Error('There is no body.');
  const drawn = body;
  const facts: PictureFacts[] = [];
  for (const frame of frames) {
    drawn.draw(frame);
    if (drawn.settled) await drawn.settled();
    facts.push(factsOf());
  }
  return facts;
}

/** In the same task as the drawing: a WebGL canvas is emptied when it has been shown. */
function factsOf(): PictureFacts {
  const { width, height } = canvas;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('No canvas.');
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let [covered, dark, x, y] = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) continue;
    covered += 1;
    x += (at / 4) % width;
    y += Math.floor(at / 4 / width);
    if ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) < 90) dark += 1;
  }
  return {
    width,
    height,
    digest: fingerprint(data),
    covered: covered / (width * height),
    dark: dark / (width * height),
    middle: { x: x / Math.max(1, covered) / width, y: y / Math.max(1, covered) / height },
  };
}

/** FNV-1a of 32 bits, as hex. */
function fingerprint(bytes: Uint8ClampedArray): string {
  let hash = 0x81_1c_9d_c5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  return (hash >>> 0).toString(16);
}

async function loseContext(): Promise<BodyFailure[]> {
  const context = canvas.getContext('webgl2');
  const lost = new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve, { once: true }));
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  await lost;
  return failures;
}

/** Black, and white at the pictures that are asked for. */
function flashBody(flashes: readonly number[]): CreateBody {
  return ({ canvas: target, quality }) => {
    const context = target.getContext('2d');
    let picture = 0;
    return {
      kind: 'mesh',
      setQuality: () => undefined,
      draw() {
        if (context !== null) context.fillStyle = flashes.includes(picture) ? '#fff' : '#000';
        context?.fillRect(0, 0, quality.width, quality.height);
        picture += 1;
      },
      dispose: () => undefined,
    };
  };
}

const SOUND_RATE_HZ = 22_050;

function clicks({ durationMs, clicksMs }: NonNullable<PreviewOrder['sound']>): {
  samples: Float32Array<ArrayBuffer>;
  sampleRateHz: number;
} {
  const samples = new Float32Array(Math.round((durationMs * SOUND_RATE_HZ) / 1000));
  // Five milliseconds of a tone, loudest in their middle: a single sample would be smeared by any codec.
  const length = Math.round(SOUND_RATE_HZ * 0.005);
  for (const atMs of clicksMs)
    for (let index = 0; index < length; index += 1) {
      const at = Math.round((atMs * SOUND_RATE_HZ) / 1000 - length / 2) + index;
      if (at >= 0 && at < samples.length)
        samples[at] = 0.9 * Math.sin((Math.PI * index) / length) * Math.cos((2 * Math.PI * 1000 * (index - length / 2)) / SOUND_RATE_HZ);
    }
  return { samples, sampleRateHz: SOUND_RATE_HZ };
}

async function record(order: PreviewOrder): Promise<ClipFacts | { error: string }> {
  const stop = new AbortController();
  const progress: number[] = [];
  const source = order.source === 'flash' ? undefined : order.source;
  // The flash body looks at nothing of its source.
  const drawn = source === undefined ? ({} as FaceSource) : await sourceOf(source);
  const started = performance.now();
  try {
    const recording = await recordFrames({
      source: drawn,
      createBody: source === undefined ? flashBody(order.flashes ?? []) : await makerOf(source.kind),
      frames: order.frames,
      width: order.width,
      height: order.height,
      fps: order.fps,
      ...(order.sound === undefined ? {} : { sound: clicks(order.sound) }),
      onProgress(share) {
        progress.push(share);
        if (order.cancelAt !== undefined && share >= order.cancelAt) stop.abort();
      },
      signal: stop.signal,
    });
    const tookMs = performance.now() - started;
    return { mimeType: recording.mimeType, codecs: recording.codecs, tookMs, progress, ...(await readClip(recording.blob)) };
  } catch (error) {
    return {
      error: error instanceof Error ? ('code' in error && typeof error.code === 'string' && error.code) || error.name : String(error),
    };
  }
}

const now = (): number => performance.timeOrigin + performance.now();

/** Plays clicks through a real context and draws white at the time when each is heard, as the page's speech clock would have it. */
async function recordLive({ durationMs, eventsMs }: { durationMs: number; eventsMs: number[] }): Promise<ClipFacts> {
  const stage = document.createElement('canvas');
  [stage.width, stage.height] = [320, 240];
  document.body.append(stage);
  const painter = stage.getContext('2d');
  const context = new AudioContext();
  await context.resume();
  const node = new GainNode(context);
  node.connect(context.destination);
  const clip = await startLiveClip({ canvas: stage, output: { context, node } });
  const startMs = now() + 200;
  const latencyMs = (context.baseLatency + (context.outputLatency || 0)) * 1000;
  for (const atMs of eventsMs) {
    const { samples, sampleRateHz } = clicks({ durationMs: 10, clicksMs: [5] });
    const buffer = new AudioBuffer({ length: samples.length, numberOfChannels: 1, sampleRate: sampleRateHz });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(node);
    source.start(context.currentTime + (startMs + atMs - latencyMs - 5 - now()) / 1000);
  }
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const atMs = now();
      const clipMs = atMs - startMs;
      if (painter !== null && clipMs >= 0) {
        painter.fillStyle = eventsMs.some((event) => Math.abs(clipMs - event) <= 80) ? '#fff' : '#000';
        painter.fillRect(0, 0, stage.width, stage.height);
        clip.drawn(atMs);
      }
      if (clipMs > durationMs) resolve();
      else setTimeout(tick, 10);
    };
    tick();
  });
  const { blob, ...told } = await clip.stop();
  stage.remove();
  await context.close();
  return { ...told, tookMs: 0, progress: [], ...(await readClip(blob)) };
}

const page: FacePage = {
  make,
  draw,
  setQuality: (quality) => body?.setQuality(quality),
  dispose() {
    body?.dispose();
    body = undefined;
  },
  loseContext,
  record,
  recordLive,
};
Object.assign(window, { faces: page });
