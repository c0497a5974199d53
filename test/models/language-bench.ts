import { join } from 'node:path';
import { systemClock } from '../../src-main/base/clock.ts';
import type {
  GenerationOptions,
  GenerationResult,
  LanguageMethods,
  LanguageModel,
  PromptMessage,
} from '../../src-main/inference/contracts/index.ts';
import { createLocalLanguageEngine, readEngineTrust } from '../../src-main/inference/llama/index.ts';
import type { LocalModel } from '../../src-main/inference/llama/local-language-model.ts';
import { readChildEnvironment, readEnvironment } from '../../src-main/platform/config/environment.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { createSupervisedWorker, workerEntry } from '../../src-main/platform/workers/index.ts';
import { createRecordingLog, type RecordingLog } from '../doubles/recording-log.ts';

/** The starter pack's language model, as set-up has installed it. */
export const starterLanguageModel: LocalModel = {
  name: 'SmolLM2 135M',
  path: join(readEnvironment().modelsDirectory, 'smollm2-135m-instruct-q4', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
  contextTokens: 2048,
  languages: ['en'],
  threads: 1,
  gpu: false,
};

/** An answer and the pieces in which it came. */
export interface Heard extends GenerationResult {
  pieces: string[];
}

/** The real language worker in its own process, with the engine in front of it. */
export interface LanguageBench {
  log: RecordingLog;
  open(model?: Partial<LocalModel>): Promise<LanguageModel>;
  /** Process of the worker; throws when none runs. */
  pid(): number;
  dispose(): Promise<void>;
}

export async function createLanguageBench(dataDirectory: string): Promise<LanguageBench> {
  const log = createRecordingLog();
  const launch = createNodeLauncher({ environment: readChildEnvironment(), log });
  const spec = { name: 'language', entry: workerEntry('language'), memoryLimitBytes: 2 * 1024 ** 3 } as const;
  const worker = createSupervisedWorker<LanguageMethods, never>(spec, { launch, clock: systemClock, log });
  const trust = await readEngineTrust(join(dataDirectory, 'language-engine.json'), log);
  const engine = createLocalLanguageEngine({ worker, trust, clock: systemClock, log });
  return {
    log,
    open: (model = {}) => engine.open({ ...starterLanguageModel, ...model }),
    pid() {
      const state = worker.state();
      if (state.state !== 'running') throw new Error(`The worker is ${state.state}`);
      return state.pid;
    },
    dispose: async () => worker.dispose(),
  };
}

/** One answer, word for word the same at every run. */
export async function generate(
  model: LanguageModel,
  messages: readonly PromptMessage[],
  options: Partial<GenerationOptions> & { onPiece?: (pieces: readonly string[]) => void } = {},
): Promise<Heard> {
  const pieces: string[] = [];
  const { onPiece, ...generation } = options;
  const onText = (text: string): void => {
    pieces.push(text);
    onPiece?.(pieces);
  };
  return { ...(await model.generate(messages, { maxTokens: 40, temperature: 0, onText, ...generation })), pieces };
}
