import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../base/clock.ts';

/** Who has proved himself: a browser by its cookie, or a program of the owner's by the token. Two pages of one browser are the same principal. */
export type Principal = string;

/** Why a request was turned away; the sentence is for the one who reads the browser's or terminal's output. */
export type Refusal = { status: 403 | 421; reason: string };

export type Entry = { granted: true; principal: Principal; isProgram: boolean } | { granted: false; refusal: Refusal };

/** Decides who may come in through the web door. Every check happens before a request is answered or a socket upgraded. */
export interface WebGate {
  /** For programs; written to serve.json, readable by the owner only. */
  readonly bearerToken: string;
  /** A fresh link token that one browser may exchange once within ten minutes. `forProgram`: a program asked for it, so no person need sit at that page. */
  issueLinkToken(options?: { forProgram: boolean }): string;
  /** The cookie's header value for a link token that is good; undefined for one that is used, expired or wrong. */
  redeemLinkToken(token: string): string | undefined;
  /** The name under which the request reached us, for anything at all. Keeps out pages that had their own name point at this machine. */
  checkHost(headers: IncomingHttpHeaders): Refusal | undefined;
  /** For files of the page. */
  admitRequest(headers: IncomingHttpHeaders): Entry;
  /** For WebSockets: also the page's origin, because browsers let every page open a socket to anywhere. */
  admitSocket(headers: IncomingHttpHeaders): Entry;
  /** For what has tokens of its own: the name under which it reached us, and no origin but our own. */
  checkProgram(headers: IncomingHttpHeaders): Refusal | undefined;
}

export interface WebGateOptions {
  clock: Clock;
  /** `host:port` as browsers send it, lower case. */
  allowedHosts: () => ReadonlySet<string>;
  /** Part of the cookie's name: cookies are shared between the ports of a host, and two servers must not overwrite each other's. */
  port: () => number;
}

const LINK_LIFETIME_MS = 10 * 60_000;
const MAX_OPEN_LINKS = 50;
const MAX_BROWSERS = 100;
const BEARER: Principal = 'bearer';

export function createWebGate({ clock, allowedHosts, port }: WebGateOptions): WebGate {
  const bearerToken = newSecret();
  /** Hashes of link tokens with their time of expiry, and of the cookies that were given out, each with who asked for it; oldest first. */
  const links = new Map<string, { expiresAtMs: number; isProgram: boolean }>();
  const browsers = new Map<string, { isProgram: boolean }>();
  const cookieName = (): string => `openclaw_${port()}`;

  const checkHost = (headers: IncomingHttpHeaders): Refusal | undefined =>
    allowedHosts().has(headers.host?.toLowerCase() ?? '')
      ? undefined
      : { status: 421, reason: 'This address is not one that OpenClaw Desktop listens to. Use the link it printed.' };

  const identify = (headers: IncomingHttpHeaders): Entry => {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    if (token !== undefined)
      return sameSecret(token, bearerToken) ? { granted: true, principal: BEARER, isProgram: true } : refuse('The token is not valid.');
    const cookie = cookieValue(headers.cookie, cookieName());
    const principal = cookie === undefined ? undefined : hash(cookie);
    const browser = principal === undefined ? undefined : browsers.get(principal);
    if (principal !== undefined && browser !== undefined) return { granted: true, principal, isProgram: browser.isProgram };
    return refuse('This page opens with a one-time link. The server printed one when it started; "openclaw link" prints another.');
  };

  const admit = (headers: IncomingHttpHeaders, identified: () => Entry): Entry => {
    const refusal = checkHost(headers);
    return refusal === undefined ? identified() : { granted: false, refusal };
  };

  return {
    bearerToken,
    checkHost,
    issueLinkToken({ forProgram } = { forProgram: false }) {
      const token = newSecret();
      links.set(hash(token), { expiresAtMs: clock.wallMs() + LINK_LIFETIME_MS, isProgram: forProgram });
      dropOldest(links, MAX_OPEN_LINKS);
      return token;
    },
    redeemLinkToken(token) {
      const key = hash(token);
      const link = links.get(key);
      links.delete(key);
      if (link === undefined || link.expiresAtMs < clock.wallMs()) return undefined;
      const cookie = newSecret();
      browsers.set(hash(cookie), { isProgram: link.isProgram });
      dropOldest(browsers, MAX_BROWSERS);
      return `${cookieName()}=${cookie}; Path=/; HttpOnly; SameSite=Strict`;
    },
    admitRequest: (headers) => admit(headers, () => identify(headers)),
    checkProgram: (headers) =>
      checkHost(headers) ??
      (headers.origin === undefined || originHost(headers.origin) === headers.host?.toLowerCase()
        ? undefined
        : { status: 403, reason: 'Pages of other addresses may not use this.' }),
    admitSocket: (headers) =>
      admit(headers, () => {
        const entry = identify(headers);
        const isBearer = entry.granted && entry.principal === BEARER;
        if (headers.origin === undefined ? isBearer : originHost(headers.origin) === headers.host?.toLowerCase()) return entry;
        return refuse('Only the page of OpenClaw Desktop itself may open this connection.');
      }),
  };
}

function refuse(reason: string): Entry {
  return { granted: false, refusal: { status: 403, reason } };
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(wanted).digest());
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** `host:port` of a plain http origin; anything else is nobody we know. */
function originHost(origin: string): string | undefined {
  return origin.startsWith('http://') ? origin.slice('http://'.length).toLowerCase() : undefined;
}

function dropOldest(entries: Map<string, unknown>, keep: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= keep) return;
    entries.delete(key);
  }
}
