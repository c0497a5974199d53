import type { DisposeBag } from '../base/dispose.ts';
import { toErrorData } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { SynthesisModels } from '../inference/contracts/index.ts';
import type { Language } from '../inference/language/index.ts';
import type { ModelsChange, ModelsService } from '../inference/models/index.ts';
import { isVoiceServerSetting, voiceServerOf } from '../inference/voice-server/index.ts';
import type { Conversation } from '../modules/conversation/index.ts';
import type { Config } from '../platform/config/index.ts';
import type { NoticeBoard } from '../platform/notices/index.ts';
import type { SupervisedWorker } from '../platform/workers/index.ts';
import type { ModelJob, PartStatus } from '../../src-preload/contract/index.ts';
import type { Workers } from './workers.ts';

const HEARING_JOBS: ReadonlySet<ModelJob> = new Set(['recognition', 'voice-activity', 'turn-detection']);
const SPEAKING_JOBS: ReadonlySet<ModelJob> = new Set(['synthesis', 'pronunciation']);
/** Models are read from disk and optimised by their engine; on a slow disk that takes its time. */
const LOAD_TIMEOUT_MS = 120_000;

interface Joined {
  bag: DisposeBag;
  models: Pick<ModelsService, 'recognitionModels' | 'synthesisModels' | 'onChange'>;
  workers: Pick<Workers, 'recognition' | 'synthesis'>;
  conversation: Pick<Conversation, 'reopenSessions' | 'reconnectAudio' | 'isTalking' | 'whenQuiet'>;
  language: Pick<Language, 'onStatus' | 'modelsChanged'>;
  notices: Pick<NoticeBoard, 'setPart'>;
  config: Pick<Config, 'get' | 'onChange'>;
  log: Log;
}

/** What each worker does when it has started, and what starts it anew: a changed model, a crash. */
export function joinWorkers({ bag, models, workers, conversation, language, notices, config, log }: Joined): void {
  const { recognition, synthesis } = workers;
  const speakingParameters = async (): Promise<SynthesisModels> => {
    const server = voiceServerOf(config);
    return { ...(await models.synthesisModels()), ...(server ? { server } : {}) };
  };
  const hearing = createRenewal({ worker: recognition, parameters: models.recognitionModels, conversation, log });
  const speaking = createRenewal({ worker: synthesis, parameters: speakingParameters, conversation, log });
  recognition.onStart(async (call) => {
    await call('load', await hearing.parameters(), { timeoutMs: LOAD_TIMEOUT_MS });
    await conversation.reopenSessions(call);
  });
  synthesis.onStart(async (call) => {
    await call('load', await speaking.parameters(), { timeoutMs: LOAD_TIMEOUT_MS });
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
  bag.add(config.onChange(({ key }) => isVoiceServerSetting(key) && speaking.modelsChanged({ reason: 'used' })));
  bag.add(language.onStatus((status) => notices.setPart(languagePart(status))));
  bag.add(
    models.onChange((change) => {
      language.modelsChanged(change);
      if (HEARING_JOBS.has(change.job)) hearing.modelsChanged(change);
      if (SPEAKING_JOBS.has(change.job)) speaking.modelsChanged(change);
    }),
  );
}

function languagePart(status: ReturnType<Language['status']>): PartStatus {
  if (status.status === 'missing' || status.status === 'broken') {
    return { part: 'language', status: status.status, code: status.error.code, message: status.error.message };
  }
  return { part: 'language', status: status.status };
}

interface Renewal<Parameters> {
  /** What the worker is to load now; remembered as what it was loaded with. */
  parameters(): Promise<Parameters>;
  modelsChanged(change: Pick<ModelsChange, 'reason'>): void;
}

/** A worker that has models open of another choice than the present one is started anew, once nobody is talking. */
function createRenewal<Parameters>(deps: {
  worker: Pick<SupervisedWorker<object, unknown>, 'name' | 'state' | 'reset' | 'start' | 'stop'>;
  parameters: () => Promise<Parameters>;
  conversation: Pick<Conversation, 'isTalking' | 'whenQuiet'>;
  log: Log;
}): Renewal<Parameters> {
  const { worker, conversation } = deps;
  let loaded: string | undefined;

  const isDue = async (reason: ModelsChange['reason']): Promise<boolean> => {
    const { state } = worker.state();
    // Stopped: it let go of files that were replaced, or had nothing to load. Broken: another choice, or a repaired model, is worth a new attempt.
    if (state === 'stopped' || (state === 'broken' && reason !== 'imported')) return true;
    const wanted = await deps.parameters().then(JSON.stringify, () => undefined);
    return wanted !== loaded;
  };
  const renew = async (reason: ModelsChange['reason']): Promise<void> => {
    if (!(await isDue(reason))) return;
    // Somebody began to talk while the files were looked at.
    if (conversation.isTalking()) return whenQuiet(reason);
    worker.reset();
    await worker.stop();
    await worker.start();
  };
  const whenQuiet = (reason: ModelsChange['reason']): void =>
    conversation.whenQuiet(() => {
      renew(reason).catch((error: unknown) => deps.log.warn('worker.not-restarted', { worker: worker.name, ...toErrorData(error) }));
    });

  return {
    async parameters() {
      const parameters = await deps.parameters();
      loaded = JSON.stringify(parameters);
      return parameters;
    },
    modelsChanged: ({ reason }) => whenQuiet(reason),
  };
}

function workerOf(job: ModelJob, workers: Workers): Workers['recognition'] | Workers['synthesis'] | Workers['portrait'] | undefined {
  if (job === 'face') return workers.portrait;
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
