import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../../../src-main/base/clock.ts';
import { codeOf, reach, reasonOf } from '../../../../src-main/inference/remote/reach.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const never = new AbortController().signal;

async function listen(host = '127.0.0.1'): Promise<{ server: Server; address: URL }> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { server, address: new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`) };
}

function failure(code: string, cause?: Error): Error {
  return Object.assign(new Error('It failed', { cause }), { code });
}

describe('reach', () => {
  it.each(['127.0.0.1', '::1'])('resolves when somebody listens on %s, and hangs up', async (host) => {
    const { server, address } = await listen(host);
    const clock = createVirtualClock();
    const hungUp = new Promise<void>((resolve) => {
      server.on('connection', (socket) => socket.on('close', () => resolve()).resume());
    });
    await reach(address, 1_000, clock, never);
    await hungUp;
    expect(clock.pendingTimers()).toBe(0);
  });

  it('rejects in plain words when nobody does', async () => {
    const { server, address } = await listen();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    await expect(reach(address, 1_000, systemClock, never)).rejects.toMatchObject({
      code: 'language.unreachable',
      details: { where: address.host, reason: 'nothing listens there' },
    });
  });

  it('gives up at its deadline', async () => {
    const { address } = await listen();
    // The deadline passes before the operating system can have said anything.
    const hasty: Clock = {
      ...systemClock,
      after: (_delayMs, run) => {
        queueMicrotask(run);
        return { cancel: () => undefined };
      },
    };
    await expect(reach(address, 5_000, hasty, never)).rejects.toMatchObject({
      code: 'language.timeout',
      details: { where: address.host, stage: 'connect', seconds: 5 },
    });
  });

  it('resolves at once when its caller gives up, who looks at that first', async () => {
    const { address } = await listen();
    const clock = createVirtualClock();
    await reach(address, 5_000, clock, AbortSignal.abort());
    const caller = new AbortController();
    const reaching = reach(address, 5_000, clock, caller.signal);
    caller.abort();
    await reaching;
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe('codeOf', () => {
  it('finds the code of the network however deep it is wrapped', () => {
    expect(codeOf(new Error('a', { cause: new Error('b', { cause: failure('ECONNREFUSED') }) }))).toBe('ECONNREFUSED');
    expect(codeOf(new TypeError('fetch failed', { cause: new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]) }))).toBe(
      'ECONNREFUSED',
    );
  });

  it("passes over what a client keeps of the server's own words", () => {
    expect(codeOf(failure('insufficient_quota'))).toBeUndefined();
    expect(codeOf(failure('insufficient_quota', failure('ECONNRESET')))).toBe('ECONNRESET');
  });

  it.each([undefined, null, 'ECONNREFUSED', { code: 'ECONNREFUSED' }, new Error('plain'), new AggregateError([])])(
    'knows none of %s',
    (error) => {
      expect(codeOf(error)).toBeUndefined();
    },
  );

  it('ends also when an error is its own cause', () => {
    const error: Error = new Error('round');
    error.cause = error;
    expect(codeOf(error)).toBeUndefined();
  });
});

describe('reasonOf', () => {
  it.each([
    ['ECONNREFUSED', 'nothing listens there'],
    ['ENOTFOUND', 'no such host'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate was not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'its certificate was not accepted (ERR_SSL_WRONG_VERSION_NUMBER)'],
    ['EPROTO', 'EPROTO'],
  ])('says of %s: %s', (code, reason) => {
    expect(reasonOf(failure(code))).toBe(reason);
  });

  it('has words for an error without a code', () => {
    expect(reasonOf(new Error('sk-secret'))).toBe('the connection failed');
  });
});
