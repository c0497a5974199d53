import type { Clock } from '../base/clock.ts';
import { createDisposeBag, type Disposable } from '../base/dispose.ts';
import type { Log } from '../base/log.ts';
import type {
  LanguageMethods,
  PortraitMethods,
  RecognitionEvent,
  RecognitionMethods,
  SynthesisMethods,
} from '../inference/contracts/index.ts';
import type { MediaEvent, MediaMethods } from '../modules/telephony/index.ts';
import type { NoticeBoard } from '../platform/notices/index.ts';
import type { Metrics } from '../platform/observability/index.ts';
import {
  createIdleStop,
  createSupervisedWorker,
  workerEntry,
  type IdleStop,
  type SupervisedWorker,
  type WorkerLauncher,
  type WorkerSpec,
  type WorkerState,
} from '../platform/workers/index.ts';
import type { PartStatus } from '../../src-preload/contract/index.ts';

/** The engines' processes. None is launched before its first call. */
export interface Workers extends Disposable {
  recognition: SupervisedWorker<RecognitionMethods, RecognitionEvent>;
  synthesis: SupervisedWorker<SynthesisMethods, never>;
  language: SupervisedWorker<LanguageMethods, never>;
  /** No part of a conversation: it is stopped a minute after its last use, and what goes wrong in it is told to whoever used it. */
  portrait: SupervisedWorker<PortraitMethods, never>;
  portraitIdle: IdleStop;
  /** Sound of telephone calls; started with the first exchange. */
  media: SupervisedWorker<MediaMethods, MediaEvent>;
  all(): SupervisedWorker<object, unknown>[];
  /** From now on asked before any of them is launched; throws what the waiting calls are told. */
  guard(mayLaunch: (name: WorkerSpec['name']) => void): void;
}

const GIBIBYTE = 1024 ** 3;

/** A worker that grows beyond this has a leak: what the starter models need is under a third of it. */
const MEMORY_LIMITS = {
  recognition: 3 * GIBIBYTE,
  synthesis: 2 * GIBIBYTE,
  language: 64 * GIBIBYTE,
  portrait: 8 * GIBIBYTE,
  media: GIBIBYTE / 2,
} as const;

const PORTRAIT_IDLE_MS = 60_000;

/** Makes the supervisors and shows the state of each as a part of the machinery. */
export function createWorkers(deps: { launch: WorkerLauncher; clock: Clock; log: Log; notices: NoticeBoard; metrics: Metrics }): Workers {
  const bag = createDisposeBag();
  let mayLaunch: ((name: WorkerSpec['name']) => void) | undefined;
  const guarded = (name: WorkerSpec['name']) => ({ ...deps, mayLaunch: () => mayLaunch?.(name) });
  const make = <Methods extends object, Event>(name: 'recognition' | 'synthesis' | 'language'): SupervisedWorker<Methods, Event> => {
    const spec = { name, entry: workerEntry(name), memoryLimitBytes: MEMORY_LIMITS[name] };
    const worker = bag.add(createSupervisedWorker<Methods, Event>(spec, guarded(name)));
    bag.add(worker.onState((state) => showState(deps, name, state)));
    return worker;
  };
  const recognition = make<RecognitionMethods, RecognitionEvent>('recognition');
  const synthesis = make<SynthesisMethods, never>('synthesis');
  const language = make<LanguageMethods, never>('language');
  const portraitSpec = { name: 'portrait', entry: workerEntry('portrait'), memoryLimitBytes: MEMORY_LIMITS.portrait } as const;
  const portrait = bag.add(createSupervisedWorker<PortraitMethods, never>(portraitSpec, guarded('portrait')));
  const portraitIdle = bag.add(createIdleStop({ worker: portrait, clock: deps.clock, idleMs: PORTRAIT_IDLE_MS }));
  const mediaSpec = { name: 'media', entry: workerEntry('media'), memoryLimitBytes: MEMORY_LIMITS.media } as const;
  const media = bag.add(createSupervisedWorker<MediaMethods, MediaEvent>(mediaSpec, guarded('media')));
  const all = [recognition, synthesis, language, portrait, media];
  return {
    recognition,
    synthesis,
    language,
    portrait,
    portraitIdle,
    media,
    all: () => all,
    guard: (check) => void (mayLaunch = check),
    dispose: () => bag.dispose(),
  };
}

const brokenSentences = {
  recognition: 'Listening stopped several times and was switched off. Start it again, or choose another recogniser on the Models page.',
  synthesis: 'The voice stopped several times and was switched off. Start it again, or choose another voice on the Models page.',
  language: 'The language model stopped several times and was switched off. Start it again, or choose another model on the Models page.',
} as const;

function showState(deps: { notices: NoticeBoard; metrics: Metrics }, part: keyof typeof brokenSentences, state: WorkerState): void {
  deps.notices.setPart({ part, status: partStatus(state) });
  if (state.state === 'waiting') deps.metrics.count(`${part}_worker_exits`);
  const code = `${part}.broken`;
  if (state.state !== 'broken') return deps.notices.dismissCode(code);
  deps.notices.raise({
    level: 'problem',
    code,
    message: brokenSentences[part],
    details: { exits: state.exits },
    action: 'restart-part',
    part,
  });
}

function partStatus(state: WorkerState): PartStatus['status'] {
  switch (state.state) {
    case 'stopped':
      return 'off';
    case 'starting':
      return 'starting';
    case 'running':
      return 'ready';
    case 'waiting':
      return 'restarting';
    case 'broken':
      return 'broken';
  }
}
