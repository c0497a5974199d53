import { z } from 'zod';

const ANSWER_MS = 2_000;

/** Where an Asterisk's ARI is, and who asks. */
export interface AriDoor {
  /** `http://127.0.0.1:8088`, without the path of ARI. */
  url: string;
  user: string;
  password: string;
}

/** What it said instead of an answer; 0 = nothing at all. */
export interface Unanswered {
  status: number;
}

export const isAnswer = <Answer>(told: Answer | Unanswered): told is Answer =>
  !(typeof told === 'object' && told !== null && 'status' in told);

/** Asks ARI for something. Never rejects but by `signal`. */
export async function askAri<Schema extends z.ZodType>(
  { url, user, password }: AriDoor,
  path: string,
  schema: Schema,
  signal?: AbortSignal,
): Promise<z.infer<Schema> | Unanswered> {
  const late = AbortSignal.timeout(ANSWER_MS);
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/ari/${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      signal: signal ? AbortSignal.any([signal, late]) : late,
      redirect: 'error',
    });
    const body: unknown = await response.json().catch(() => undefined);
    const found = schema.safeParse(body);
    return response.ok && found.success ? found.data : { status: response.status };
  } catch {
    signal?.throwIfAborted();
    return { status: 0 };
  }
}

export const versionSchema = z
  .object({ system: z.object({ version: z.string() }) })
  .transform(({ system }) => ({ version: shortVersion(system.version) }));

/** `22.10.1` of `22.10.1+dfsg+~cs6.17`; certified versions look like `certified-20.7-cert3`. */
function shortVersion(version: string): string {
  return /\d+(?:\.\d+)*/.exec(version)?.[0] ?? version.slice(0, 40);
}
