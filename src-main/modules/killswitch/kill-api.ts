import { setTimeout as patience } from 'node:timers/promises';
import { z } from 'zod';
import type { KillState } from '../../../src-preload/contract/index.ts';
import { killLevelSchema } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import { jsonAnswer, type ResourceHandler } from '../../platform/contract-host/index.ts';
import type { KillSwitch } from './killswitch.ts';

const bodySchema = z.strictObject({
  level: killLevelSchema.refine((level) => level > 0).optional(),
  reason: z.string().max(200).optional(),
});
const MAX_BODY_BYTES = 4_096;
/** Whoever is cut off in the middle of saying how much to stop gets everything stopped. */
const BODY_PATIENCE_MS = 200;

/**
 * `POST /api/kill` with `{"level": 1-5, "reason": "…"}`, both optional, and `GET /api/status`. Whoever may ask may stop; there is no way to lift here.
 * `other`: what else `/api` answers, asked first.
 */
export function createKillApi(
  killSwitch: Pick<KillSwitch, 'engage' | 'state'>,
  other: { status?: () => Record<string, unknown> } = {},
): { GET: ResourceHandler; POST: ResourceHandler } {
  return {
    async POST({ pathname, body }) {
      if (pathname !== '/api/kill') return undefined;
      const { level = 5, reason = '' } = await Promise.race([
        readBody(body),
        patience<z.infer<typeof bodySchema>>(BODY_PATIENCE_MS, {}, { ref: false }),
      ]);
      const state = await killSwitch.engage({ level, trigger: 'api', reason });
      return jsonAnswer(publicState(state));
    },
    GET: async ({ pathname, isOwn }) => {
      if (pathname !== '/api/status' || !isOwn) return undefined;
      return jsonAnswer({ ...other.status?.(), killSwitch: publicState(killSwitch.state()) });
    },
  };
}

function publicState({ level, engagedAtMs, trigger, reason, stopped, stopLatencyMs, languageCutOff }: KillState): object {
  return { level, engagedAtMs, trigger, reason, stopped, stopLatencyMs, languageCutOff };
}

/** Somebody who wants to stop and sends nonsense still wants to stop: only a body that says something else on purpose is refused. */
async function readBody(body: AsyncIterable<Uint8Array>): Promise<z.infer<typeof bodySchema>> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of body) {
      sizeBytes += piece.length;
      if (sizeBytes > MAX_BODY_BYTES) return {};
      pieces.push(piece);
    }
  } catch {
    return {};
  }
  const text = Buffer.concat(pieces).toString('utf8').trim();
  if (text === '') return {};
  const parsed = bodySchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const { level } = z.object({ level: z.unknown() }).catch({ level: undefined }).parse(parseJson(text));
  if (level === 0)
    throw new AppError('killswitch.bad-level', 'A level goes from 1 to 5. A stop is lifted in the window or at the terminal.');
  return {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
