import { readFile } from 'node:fs/promises';
import type { AudioPort, MotionFrame } from '../../../src-preload/contract/index.ts';
import { neutralFrame } from '../../../src-preload/contract/motion.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import type { MethodOf } from '../../platform/workers/workers.ts';
import type { PortraitMethods } from '../contracts/index.ts';
import { decodePicture } from '../face/picture-codec.ts';
import { openLiveFace, type LiveFace } from './live-face.ts';
import { openLiveGraphs, type LiveGraphs } from './live-graphs.ts';
import { CROP_SIZE } from './portrait-crop.ts';

type OpenParams = MethodOf<PortraitMethods, 'openLive'>['params'];

/** LivePortrait in the portrait worker, without its process. */
export interface LiveService {
  open(params: OpenParams): Promise<MethodOf<PortraitMethods, 'openLive'>['result']>;
  close(portraitId: string): void;
  /** The page's end of a portrait; one of an unknown portrait is closed. */
  attachPort(portraitId: string, port: AudioPort): void;
  dispose(): Promise<void>;
}

/** A picture that is being looked at while the one before is on its way; more would only be late. */
const MOST_AHEAD = 2;

export function createLiveService(): LiveService {
  const faces = new Map<string, { face: LiveFace; close: () => void }>();
  /** A page may leave while its portrait is on the way. */
  const opening = new Set<string>();
  let graphs: { key: string; opening: Promise<LiveGraphs> } | undefined;

  /** Kept until the process ends, which gives the memory back; other weights, or an attempt that failed, start anew. */
  const graphsFor = async ({ weights, provider, cacheDirectory }: OpenParams): Promise<LiveGraphs> => {
    const key = JSON.stringify([weights, provider]);
    if (graphs?.key !== key) {
      const former = graphs?.opening;
      const loading = (async () => {
        await (await former?.catch(() => undefined))?.release();
        return openLiveGraphs({ weights, provider, cacheDirectory });
      })();
      const own = { key, opening: loading };
      graphs = own;
      loading.catch(() => {
        if (graphs === own) graphs = undefined;
      });
    }
    return graphs.opening;
  };

  return {
    async open(params) {
      const { portraitId } = params;
      opening.add(portraitId);
      try {
        const opened = await graphsFor(params);
        const picture = await decodePicture(await readFile(params.picturePath));
        const face = await openLiveFace(opened, picture, params.landmarks);
        // The first run makes room on the GPU and chooses its kernels: too little memory is found out now, and nobody waits for it later.
        await face.paint(neutralFrame(0));
        if (!opening.has(portraitId)) throw new AppError('request.aborted', 'The portrait was closed while it was opened.');
        faces.set(portraitId, { face, close: () => undefined });
        return { square: face.square };
      } finally {
        opening.delete(portraitId);
      }
    },
    close(portraitId) {
      opening.delete(portraitId);
      faces.get(portraitId)?.close();
      faces.delete(portraitId);
    },
    attachPort(portraitId, port) {
      const known = faces.get(portraitId);
      if (!known) return port.close();
      known.close();
      known.close = () => port.close();
      paintFor(known.face, port);
    },
    async dispose() {
      for (const { close } of faces.values()) close();
      faces.clear();
      await (await graphs?.opening.catch(() => undefined))?.release();
    },
  };
}

/** Answers motion with pictures: one at a time, the newest motion, and no more than two that the page has not taken. */
function paintFor(face: LiveFace, port: AudioPort): void {
  const line = { isOpen: true, isPainting: false, taken: 0 };
  let wanted: MotionFrame | undefined;
  /** Number of the last picture sent; a page that came back goes on where it was. */
  let sent: number | undefined;

  const paint = async (): Promise<void> => {
    if (line.isPainting || !line.isOpen || !wanted || (sent ?? line.taken) - line.taken >= MOST_AHEAD) return;
    line.isPainting = true;
    const { atMs } = wanted;
    const painting = face.paint(wanted);
    wanted = undefined;
    try {
      const pixels = await painting;
      sent = (sent ?? line.taken) + 1;
      if (line.isOpen) port.post({ type: 'portrait.picture', number: sent, atMs, size: CROP_SIZE, pixels });
    } catch (error) {
      const { code, message } = toErrorData(error);
      if (line.isOpen) port.post({ type: 'portrait.failed', code, message });
      line.isOpen = false;
    } finally {
      line.isPainting = false;
    }
    void paint();
  };

  port.onClose(() => {
    line.isOpen = false;
  });
  port.onMessage((message) => {
    if (message.type !== 'portrait.motion') return;
    wanted = message.frame;
    line.taken = message.taken;
    void paint();
  });
}
