import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-main/base/errors.ts';
import { charactersSettings, createCharacters, type PortraitStudio, type Speaker } from '../../src-main/modules/characters/index.ts';
import type { CharactersDeps } from '../../src-main/modules/characters/characters.ts';
import { createImageGenerator, imagesSettings } from '../../src-main/inference/images/index.ts';
import { createConfig } from '../../src-main/platform/config/index.ts';
import { createDownloads, createUploads, type Caller } from '../../src-main/platform/contract-host/index.ts';
import { createNoticeBoard } from '../../src-main/platform/notices/index.ts';
import type { EventName, PortraitFace } from '../../src-preload/contract/index.ts';
import { createRecordingLog } from './recording-log.ts';
import { createScriptedLanguageModel } from './scripted-language-model.ts';
import { SHIPPED_CHARACTERS } from './shipped-characters.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { neverShut } from './never-shut.ts';

/** Where the clock of the rig begins: in the year 2027, so that dates look like dates. */
const START_MS = 1_800_000_000_000;
const LANDMARKS = Array.from({ length: 478 * 3 }, (_, index) => index);

export interface CharactersRigOptions {
  dataDirectory?: string;
  shippedDirectory?: string;
  /** Answers of the language model, and its size. */
  answers?: (messages: readonly { text: string }[]) => string;
  parameterCount?: number;
  /** The voice that stands in for a sample, as if none could copy it. */
  nearest?: { voice: string; pitch: number };
  settings?: Readonly<Record<string, string | number | boolean>>;
  /** Makes the clip of a face server; the default is done at once. */
  film?: (signal: AbortSignal | undefined, onProgress: (share: number) => void) => Promise<Uint8Array<ArrayBuffer>>;
}

/** The module with real files, settings, uploads and notices; portraits, voices and the language model are doubles. */
export async function createCharactersRig(options: CharactersRigOptions = {}) {
  const dataDirectory = options.dataDirectory ?? (await temporaryFolder());
  const clock = createVirtualClock(START_MS);
  const log = createRecordingLog();
  const events: { name: EventName; payload: unknown; clientId?: string }[] = [];
  const tell: CharactersDeps['tell'] = (name, payload, clientId) =>
    void events.push({ name, payload, ...(clientId === undefined ? {} : { clientId }) });
  const config = createConfig({ dataDirectory, definitions: [...charactersSettings, ...imagesSettings], clock, log });
  for (const [key, value] of Object.entries(options.settings ?? {})) await config.set(key, value);
  const uploads = await createUploads({ folder: join(dataDirectory, 'uploads'), clock });
  const downloads = createDownloads({ files: uploads });
  const notices = createNoticeBoard({ tell: () => undefined });
  const changed: string[] = [];
  const filmed: Parameters<CharactersDeps['films']['render']>[0][] = [];
  const spoken: { speaker: Speaker; text: string; language: string }[] = [];
  const characters = createCharacters({
    dataDirectory,
    shippedDirectory: options.shippedDirectory ?? SHIPPED_CHARACTERS,
    config,
    s3SecretKey: () => 'S3RVER',
    shut: neverShut,
    uploads,
    downloads,
    studio: scriptedStudio(),
    async prepareSample(path) {
      const wav = await readFile(path);
      if (wav.includes('silent')) throw new AppError('voice.sample-silent', 'Nothing can be heard in the recording.');
      return { wav, durationMs: 5_000, nearest: options.nearest };
    },
    painter: createImageGenerator({ config, apiKey: () => undefined, shut: neverShut, clock }),
    model: createScriptedLanguageModel({
      clock,
      answers: (messages) => options.answers?.(messages) ?? '',
      ...(options.parameterCount === undefined ? {} : { parameterCount: options.parameterCount }),
    }),
    locale: () => 'en',
    tell,
    notices,
    changed: (characterId) => void changed.push(characterId),
    speak: (_caller, speaker, text, language) => void spoken.push({ speaker, text, language }),
    films: {
      async render(order, { signal, onProgress = () => undefined } = {}) {
        filmed.push(order);
        return options.film?.(signal, onProgress) ?? new Uint8Array([1, 2, 3]);
      },
    },
    async render(speaker, text, language) {
      spoken.push({ speaker, text, language });
      const phonemes = [{ symbol: 'a', startMs: 0, durationMs: 100 }];
      return { sampleRateHz: 22_050, samples: new Float32Array([0, 0.5, -0.5]), phonemes, emotion: speaker.voice.emotion };
    },
    clock,
    log,
  });
  await characters.open();
  const caller: Caller = { clientId: 'page', door: 'window' };
  return {
    characters,
    call: characters.handlers,
    caller,
    config,
    clock,
    uploads,
    downloads,
    notices,
    events,
    changed,
    spoken,
    filmed,
    log,
    dataDirectory,
    folder: join(dataDirectory, 'characters'),
    codes: () => notices.snapshot().notices.map(({ code }) => code),
    ids: async (): Promise<string[]> => (await characters.handlers['characters.list']({}, caller)).map(({ id }) => id),
    upload: (content: string | Uint8Array) => uploads.add(Buffer.from(content)),
  };
}

export type CharactersRig = Awaited<ReturnType<typeof createCharactersRig>>;

/** A character of a picture, with a voice of her own when one is given. */
export async function createAda(
  rig: CharactersRig,
  more: { voiceSample?: string; consent?: boolean; name?: string; description?: string } = {},
) {
  return rig.call['characters.createFromPortrait'](
    {
      portrait: await rig.upload('a picture'),
      name: more.name ?? 'Ada',
      description: more.description ?? 'Calm, precise. Pauses often.',
      face: 0,
      anchors: null,
      voiceSample: more.voiceSample === undefined ? null : await rig.upload(more.voiceSample),
      consent: more.consent ?? false,
    },
    rig.caller,
  );
}

const look = async (path: string): Promise<Buffer> => {
  const bytes = await readFile(path);
  if (bytes.includes('nobody')) throw new AppError('face.none', 'There is no face in this picture.');
  return bytes;
};
const face = (portraitHash: string): PortraitFace => ({
  version: 1,
  portraitHash,
  width: 640,
  height: 800,
  landmarks: LANDMARKS,
  source: 'detected',
  pose: { yaw: 0, pitch: 0, roll: 0 },
  head: [100, 50, 500, 600],
  shouldersY: 700,
});

/** Finds one face in every picture but those that say "nobody". */
function scriptedStudio(): PortraitStudio {
  return {
    async analyse(path) {
      const bytes = await look(path);
      const hash = createHash('sha256').update(bytes).digest('hex');
      return { analysis: { version: 1, hash, width: 1024, height: 1280, quarterTurns: 0, faces: [] }, preview: 'data:image/webp;base64,' };
    },
    fitAnchors: async () => LANDMARKS,
    async prepare(path, { anchors }) {
      const picture = await look(path);
      const hash = createHash('sha256').update(picture).digest('hex');
      return { picture, extension: 'webp', width: 640, height: 800, face: { ...face(hash), source: anchors ? 'anchors' : 'detected' } };
    },
  };
}
