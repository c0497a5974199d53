import type { DisposeBag } from '../base/dispose.ts';
import { toErrorData } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Language } from '../inference/language/index.ts';
import type { ModelsChange, ModelsService } from '../inference/models/index.ts';
import type { Conversation } from '../modules/conversation/index.ts';
import type { NoticeBoard } from '../platform/notices/index.ts';
import type { ModelJob, PartStatus } from '../../src-preload/contract/index.ts';
import type { Workers } from './workers.ts';

const HEARING_JOBS: ReadonlySet<ModelJob> = new Set(['recognition', 'voice-activity', 'turn-detection']);
const SPEAKING_JOBS: ReadonlySet<ModelJob> = new Set(['synthesis', 'pronunciation']);
/** Models are read from disk and optimised by their engine; on a slow disk that takes its time. */
const LOAD_TIMEOUT_MS = 120_000;

interface Joined {
  bag: DisposeBag;
  models: ModelsService;
  workers: Workers;
  conversation: Conversation;
  language: Language;
  notices: NoticeBoard;
  log: Log;
}

/** What each worker does when it has started, and what starts it anew: a changed model, a crash. */
export function joinWorkers({ bag, models, workers, conversation, language, notices, log }: Joined): void {
  const { recognition, synthesis } = workers;
  recognition.onStart(async (call) => {
    await call('load', await models.recognitionModels(), { timeoutMs: LOAD_TIMEOUT_MS });
    await conversation.reopenSessions(call);
  });
  synthesis.onStart(async (call) => {
    await call('load', await models.synthesisModels(), { timeoutMs: LOAD_TIMEOUT_MS });
  });
  for (const worker of [recognition, synthesis]) {
    let ran = false;
    bag.add(
      worker.onState(({ state }) => {
        if (state !== 'running') return;
        if (ran) conversation.reconnectAudio();
        ran = true;
      }),
    );
  }
  bag.add(language.onStatus((status) => notices.setPart(languagePart(status))));
  bag.add(
    models.onChange((change) => {
      language.modelsChanged(change);
      restart(change, workers, log);
    }),
  );
}

function languagePart(status: ReturnType<Language['status']>): PartStatus {
  if (status.status === 'missing' || status.status === 'broken') {
    return { part: 'language', status: status.status, code: status.error.code, message: status.error.message };
  }
  return { part: 'language', status: status.status };
}

/** A worker that has models open of another choice than the present one is started anew. */
function restart({ job }: Pick<ModelsChange, 'job'>, workers: Workers, log: Log): void {
  const worker = workerOf(job, workers);
  if (!worker) return;
  worker
    .stop()
    .then(() => worker.start())
    .catch((error: unknown) => log.warn('worker.not-restarted', { worker: worker.name, ...toErrorData(error) }));
}

function workerOf(job: ModelJob, workers: Workers): Workers['recognition'] | Workers['synthesis'] | undefined {
  if (HEARING_JOBS.has(job)) return workers.recognition;
  return SPEAKING_JOBS.has(job) ? workers.synthesis : undefined;
}

/** Lets go of a model's files before they are deleted or replaced; false while somebody talks. */
export function createRelease(deps: {
  language: Language;
  workers: Workers;
  isTalking: () => boolean;
}): (model: { modelId: string; job: ModelJob }) => Promise<boolean> {
  return async ({ modelId, job }) => {
    if (deps.isTalking()) return false;
    if (job === 'language') await deps.language.release(modelId);
    else await workerOf(job, deps.workers)?.stop();
    return true;
  };
}
