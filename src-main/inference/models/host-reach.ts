import { connect } from 'node:net';
import type { Clock } from '../../base/clock.ts';

/**
 * Says within seconds whether a download host can be reached, asks each host once, and remembers a "no" for a while: a machine without internet
 * must not wait for a time-out per file.
 */
export interface HostReach {
  reachable(url: string): Promise<boolean>;
  /** A request has just shown that the host does not answer. */
  markUnreachable(url: string): void;
}

export interface HostReachOptions {
  clock: Clock;
  /** Longest wait for a connection. */
  connectTimeoutMs?: number;
  /** How long a "no" is believed; a run of the set-up is shorter than this, an app that stays open asks again. */
  rememberMs?: number;
}

/** Creates a {@link HostReach} for one run. */
export function createHostReach(options: HostReachOptions): HostReach {
  const { clock, connectTimeoutMs = 4000, rememberMs = 120_000 } = options;
  const known = new Map<string, { answer: Promise<boolean>; askedAtMs: number }>();
  return {
    async reachable(url) {
      const key = hostOf(url);
      const before = known.get(key);
      if (before && ((await before.answer) || clock.nowMs() - before.askedAtMs < rememberMs)) return before.answer;
      const answer = canConnect(new URL(url), connectTimeoutMs);
      known.set(key, { answer, askedAtMs: clock.nowMs() });
      return answer;
    },
    markUnreachable(url) {
      known.set(hostOf(url), { answer: Promise.resolve(false), askedAtMs: clock.nowMs() });
    },
  };
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function canConnect(url: URL, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
    const socket = connect({ host: url.hostname.replaceAll(/[[\]]/g, ''), port });
    // The name look-up is part of the wait but not of the socket's own time-out.
    const timer = setTimeout(() => finish(false), timeoutMs);
    const finish = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
