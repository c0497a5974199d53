import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ErrorData } from '../../src-main/base/errors.ts';
import type { LanguageMethods } from '../../src-main/inference/contracts/index.ts';
import {
  createLocalLanguageEngine,
  readEngineTrust,
  type LanguageWorker,
  type LocalLanguageEngine,
} from '../../src-main/inference/llama/index.ts';
import { createSupervisedWorker } from '../../src-main/platform/workers/supervisor.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';
import { createScriptedLauncher, type ScriptedLauncher, type ScriptedProcess } from './scripted-worker.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface LanguageWorkerRig {
  clock: VirtualClock;
  log: RecordingLog;
  launcher: ScriptedLauncher;
  worker: LanguageWorker;
  /** The real engine over the worker; once per rig. */
  createEngine(): Promise<LocalLanguageEngine>;
  dataDirectory: string;
  /** The latest request of this method in the latest process; throws when there is none. */
  request<Name extends keyof LanguageMethods>(
    method: Name,
  ): { params: LanguageMethods[Name]['params']; process: ScriptedProcess; seq: number };
  /** Answers that request. */
  reply<Name extends keyof LanguageMethods>(method: Name, value: LanguageMethods[Name]['result']): Promise<void>;
  refuse(method: keyof LanguageMethods, error: ErrorData): Promise<void>;
  chunk(text: string): Promise<void>;
  /** The process dies. */
  die(): Promise<void>;
  /** Parameters of every `load` so far, over all processes. */
  loads(): LanguageMethods['load']['params'][];
}

export interface LanguageWorkerRigOptions {
  /** How each `load` goes; default: loads at once. 'die' = the process dies instead. */
  onLoad?: (params: LanguageMethods['load']['params'], index: number) => 'loaded' | 'die' | 'wait';
}

/** What the scripted process says of every model. */
export const LOADED: LanguageMethods['load']['result'] = {
  loadedMs: 400,
  name: 'Tiny',
  contextTokens: 2048,
  parameterCount: 135_000_000,
  gpu: false,
  knowsTools: true,
};

/** The real supervisor and, if wanted, the real engine over a process that says what the test makes it say. */
export async function createLanguageWorkerRig(options: LanguageWorkerRigOptions = {}): Promise<LanguageWorkerRig> {
  const { onLoad = () => 'loaded' as const } = options;
  const clock = createVirtualClock();
  const log = createRecordingLog();
  const dataDirectory = await temporaryFolder();
  const loads: LanguageMethods['load']['params'][] = [];
  const launcher = createScriptedLauncher({
    answer(method, params) {
      if (method !== 'load') return undefined;
      loads.push(params as LanguageMethods['load']['params']);
      const outcome = onLoad(params as LanguageMethods['load']['params'], loads.length - 1);
      if (outcome === 'die') queueMicrotask(() => launcher.latest().exit(null));
      return outcome === 'loaded' ? { value: LOADED } : undefined;
    },
  });
  const spec = { name: 'language', entry: new URL('file:///language.worker.ts'), memoryLimitBytes: 1e9 } as const;
  const worker = createSupervisedWorker<LanguageMethods, never>(spec, { launch: launcher.launch, clock, log });
  onTestFinished(() => worker.dispose());

  const request: LanguageWorkerRig['request'] = (method) => {
    const process = launcher.latest();
    const found = process.requests().findLast((each) => each.method === method);
    if (!found) throw new Error(`${method} has not been asked for`);
    return { params: found.params as LanguageMethods[typeof method]['params'], process, seq: found.seq };
  };
  const rig: LanguageWorkerRig = {
    clock,
    log,
    launcher,
    worker,
    dataDirectory,
    async createEngine() {
      const trust = await readEngineTrust(join(dataDirectory, 'language-engine.json'), log);
      return createLocalLanguageEngine({ worker, trust, clock, log });
    },
    request,
    async reply(method, value) {
      const { process, seq } = request(method);
      process.say({ type: 'response', seq, ok: true, value });
      await clock.advance(0);
    },
    async refuse(method, error) {
      const { process, seq } = request(method);
      process.say({ type: 'response', seq, ok: false, error });
      await clock.advance(0);
    },
    async chunk(text) {
      const { process, seq } = request('generate');
      process.say({ type: 'chunk', seq, value: text });
      await clock.advance(0);
    },
    async die() {
      launcher.latest().exit(null);
      await clock.advance(0);
    },
    loads: () => loads,
  };
  return rig;
}
