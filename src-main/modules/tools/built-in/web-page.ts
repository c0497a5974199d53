import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { promisify } from 'node:util';
import { AppError } from '../../../base/errors.ts';
import { isHostAllowed } from '../host-rules.ts';
import { oneLine } from '../tool-text.ts';
import { toolError } from '../tools-errors.ts';
import { isPublicAddress } from '../sandbox/index.ts';

interface WebAnswer {
  status: number;
  contentType: string;
  body: Buffer;
  url: string;
}

export interface WebReach {
  /** Entries of the owner's list. */
  hosts: readonly string[];
  /** All addresses of a name. Ours, so that tests can play a name server that changes its mind. */
  lookup?: (host: string) => Promise<readonly string[]>;
  /** Whether an address may be connected to; default: those of the open internet. */
  mayConnect?: (address: string) => boolean;
}

const MAX_REDIRECTS = 5;
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 8 * 1024 * 1024;

/**
 * GET through the allowlist. The name is resolved here, every address is checked, and the connection goes to exactly the address that was checked, so a name
 * server that answers differently a moment later changes nothing. Each redirect is checked like the first address; headers go only to the first origin: not to another host, and not without encryption where the first had it.
 */
export async function getPage(
  address: string,
  headers: Readonly<Record<string, string>>,
  reach: WebReach,
  signal: AbortSignal,
): Promise<WebAnswer> {
  let url = parseUrl(address);
  const { origin } = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    requireAllowed(url, reach);
    const connectTo = await checkedAddress(url.hostname, reach);
    const answer = await request(url, url.origin === origin ? headers : {}, connectTo, signal);
    const { location } = answer.headers;
    if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0)) return finish(answer, url);
    answer.destroy();
    url = parseUrl(new URL(location, url).href);
  }
  throw toolError('tools.web-failed', { host: url.hostname, problem: 'too many redirects' });
}

/** Throws `tools.bad-address`. */
export function parseUrl(address: string): URL {
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '' || url.hostname === '')
    throw toolError('tools.bad-address', { url: oneLine(address, 120) });
  return url;
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

/** Throws `tools.host-not-allowed`. */
export function requireAllowed(url: URL, { hosts }: Pick<WebReach, 'hosts'>): void {
  if (!isHostAllowed(bareHost(url.hostname), portOf(url), hosts))
    throw toolError('tools.host-not-allowed', { host: bareHost(url.hostname) });
}

function bareHost(host: string): string {
  return host
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

async function checkedAddress(hostname: string, { lookup = lookUp, mayConnect = isPublicAddress }: WebReach): Promise<string> {
  const host = bareHost(hostname);
  const addresses =
    isIP(host) > 0
      ? [host]
      : await lookup(host).catch((error: unknown) => {
          throw toolError('tools.web-failed', { host, problem: 'its name is not known' }, error);
        });
  const [first] = addresses;
  if (first === undefined) throw toolError('tools.web-failed', { host, problem: 'its name is not known' });
  // One inner address among public ones is enough: that is how a rebinding begins.
  if (!addresses.every(mayConnect)) throw toolError('tools.private-address', { host });
  return first;
}

function lookUp(host: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found.map(({ address }) => address))));
  });
}

function request(url: URL, headers: Readonly<Record<string, string>>, connectTo: string, signal: AbortSignal): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_host, options, done) => {
    const family = isIP(connectTo);
    if (options.all === true)
      (done as (error: null, found: { address: string; family: number }[]) => void)(null, [{ address: connectTo, family }]);
    else done(null, connectTo, family);
  };
  const options: RequestOptions = {
    method: 'GET',
    lookup: pinned,
    signal,
    agent: false,
    headers: {
      accept: 'text/html,text/plain,application/json;q=0.9,*/*;q=0.5',
      'accept-encoding': 'gzip, deflate, br',
      'user-agent': 'OpenClaw-Desktop',
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
    sent.on('error', (error) => {
      if (signal.aborted) reject(signal.reason);
      else reject(toolError('tools.web-failed', { host: url.hostname, problem: oneLine(error.message, 120) }, error));
    });
    sent.end();
  });
}

async function finish(answer: IncomingMessage, url: URL): Promise<WebAnswer> {
  const host = url.hostname;
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of answer) {
      if (!Buffer.isBuffer(piece)) continue;
      length += piece.length;
      if (length > MAX_BODY_BYTES) throw toolError('tools.web-too-large', { host, limit: MAX_BODY_BYTES });
      pieces.push(piece);
    }
    const body = await unpack(Buffer.concat(pieces), answer.headers['content-encoding']);
    return { status: answer.statusCode ?? 0, contentType: answer.headers['content-type'] ?? '', body, url: url.href };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw toolError('tools.web-failed', { host, problem: oneLine(error instanceof Error ? error.message : String(error), 120) }, error);
  } finally {
    answer.destroy();
  }
}

/** Bounded, against bombs. */
async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const limit = { maxOutputLength: MAX_UNPACKED_BYTES };
  if (encoding === 'gzip') return promisify<Buffer, typeof limit, Buffer>(gunzip)(body, limit);
  if (encoding === 'deflate') return promisify<Buffer, typeof limit, Buffer>(inflate)(body, limit);
  if (encoding === 'br') return promisify<Buffer, typeof limit, Buffer>(brotliDecompress)(body, limit);
  return body;
}
