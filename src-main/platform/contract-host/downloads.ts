import { randomBytes } from 'node:crypto';
import { DOWNLOADS_PATH } from '../../../src-preload/contract/index.ts';
import type { ResourceHandler } from './page-resources.ts';
import type { Uploads } from './uploads.ts';

/** Files that a call has made for the owner to save, at addresses that cannot be guessed. */
export interface Downloads {
  /** Offers the bytes under a file name; kept as long as an upload. Returns the address in the page's own origin. */
  offer(fileName: string, contentType: string, content: Uint8Array): Promise<string>;
  answer: ResourceHandler;
}

/** Addresses that are remembered; older files have long been saved. */
const MAX_OFFERS = 20;

export function createDownloads(deps: { files: Pick<Uploads, 'add' | 'locate'> }): Downloads {
  const offers = new Map<string, { uploadId: string; contentType: string }>();
  return {
    async offer(fileName, contentType, content) {
      const uploadId = await deps.files.add(content);
      const path = `${DOWNLOADS_PATH}/${randomBytes(16).toString('hex')}/${encodeURIComponent(fileName)}`;
      offers.set(path, { uploadId, contentType });
      for (const oldest of offers.keys()) {
        if (offers.size <= MAX_OFFERS) break;
        offers.delete(oldest);
      }
      return path;
    },
    async answer({ pathname }) {
      const offer = offers.get(pathname);
      if (!offer) return undefined;
      const body = await deps.files.locate(offer.uploadId);
      return { status: 200, contentType: offer.contentType, cacheControl: 'no-store', body, attachment: true };
    },
  };
}
