import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { AppError } from '../../../base/errors.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export const promptSchema = z.object({
  messages: z
    .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(50_000) }))
    .min(1)
    .max(500),
});
export const textSchema = z.object({ text: z.string().trim().min(1).max(8_000) });

/** A JSON body of this shape. Throws `avr.bad-request` or `avr.too-large`. */
export async function readJson<Shape>(request: IncomingMessage, schema: z.ZodType<Shape>): Promise<Shape> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new AppError('avr.too-large', 'The request is larger than 1 MB.');
    pieces.push(piece);
  }
  const parsed = schema.safeParse(parseJson(Buffer.concat(pieces).toString('utf8')));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError(
    'avr.bad-request',
    `This is not what is expected here: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not JSON'}.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The token as a header or, since AVR's parts are only given an address, in that: `Authorization: Bearer …`, `X-API-Key: …`, `?token=…`. */
export function hasToken(request: IncomingMessage, url: URL, token: string): boolean {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const key = request.headers['x-api-key'];
  const given = [bearer, typeof key === 'string' ? key : undefined, url.searchParams.get('token') ?? undefined];
  return token !== '' && given.some((candidate) => candidate !== undefined && isEqual(candidate, token));
}

function isEqual(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
