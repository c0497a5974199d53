import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import type { WorkerDefinition } from '../../../../src-main/platform/workers/worker-host.ts';
import { serveWorker } from '../../../../src-main/platform/workers/worker-host.ts';
import type { WorkerTransport } from '../../../../src-main/platform/workers/worker-transport.ts';
import type { FromWorker, ToWorker } from '../../../../src-main/platform/workers/workers.ts';

interface TestMethods {
  add: { params: { left: number; right: number }; result: number };
  wait: { params: Record<string, never>; chunk: string; result: string };
  fail: { params: { kind: 'app' | 'plain' }; result: void };
}

interface TestLine extends WorkerTransport {
  sent: FromWorker[];
  exits: number[];
  tell(message: ToWorker): void;
  loseParent(): void;
}

function createLine(): TestLine {
  let onMessage: ((message: ToWorker, handle: undefined) => void) | undefined;
  let onGone: (() => void) | undefined;
  const line: TestLine = {
    sent: [],
    exits: [],
    post: (message) => line.sent.push(message),
    onMessage: (listener) => void (onMessage = listener),
    onParentGone: (listener) => void (onGone = listener),
    exit: (code) => line.exits.push(code),
    tell: (message) => onMessage?.(message, undefined),
    loseParent: () => onGone?.(),
  };
  return line;
}

const methods: WorkerDefinition<TestMethods>['methods'] = {
  add: ({ left, right }) => left + right,
  async wait(_params, { signal, chunk }) {
    chunk('half');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 'cancelled early';
  },
  fail({ kind }) {
    throw kind === 'app' ? new AppError('test.failed', 'It failed.', { details: { why: 'asked' } }) : new TypeError('oops');
  },
};

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('serveWorker', () => {
  it('says ready at once and answers a ping with its memory', () => {
    const line = createLine();
    serveWorker<TestMethods>({ methods }, line);
    line.tell({ type: 'ping', seq: 3 });
    expect(line.sent).toEqual([
      { type: 'ready', pid: process.pid },
      { type: 'pong', seq: 3, memoryBytes: expect.any(Number) as number },
    ]);
  });

  it('answers results and errors as data', async () => {
    const line = createLine();
    serveWorker<TestMethods>({ methods }, line);
    line.tell({ type: 'request', seq: 1, method: 'add', params: { left: 1, right: 2 } });
    line.tell({ type: 'request', seq: 2, method: 'fail', params: { kind: 'app' } });
    line.tell({ type: 'request', seq: 3, method: 'fail', params: { kind: 'plain' } });
    await settle();
    const responses = line.sent.flatMap((message) => (message.type === 'response' ? [message] : [])).toSorted((a, b) => a.seq - b.seq);
    expect(responses).toEqual([
      { type: 'response', seq: 1, ok: true, value: 3 },
      { type: 'response', seq: 2, ok: false, error: { code: 'test.failed', message: 'It failed.', details: { why: 'asked' } } },
      { type: 'response', seq: 3, ok: false, error: { code: 'internal.unexpected', message: 'oops', details: {} } },
    ]);
  });

  it.each(['missing', 'toString', '__proto__', 'constructor'])('refuses the method "%s", which it does not have', async (method) => {
    const line = createLine();
    serveWorker<TestMethods>({ methods }, line);
    line.tell({ type: 'request', seq: 1, method, params: {} });
    await settle();
    expect(line.sent.at(-1)).toMatchObject({ type: 'response', seq: 1, ok: false, error: { code: 'worker.unknown-method' } });
  });

  it('aborts the signal of a cancelled call and lets the method decide what to answer', async () => {
    const line = createLine();
    serveWorker<TestMethods>({ methods }, line);
    line.tell({ type: 'request', seq: 1, method: 'wait', params: {} });
    line.tell({ type: 'cancel', seq: 99 });
    line.tell({ type: 'cancel', seq: 1 });
    await settle();
    expect(line.sent.slice(1)).toEqual([
      { type: 'chunk', seq: 1, value: 'half' },
      { type: 'response', seq: 1, ok: true, value: 'cancelled early' },
    ]);
  });

  it('sends events', () => {
    const line = createLine();
    serveWorker<TestMethods, { fact: string }>({ methods }, line).emit({ fact: 'one' });
    expect(line.sent.at(-1)).toEqual({ type: 'event', payload: { fact: 'one' } });
  });

  it('closes what is open before it exits, and exits although closing fails', async () => {
    const line = createLine();
    const order: string[] = [];
    const onShutdown = async (): Promise<void> => {
      await settle();
      order.push('closed');
      throw new Error('stuck');
    };
    serveWorker<TestMethods>({ methods, onShutdown }, { ...line, exit: () => order.push('exit'), onMessage: line.onMessage });
    line.tell({ type: 'shutdown' });
    await expect.poll(() => order).toEqual(['closed', 'exit']);
  });

  it('exits when its parent is gone', () => {
    const line = createLine();
    serveWorker<TestMethods>({ methods }, line);
    line.loseParent();
    expect(line.exits).toEqual([0]);
  });
});
