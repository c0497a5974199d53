import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** A file of the built page, ready to be sent. */
export interface PageFile {
  body: Buffer;
  contentType: string;
  /** Files whose name holds a hash of their content never change. */
  cacheControl: string;
}

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
};

/**
 * The file of the built page for a URL's path; undefined when there is none: a folder, an unknown kind, anything outside `root`
 * (also through `..`, encoded or not, and through links). `/` is `index.html`.
 */
export async function readPageFile(root: string, urlPath: string): Promise<PageFile | undefined> {
  const path = decodePath(urlPath === '/' ? '/index.html' : urlPath);
  const contentType = path === undefined ? undefined : CONTENT_TYPES[extname(path).toLowerCase()];
  if (path === undefined || contentType === undefined) return undefined;
  try {
    const realRoot = await realpath(root);
    const file = await realpath(join(realRoot, path));
    if (!file.startsWith(realRoot + sep)) return undefined;
    const cacheControl = path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
    return { body: await readFile(file), contentType, cacheControl };
  } catch {
    return undefined;
  }
}

/** Decoded once; undefined for what no file of ours is called. */
function decodePath(urlPath: string): string | undefined {
  try {
    const path = decodeURIComponent(urlPath);
    return /^(?:\/[\w@.-]+)+$/.test(path) && !path.split('/').includes('..') ? path : undefined;
  } catch {
    return undefined;
  }
}
