import type { Clock } from '../../base/clock.ts';
import type { Config } from '../../platform/config/index.ts';
import { paintWithAutomatic1111 } from './automatic1111.ts';
import { paintWithComfyUi } from './comfyui.ts';
import { badAnswer, noGenerator } from './image-errors.ts';
import { wordsFor, type ImageGenerator, type PaintedPicture, type PaintWith } from './image-generator.ts';
import { openImageServer } from './image-server.ts';
import { generatorKind, generatorModel, generatorRemote, generatorUrl } from './images-config.ts';
import { paintWithOpenAi } from './openai-images.ts';

type Kind = 'openai' | 'automatic1111' | 'comfyui';

/** Where each listens when its owner has changed nothing. */
const KINDS: Readonly<Record<Kind, { paint: PaintWith; usual: string }>> = {
  openai: { paint: paintWithOpenAi, usual: 'http://127.0.0.1:8080' },
  automatic1111: { paint: paintWithAutomatic1111, usual: 'http://127.0.0.1:7860' },
  comfyui: { paint: paintWithComfyUi, usual: 'http://127.0.0.1:8188' },
};

const DEADLINE_MS = 300_000;

/** The image generator of the settings, asked anew each time: a change is in effect at once. */
export function createImageGenerator(deps: {
  config: Pick<Config, 'get'>;
  apiKey: () => string | undefined;
  /** Aborted, with its reason, while nothing may reach out; asked anew for each picture. */
  shut: () => AbortSignal;
  clock: Clock;
  /** For everything together, ms. */
  deadlineMs?: number;
}): ImageGenerator {
  const { config, clock } = deps;
  return {
    async paint(request) {
      const chosen = config.get<'none' | Kind>(generatorKind);
      if (chosen === 'none') throw noGenerator();
      const shut = deps.shut();
      shut.throwIfAborted();
      const { paint, usual } = KINDS[chosen];
      const typed = config.get(generatorUrl);
      const address = typed === '' ? usual : typed;
      const server = openImageServer({
        address: chosen === 'openai' ? address.replace(/\/v1\/?$/, '') : address,
        remoteAllowed: config.get(generatorRemote),
        apiKey: deps.apiKey(),
        model: config.get(generatorModel),
        deadlineMs: deps.deadlineMs ?? DEADLINE_MS,
        shut,
        clock,
      });
      try {
        const painted = await paint(server, wordsFor(request), request.count);
        const pictures = painted.flatMap((bytes): PaintedPicture[] => {
          const contentType = pictureType(bytes);
          return contentType === undefined ? [] : [{ bytes, contentType }];
        });
        if (pictures.length === 0)
          throw badAnswer(new URL(address).host, painted.length === 0 ? 'there is none in its answer' : 'what it sent is none');
        return pictures;
      } finally {
        server.end();
      }
    },
  };
}

/** What the bytes are, by their first ones. */
function pictureType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\u0089PNG')) return 'image/png';
  if (start.startsWith('\u00FF\u00D8\u00FF')) return 'image/jpeg';
  return start.startsWith('RIFF') && start.endsWith('WEBP') ? 'image/webp' : undefined;
}
