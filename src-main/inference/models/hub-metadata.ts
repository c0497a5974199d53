import { sourceRefused, unverifiable, wrongHash } from './model-errors.ts';
import type { ExpectedDigest } from './file-digest.ts';

/** What the hub itself says about a file, before it is fetched. */
export interface HubMetadata {
  sizeBytes: number;
  digest: ExpectedDigest;
}

const MAX_REDIRECTS = 5;
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Asks a file's source for its size and, unless it is known, its hash. Large files: the header `x-linked-etag` of the first answer holds their sha256 (the redirect to the
 * storage host that follows does not). Small ones lie in git, and their `etag` is git's own hash. Rejects with `model.unverifiable` when the
 * server states neither, `model.wrong-hash` when it states another one than `known`, `model.source-refused` for an HTTP error, or the network's error.
 */
export async function readHubMetadata(url: string, what: string, signal: AbortSignal, known?: ExpectedDigest): Promise<HubMetadata> {
  let next = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetch(next, {
      method: 'HEAD',
      redirect: 'manual',
      headers: { 'accept-encoding': 'identity' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    if (response.status >= 400) throw sourceRefused(url, response.status);
    const stated = digestOf(response.headers);
    if (known && stated?.algorithm === known.algorithm && stated.hex !== known.hex) throw wrongHash(what, known.hex, stated.hex);
    const digest = known ?? stated;
    const sizeBytes = Number(response.headers.get('x-linked-size') ?? (response.ok ? response.headers.get('content-length') : null));
    if (digest && sizeBytes > 0) return { sizeBytes, digest };
    const location = response.headers.get('location');
    if (response.ok || location === null) break;
    next = new URL(location, next).href;
  }
  throw unverifiable(what);
}

function digestOf(headers: Headers): ExpectedDigest | undefined {
  const etag = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(etag)) return { algorithm: 'sha256', hex: etag };
  if (/^[0-9a-f]{40}$/.test(etag)) return { algorithm: 'git-sha1', hex: etag };
  return undefined;
}
