import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../base/clock.ts';
import type { ResourceAnswer, ResourceHandler } from '../../../platform/contract-host/index.ts';
import type { Recordings } from './recordings.ts';

/** First part of the addresses; compose gives it to {@link RecordingLinks.answer}. */
export const RECORDINGS_PATH = '/recordings';

/** Recordings for a page's player, at addresses that cannot be guessed and soon lead nowhere. */
export interface RecordingLinks {
  issue(callId: string): string;
  /** Answers whole or in parts (`Range`), so that a player can jump to a word. */
  answer: ResourceHandler;
  /** A recording that was deleted is not played on. */
  revoke(callId: string): void;
}

const LIFETIME_MS = 600_000;
const MAX_LINKS = 50;

export function createRecordingLinks(deps: { recordings: Pick<Recordings, 'open'>; clock: Pick<Clock, 'nowMs'> }): RecordingLinks {
  const { recordings, clock } = deps;
  const links = new Map<string, { callId: string; untilMs: number }>();
  return {
    issue(callId) {
      const path = `${RECORDINGS_PATH}/${randomBytes(16).toString('hex')}`;
      links.set(path, { callId, untilMs: clock.nowMs() + LIFETIME_MS });
      for (const [oldest, { untilMs }] of links) {
        if (links.size <= MAX_LINKS && untilMs > clock.nowMs()) break;
        links.delete(oldest);
      }
      return path;
    },
    async answer({ pathname, range }) {
      const link = links.get(pathname);
      if (link === undefined || link.untilMs <= clock.nowMs()) return undefined;
      const sealed = await recordings.open(link.callId);
      if (sealed === undefined) return undefined;
      const { sizeBytes } = sealed;
      const part = partOf(range, sizeBytes);
      if (part === 'nowhere') {
        await sealed.close();
        return {
          ...WAV,
          status: 416,
          headers: { 'accept-ranges': 'bytes', 'content-range': `bytes */${sizeBytes}` },
          body: new Uint8Array(0),
        };
      }
      const { start, end } = part ?? { start: 0, end: sizeBytes };
      const headers = { 'accept-ranges': 'bytes', ...(part ? { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` } : {}) };
      return {
        ...WAV,
        status: part ? 206 : 200,
        headers,
        body: { pieces: sealed.pieces(start, end), sizeBytes: end - start, close: () => void sealed.close().catch(() => undefined) },
      };
    },
    revoke(callId) {
      for (const [path, link] of links) if (link.callId === callId) links.delete(path);
    },
  };
}

const WAV: Pick<ResourceAnswer, 'contentType' | 'cacheControl'> = { contentType: 'audio/wav', cacheControl: 'no-store' };

/** One part as players ask for it; undefined = the whole, also for what is no range (RFC 9110: to be ignored). */
function partOf(range: string | undefined, sizeBytes: number): { start: number; end: number } | 'nowhere' | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '');
  if (!found) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start >= sizeBytes || end <= start ? 'nowhere' : { start, end };
}
