import type { PortraitFace } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import type { Disposable } from '../../base/dispose.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { ClientGone, HandlersFor, OpenAudio } from '../../platform/contract-host/index.ts';
import type { IdleStop, SupervisedWorker } from '../../platform/workers/index.ts';
import type { LiveProvider, LiveWeights, PortraitMethods } from '../contracts/index.ts';
import { outOfMemory, weightsMissing, weightsWrong } from './live-errors.ts';

/** LivePortrait as main knows it: it opens portraits in the portrait worker and lets pages at them. */
export interface LivePortrait extends Disposable {
  handlers: HandlersFor<'portrait.open' | 'portrait.close'>;
  /** Ends the portraits of a page that is gone. */
  clientGone: ClientGone;
}

export interface LivePortraitDeps {
  worker: Pick<SupervisedWorker<PortraitMethods, unknown>, 'call' | 'onState' | 'state' | 'reset'>;
  /** Ends the worker when nobody looks at it any more, which gives the memory of the GPU back. */
  idle: Pick<IdleStop, 'hold'>;
  /** The installed files; undefined when they are not here. */
  weights: () => Promise<LiveWeights | undefined>;
  /** A character's portrait file and face. Rejects with `character.*`. */
  portraitOf: (characterId: string) => Promise<{ path: string; face: PortraitFace }>;
  openAudio: OpenAudio;
  provider: LiveProvider;
  cacheDirectory: string;
  log: Log;
}

/** 600 MB are read and, the first time, mended; then the GPU's kernels are loaded. */
const OPEN_TIMEOUT_MS = 120_000;

export function createLivePortrait(deps: LivePortraitDeps): LivePortrait {
  const { worker, idle, log } = deps;
  const open = new Map<string, { clientId: string; release: () => void }>();

  const forget = (portraitId: string): void => {
    open.get(portraitId)?.release();
    open.delete(portraitId);
  };
  /** In a worker that has ended there is nothing to close, and none is started for it. */
  const closeInWorker = async (portraitId: string): Promise<void> => {
    if (worker.state().state !== 'running') return;
    await worker.call('closeLive', { portraitId }).catch((error: unknown) => log.warn('portrait.not-closed', { error }));
  };
  const close = (portraitId: string): void => {
    const entry = open.get(portraitId);
    // Out at once: one that is still being opened finds itself gone.
    open.delete(portraitId);
    if (entry) void closeInWorker(portraitId).finally(entry.release);
  };
  const unwatch = worker.onState(({ state }) => {
    // The pages see their ports close.
    if (state !== 'running' && state !== 'starting') for (const portraitId of open.keys()) forget(portraitId);
  });

  return {
    handlers: {
      async 'portrait.open'({ characterId }, caller) {
        // A picture or a card that ended the process must not forbid all others.
        if (worker.state().state === 'broken') worker.reset();
        const portraitId = createId('face');
        const release = idle.hold();
        // From here on the page may leave: opening takes up to two minutes.
        open.set(portraitId, { clientId: caller.clientId, release });
        const requireListener = (): void => {
          if (!open.has(portraitId)) throw new AppError('request.aborted', 'The page left while its portrait was opened.');
        };
        let isAsked = false;
        try {
          const weights = await deps.weights().catch((error: unknown) => {
            throw weightsWrong('files', error);
          });
          if (!weights) throw weightsMissing();
          const { path, face } = await deps.portraitOf(characterId);
          requireListener();
          isAsked = true;
          const { square } = await worker.call(
            'openLive',
            {
              portraitId,
              picturePath: path,
              landmarks: face.landmarks,
              weights,
              provider: deps.provider,
              cacheDirectory: deps.cacheDirectory,
            },
            { timeoutMs: OPEN_TIMEOUT_MS },
          );
          requireListener();
          deps.openAudio(caller, portraitId, ['portrait']);
          return { portraitId, square };
        } catch (error) {
          open.delete(portraitId);
          // One that was closed meanwhile, or whose call took too long, may be open in the worker all the same.
          void (isAsked ? closeInWorker(portraitId) : Promise.resolve()).finally(release);
          // A process that is ended while it loads has nearly always asked for more memory than there is.
          throw error instanceof AppError && error.code === 'worker.crashed' ? outOfMemory(error) : error;
        }
      },
      'portrait.close'({ portraitId }, caller) {
        if (open.get(portraitId)?.clientId === caller.clientId) close(portraitId);
      },
    },
    clientGone(clientId) {
      for (const [portraitId, { clientId: owner }] of open) if (owner === clientId) close(portraitId);
    },
    dispose() {
      unwatch();
      for (const portraitId of open.keys()) forget(portraitId);
    },
  };
}
