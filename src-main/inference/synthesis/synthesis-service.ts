import type { AudioPort } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { AppError, fromErrorData, isAbort, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { MethodOf } from '../../platform/workers/workers.ts';
import type { RenderedSpeech, SegmentSpoken, SynthesisMethods, SynthesisModels } from '../contracts/index.ts';
import { openStretchLibrary, type StretchLibrary } from '../pitch/stretch-library.ts';
import { rehearse } from '../pitch/voice-shifter.ts';
import { createOutlets, type Outlet } from './outlets.ts';
import type { Voice } from './voice.ts';
import { renderSpeech, speakSegment } from './speak-segment.ts';
import type { Voices } from './voices.ts';

type Params<Name extends keyof SynthesisMethods> = MethodOf<SynthesisMethods, Name>['params'];
type Result<Name extends keyof SynthesisMethods> = MethodOf<SynthesisMethods, Name>['result'];

/** The synthesis worker without its process. */
export interface SynthesisService extends Disposable {
  load(params: Params<'load'>): Promise<Result<'load'>>;
  voices(): Result<'voices'>;
  speak(params: Params<'speak'>, signal: AbortSignal): Promise<SegmentSpoken>;
  render(params: Params<'render'>, signal: AbortSignal): Promise<RenderedSpeech>;
  cancel(params: Params<'cancel'>): void;
  attachPort(sessionId: string, port: AudioPort): void;
}

export interface SynthesisServiceDeps {
  clock: Clock;
  openVoices: (models: SynthesisModels) => Promise<Voices>;
  openStretch?: () => Promise<StretchLibrary>;
}

/**
 * Speaks segments one after the other, in the order of the calls. A segment's sound leaves piece by piece while it is made; before each
 * piece the service looks whether its utterance was cancelled, so that what replaces it starts within one piece (50 ms of work at most).
 * What is rendered into memory steps back after every sentence, so that somebody who listens waits for one sentence of it at most.
 * On dispose what is under way rejects with `request.aborted`.
 */
export function createSynthesisService(deps: SynthesisServiceDeps): SynthesisService {
  const outlets = createOutlets();
  const openStretch = deps.openStretch ?? openStretchLibrary;
  let voices: Voices | undefined;
  let loadedModels = '';
  let queue: Promise<unknown> = Promise.resolve();
  let rehearsed: Promise<void> | undefined;
  const closing = new AbortController();

  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  const reload = async (models: SynthesisModels): Promise<Voices> => {
    const key = JSON.stringify(models);
    if (voices && key === loadedModels) return voices;
    // The old voices go first: two sets of them may not fit, and espeak exists once per process.
    await voices?.dispose();
    voices = undefined;
    voices = await deps.openVoices(models);
    loadedModels = key;
    return voices;
  };

  return {
    async load(models) {
      const startedAtMs = deps.clock.nowMs();
      const opened = await inTurn(() => reload(models));
      const [problem] = opened.problems();
      if (problem && opened.list().length === 0) throw fromErrorData(problem);
      // Nobody waits for it; should it fail, so will the first changed voice, with the reason.
      rehearsed ??= inTurn(async () => rehearse(await openStretch())).catch(() => undefined);
      return { loadedMs: deps.clock.nowMs() - startedAtMs, voices: opened.list(), problems: [...opened.problems()] };
    },
    voices: () => voices?.list() ?? [],
    speak(params, signal) {
      const requestedAtMs = deps.clock.nowMs();
      const sinceRequestMs = (): number => deps.clock.nowMs() - requestedAtMs;
      const outlet = outlets.open(params);
      signal.addEventListener('abort', () => outlets.cancel(params.utteranceId), { once: true });
      if (signal.aborted) outlets.cancel(params.utteranceId);
      return inTurn(async () => {
        outlet.signal.throwIfAborted();
        if (!voices) throw notLoaded();
        let isSilent = true;
        const heard: Outlet = {
          ...outlet,
          send(...sound) {
            isSilent = false;
            outlet.send(...sound);
          },
        };
        const { spoken, problem } = await withVoice(voices, params, {
          speak: (voice) => speakSegment(params, voice, { outlet: heard, openStretch, sinceRequestMs }),
          mayTryAnother: () => isSilent,
        });
        return problem ? { ...spoken, problem } : spoken;
      });
    },
    async render(params, callSignal) {
      const signal = AbortSignal.any([callSignal, closing.signal]);
      let opened: Voices | undefined;
      const turn = <Value>(work: (opened: Voices) => Promise<Value>): Promise<Value> =>
        inTurn(() => {
          signal.throwIfAborted();
          opened ??= voices;
          // Others may have been loaded between two sentences; these are gone then.
          if (!opened || opened !== voices) throw notLoaded();
          return work(opened);
        });
      const { spoken } = await withVoice({ find: (...wanted) => turn((current) => current.find(...wanted)) }, params, {
        speak: (voice): Promise<RenderedSpeech> => renderSpeech(params, voice, { signal, openStretch, inTurn: turn }),
        mayTryAnother: () => true,
      });
      return spoken;
    },
    cancel: ({ utteranceId }) => outlets.cancel(utteranceId),
    attachPort: (sessionId, port) => outlets.attach(sessionId, port),
    async dispose() {
      outlets.dispose();
      closing.abort(new AppError('request.aborted', 'The voice was closed.'));
      await queue;
      await voices?.dispose();
      voices = undefined;
    },
  };
}

/**
 * Speaks with the voice that is wanted. When that one is on a server and fails before its first sound, a voice of this machine says the same, and the
 * server's failure is told as `problem`.
 */
async function withVoice<Spoken>(
  voices: Pick<Voices, 'find'>,
  { language, voice: id, style }: Params<'render'>,
  { speak, mayTryAnother }: { speak: (voice: Voice) => Promise<Spoken>; mayTryAnother: () => boolean },
): Promise<{ spoken: Spoken; problem?: ErrorData }> {
  const ability = style?.reference ? 'canClone' : style?.design === undefined ? undefined : 'canDesign';
  const voice = await voices.find(language, { id, ability });
  try {
    return { spoken: await speak(voice) };
  } catch (error) {
    if (voice.info.engine !== 'server' || isAbort(error) || !mayTryAnother()) throw error;
    return { spoken: await speak(await voices.find(language, { id, butNot: voice.info.id })), problem: toErrorData(error) };
  }
}

function notLoaded(): AppError {
  return new AppError('synthesis.not-loaded', 'The voice is not loaded yet. Try again in a moment.');
}
