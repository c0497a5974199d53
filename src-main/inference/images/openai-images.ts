import { z } from 'zod';
import type { PaintWith } from './image-generator.ts';

const answerSchema = z.object({ data: z.array(z.object({ b64_json: z.string() })) });

/** OpenAI's images interface (`POST /v1/images/generations`), as LocalAI, stable-diffusion.cpp's server and others speak it. One picture per request: few servers make more. */
export const paintWithOpenAi: PaintWith = async (server, { prompt, width, height }, count) => {
  const pictures: Uint8Array[] = [];
  while (pictures.length < count) {
    const body = {
      prompt,
      n: 1,
      size: `${width}x${height}`,
      response_format: 'b64_json',
      ...(server.model === '' ? {} : { model: server.model }),
    };
    const parsed = answerSchema.safeParse(await server.json('/v1/images/generations', body));
    const picture = parsed.success ? parsed.data.data[0] : undefined;
    if (picture === undefined) break;
    pictures.push(Buffer.from(picture.b64_json, 'base64'));
  }
  return pictures;
};
