import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import type { LanguageModel, LiveWeights } from '../inference/contracts/index.ts';
import { createFaceAnalysis } from '../inference/face/index.ts';
import { createFilmMaker } from '../inference/face-servers/index.ts';
import { createImageGenerator } from '../inference/images/index.ts';
import { createLivePortrait, type LivePortrait } from '../inference/liveportrait/index.ts';
import { nearestPreset, readVoiceSample } from '../inference/voice-samples/index.ts';
import { createCharacters, type Characters, type PreparedSample } from '../modules/characters/index.ts';
import type { Conversation } from '../modules/conversation/index.ts';
import type { Gate } from '../modules/killswitch/index.ts';
import { createDownloads, createPageResources, createUploads, jsonAnswer, type PageResources } from '../platform/contract-host/index.ts';
import { CHARACTERS_PATH, DOWNLOADS_PATH, UPLOADS_PATH } from '../../src-preload/contract/wire-paths.ts';
import type { CoreOptions } from '../compose.ts';
import { shippedCharactersDirectory, shippedModelsDirectory, type Platform } from './platform.ts';

/** The characters, and what a page sends to and fetches from the core beside its calls. */
export async function composeCharacters(parts: {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  gate: Gate;
  model: LanguageModel;
  locale: () => 'en' | 'de';
  changed: (characterId: string) => void;
  speak: Conversation['speakSample'];
  render: Conversation['renderSpeech'];
  liveWeights: () => Promise<LiveWeights | undefined>;
}): Promise<{ characters: Characters; live: LivePortrait; resources: PageResources }> {
  const { platform, clock, bag, gate } = parts;
  const shut = (): AbortSignal => gate.signal('outgoing');
  const { config, hub, log, notices, secrets, workers } = platform;
  const { cacheDirectory, dataDirectory } = parts.options.environment;
  const uploads = bag.add(await createUploads({ folder: join(dataDirectory, 'uploads'), clock }));
  const downloads = createDownloads({ files: uploads });
  const faces = createFaceAnalysis({
    worker: workers.portrait,
    idle: workers.portraitIdle,
    modelsDirectory: shippedModelsDirectory(),
    cacheDirectory,
    log,
  });
  const characters = bag.add(
    createCharacters({
      dataDirectory,
      shippedDirectory: shippedCharactersDirectory(),
      config,
      s3SecretKey: () => secrets.get('characters.s3SecretKey'),
      shut,
      uploads,
      downloads,
      studio: faces,
      prepareSample: (path) => prepareSample(path, platform, parts.locale()),
      painter: createImageGenerator({ config, apiKey: () => secrets.get('images.apiKey'), shut, clock }),
      model: parts.model,
      locale: parts.locale,
      tell: hub.tell,
      notices,
      changed: parts.changed,
      speak: parts.speak,
      render: (...speech) => parts.render(...speech),
      films: createFilmMaker({ config, token: () => secrets.get('films.token'), shut, clock }),
      clock,
      log,
    }),
  );
  await characters.open();
  const live = bag.add(
    createLivePortrait({
      worker: workers.portrait,
      idle: workers.portraitIdle,
      weights: parts.liveWeights,
      portraitOf: characters.portraitOf,
      openAudio: hub.openAudio,
      provider: 'cuda',
      cacheDirectory,
      log,
    }),
  );
  const receive: typeof uploads.receive = (...file) => {
    // Most files are pictures, which are looked at next: its process starts while the bytes arrive.
    const release = workers.portraitIdle.hold();
    workers.portrait
      .start()
      .catch((error: unknown) => log.debug('portrait.not-started', { error }))
      .finally(release);
    return uploads.receive(...file);
  };
  const resources = createPageResources({
    [UPLOADS_PATH]: {
      method: 'POST',
      answer: async ({ pathname, body, contentLength }) =>
        pathname === UPLOADS_PATH ? jsonAnswer({ uploadId: await receive(body, contentLength) }) : undefined,
    },
    [CHARACTERS_PATH]: { method: 'GET', answer: characters.files },
    [DOWNLOADS_PATH]: { method: 'GET', answer: downloads.answer },
  });
  return { characters, live, resources };
}

/** A sample with the installed voice that stands in for it while none can copy it. */
async function prepareSample(path: string, { workers, log }: Platform, language: 'en' | 'de'): Promise<PreparedSample> {
  const { wav, durationMs, fundamentalHz } = await readVoiceSample(path);
  try {
    const voices = await workers.synthesis.call('voices', {});
    const preset = voices.some(({ canClone }) => canClone === true) ? undefined : nearestPreset(voices, { fundamentalHz, language });
    return { wav, durationMs, nearest: preset && { voice: preset.voice.id, pitch: preset.pitch } };
  } catch (error) {
    // The sample is good; which voice stands in for it is a nicety.
    log.warn('character.no-preset', { error });
    return { wav, durationMs, nearest: undefined };
  }
}
