import { z } from 'zod';
import type { PaintWith } from './image-generator.ts';

const answerSchema = z.object({ images: z.array(z.string()) });

/** The API of AUTOMATIC1111's web UI (started with `--api`), which Forge and SD.Next speak too: `POST /sdapi/v1/txt2img`. */
export const paintWithAutomatic1111: PaintWith = async (server, { prompt, unwanted, width, height }, count) => {
  const answer = await server.json('/sdapi/v1/txt2img', {
    prompt,
    negative_prompt: unwanted,
    width,
    height,
    batch_size: 1,
    n_iter: count,
    steps: 25,
    ...(server.model === '' ? {} : { override_settings: { sd_model_checkpoint: server.model } }),
  });
  const parsed = answerSchema.safeParse(answer);
  // Some versions put a data URL's head in front.
  return parsed.success ? parsed.data.images.slice(0, count).map((text) => Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64')) : [];
};
