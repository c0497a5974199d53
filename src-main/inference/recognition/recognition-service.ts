import type { AudioPort } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { MethodOf } from '../../platform/workers/workers.ts';
import type { RecognitionEvent, RecognitionMethods, RecognitionModels, TurnDetector, VoiceActivityDetector } from '../contracts/index.ts';
import { probeModel } from '../onnx/model-probe.ts';
import { openOnnxSession } from '../onnx/onnx-session.ts';
import { createSileroVoiceActivity } from '../onnx/silero-voice-activity.ts';
import { openSmartTurn } from '../onnx/smart-turn.ts';
import { transcribeFile } from './file-transcription.ts';
import { createRecognitionSession, type RecognitionSession } from './recognition-session.ts';
import { openTranscriber, type Transcriber } from './transcriber.ts';

type Params<Name extends keyof RecognitionMethods> = MethodOf<RecognitionMethods, Name>['params'];
type Result<Name extends keyof RecognitionMethods> = MethodOf<RecognitionMethods, Name>['result'];

/** The recognition worker without its process. */
export interface RecognitionService {
  load(models: Params<'load'>): Promise<Result<'load'>>;
  open(params: Params<'session.open'>): Promise<void>;
  configure(params: Params<'session.configure'>): void;
  endSpeech(params: Params<'session.endSpeech'>): Promise<void>;
  close(params: Params<'session.close'>): Promise<void>;
  transcribe(params: Params<'transcribe'>): Promise<Result<'transcribe'>>;
  attachPort(sessionId: string, port: AudioPort): void;
}

/** The loaded models; doubles of tests come in here. */
export interface Hearing {
  createDetector(): VoiceActivityDetector;
  turnDetector: TurnDetector | undefined;
  transcriber: Transcriber;
}

/** Opens every model. Rejects with `recognition.model-missing` or `recognition.model-damaged`. */
export async function openHearing(models: RecognitionModels): Promise<Hearing> {
  await probeModel(models.voiceActivity, ['input', 'state', 'sr']);
  if (models.turnDetector !== undefined) await probeModel(models.turnDetector, ['input_features']);
  const voiceActivity = await openOnnxSession(models.voiceActivity, 1);
  return {
    createDetector: () => createSileroVoiceActivity(voiceActivity),
    turnDetector: models.turnDetector === undefined ? undefined : await openSmartTurn(models.turnDetector),
    transcriber: await openTranscriber(models),
  };
}

export function createRecognitionService(deps: {
  clock: Clock;
  openHearing: (models: RecognitionModels) => Promise<Hearing>;
  emit: (event: RecognitionEvent) => void;
}): RecognitionService {
  const sessions = new Map<string, RecognitionSession>();
  const ports = new Map<string, AudioPort>();
  let hearing: Hearing | undefined;
  let loadedModels = '';

  const requireHearing = (): Hearing => {
    if (!hearing) throw new AppError('recognition.not-loaded', 'The recogniser is not loaded yet. Try again in a moment.');
    return hearing;
  };

  return {
    async load(models) {
      const startedAtMs = deps.clock.nowMs();
      const key = JSON.stringify(models);
      if (!hearing || key !== loadedModels) {
        const former = hearing;
        hearing = await deps.openHearing(models);
        loadedModels = key;
        await former?.transcriber.dispose();
      }
      return { loadedMs: deps.clock.nowMs() - startedAtMs };
    },
    async open({ sessionId, options }) {
      const { createDetector, turnDetector, transcriber } = requireHearing();
      if (options.language !== undefined) transcriber.engineFor(options.language);
      void sessions.get(sessionId)?.close();
      const { clock, emit } = deps;
      sessions.set(
        sessionId,
        createRecognitionSession({ sessionId, options, detector: createDetector(), turnDetector, transcriber, clock, emit }),
      );
      await transcriber.prepare(options.language);
    },
    configure: ({ sessionId, options }) => sessions.get(sessionId)?.configure(options),
    endSpeech: async ({ sessionId }) => sessions.get(sessionId)?.endSpeech(),
    async close({ sessionId }) {
      const session = sessions.get(sessionId);
      sessions.delete(sessionId);
      ports.get(sessionId)?.close();
      ports.delete(sessionId);
      await session?.close();
    },
    async transcribe({ samples, language }) {
      const { createDetector, transcriber } = requireHearing();
      const startedAtMs = deps.clock.nowMs();
      if (language !== undefined) transcriber.engineFor(language);
      const spoken = await transcribeFile(samples, language, { detector: createDetector(), transcriber });
      return { ...spoken, decodeMs: deps.clock.nowMs() - startedAtMs };
    },
    attachPort(sessionId, port) {
      ports.get(sessionId)?.close();
      ports.set(sessionId, port);
      port.onMessage((message) => {
        if (message.type === 'capture') sessions.get(sessionId)?.accept(message.samples);
      });
      port.onClose(() => {
        if (ports.get(sessionId) === port) ports.delete(sessionId);
      });
    },
  };
}
