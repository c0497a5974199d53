import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { ImageServer, PaintWith, PaintWords } from './image-generator.ts';

const POLL_MS = 500;
const queuedSchema = z.object({ prompt_id: z.string() });
const pictureSchema = z.object({ filename: z.string(), subfolder: z.string().default(''), type: z.string().default('output') });
const historySchema = z.record(
  z.string(),
  z.object({
    status: z.object({ status_str: z.string().optional() }).optional(),
    outputs: z.record(z.string(), z.object({ images: z.array(pictureSchema).optional() })).default({}),
  }),
);
const checkpointsSchema = z.object({
  CheckpointLoaderSimple: z.object({
    input: z.object({ required: z.object({ ckpt_name: z.tuple([z.array(z.string())]).rest(z.unknown()) }) }),
  }),
});

/** ComfyUI's own server: a graph of seven nodes is queued (`POST /prompt`), its history is looked at until it is done, and each picture is fetched by `/view`. */
export const paintWithComfyUi: PaintWith = async (server, words, count) => {
  const checkpoint = server.model === '' ? await firstCheckpoint(server) : server.model;
  if (checkpoint === undefined) return [];
  const queued = queuedSchema.safeParse(await server.json('/prompt', { prompt: graph(words, checkpoint, count) }));
  if (!queued.success) return [];
  const id = queued.data.prompt_id;
  for (;;) {
    const history = historySchema.safeParse(await server.json(`/history/${encodeURIComponent(id)}`));
    const done = history.success ? history.data[id] : undefined;
    if (done) {
      const pictures = Object.values(done.outputs).flatMap(({ images = [] }) => images);
      return Promise.all(pictures.slice(0, count).map((picture) => server.bytes(`/view?${new URLSearchParams(picture).toString()}`)));
    }
    if (!history.success) return [];
    await server.wait(POLL_MS);
  }
};

/** The first model that the server has: whoever has several names one in the settings. */
async function firstCheckpoint(server: ImageServer): Promise<string | undefined> {
  const parsed = checkpointsSchema.safeParse(await server.json('/object_info/CheckpointLoaderSimple'));
  return parsed.success ? parsed.data.CheckpointLoaderSimple.input.required.ckpt_name[0][0] : undefined;
}

/** Nodes by number; `[number, output]` is a wire. */
function graph({ prompt, unwanted, width, height }: PaintWords, checkpoint: string, count: number): Record<string, unknown> {
  return {
    1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
    2: { class_type: 'CLIPTextEncode', inputs: { text: prompt, clip: ['1', 1] } },
    3: { class_type: 'CLIPTextEncode', inputs: { text: unwanted, clip: ['1', 1] } },
    4: { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: count } },
    5: {
      class_type: 'KSampler',
      inputs: {
        model: ['1', 0],
        positive: ['2', 0],
        negative: ['3', 0],
        latent_image: ['4', 0],
        seed: randomInt(2 ** 32),
        steps: 25,
        cfg: 6,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 1,
      },
    },
    6: { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
    7: { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: 'openclaw' } },
  };
}
