import { connect } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { errorCode } from '../../base/atomic-file.ts';
import { timedOut, unreachable } from '../language/language-errors.ts';

/** The host and port of an address as people know it. */
export function hostOf(address: URL): string {
  return address.host;
}

/** Names of this machine that no other machine can have. */
const LOOPBACK = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** True for an address of this machine. */
export function isLoopback(address: URL): boolean {
  return LOOPBACK.test(address.hostname);
}

/**
 * Resolves when the server at the address accepts a TCP connection, which is closed again. Rejects with `language.unreachable` or
 * `language.timeout`; resolves early when `signal` aborts, because then the caller looks at that first. `fetch` has no deadline for this alone.
 */
export function reach(address: URL, connectMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const port = Number(address.port) || (address.protocol === 'https:' ? 443 : 80);
  const host = address.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const finish = (settle: () => void): void => {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => finish(resolve);
    const timer = clock.after(connectMs, () => finish(() => reject(timedOut(hostOf(address), 'connect', connectMs))));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => finish(resolve));
    socket.once('error', (error) => finish(() => reject(unreachable(hostOf(address), reasonOf(error)))));
    if (signal.aborted) onAbort();
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'no way to that host',
  ENETUNREACH: 'no network',
  ETIMEDOUT: 'no reaction',
  ECONNRESET: 'it closed the connection',
};

/** A few words for a network error, with its code when we have none. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return 'the connection failed';
  if (/CERT|SELF_SIGNED|TLS|SSL/.test(code)) return `its certificate was not accepted (${code})`;
  return REASONS[code] ?? code;
}

/** Those of the system and of `fetch`. Clients also keep a server's own words as `code`, which are written otherwise and are not to be repeated. */
const NETWORK_CODE = /^[A-Z][A-Z0-9_]+$/;

/** The code of a network error, however deep `fetch` and the clients have wrapped it. */
export function codeOf(error: unknown): string | undefined {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 6; current = current.cause, depth += 1) {
    const code = current instanceof AggregateError ? errorCode(current.errors[0]) : errorCode(current);
    if (code !== undefined && NETWORK_CODE.test(code)) return code;
  }
  return undefined;
}
