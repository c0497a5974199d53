import { assert, asyncProperty, array, boolean } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeferred, type Deferred } from '../../../../src-main/base/deferred.ts';
import { createEngineQueue } from '../../../../src-main/inference/llama/engine-queue.ts';

async function settle(): Promise<void> {
  for (let index = 0; index < 10; index += 1) await Promise.resolve();
}

/** A queue whose work ends when the test says so. */
function setUp() {
  const queue = createEngineQueue();
  const begun: string[] = [];
  const ends = new Map<string, Deferred<void>>();
  const work = async (name: string): Promise<string> => {
    begun.push(name);
    const end = createDeferred<void>();
    ends.set(name, end);
    await end.promise;
    return name;
  };
  return {
    queue,
    begun,
    work,
    async end(name: string) {
      await settle();
      ends.get(name)?.resolve();
      await settle();
    },
  };
}

describe('createEngineQueue', () => {
  it('does one thing at a time, in the order of the calls', async () => {
    const { queue, begun, work, end } = setUp();
    const results = [queue.run(() => work('a')), queue.run(() => work('b'))];
    await settle();
    expect(begun).toEqual(['a']);
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(await Promise.all(results)).toEqual(['a', 'b']);
  });

  it('goes on after a failure, which its caller gets', async () => {
    const { queue } = setUp();
    const failed = queue.run(() => Promise.reject(new Error('broken')));
    const next = queue.run(async () => 'next');
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });

  it('makes work ahead give way as soon as anything else is asked for', async () => {
    const { queue, begun, work } = setUp();
    const signals: AbortSignal[] = [];
    const ahead = queue.runReplaceable(async (signal) => {
      signals.push(signal);
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    });
    await settle();
    expect(signals[0]?.aborted).toBe(false);
    void queue.run(() => work('question'));
    await ahead;
    await settle();
    expect(begun).toEqual(['question']);
  });

  it('leaves out work ahead that has not begun when something else is asked for', async () => {
    const { queue, begun, work, end } = setUp();
    void queue.run(() => work('answer'));
    const ahead = queue.runReplaceable(async () => void (await work('ahead')));
    void queue.run(() => work('question'));
    await end('answer');
    await ahead;
    expect(begun).toEqual(['answer', 'question']);
  });

  it('does not abort work that somebody waits for', async () => {
    const { queue, begun, work, end } = setUp();
    void queue.run(() => work('answer'));
    const ahead = queue.runReplaceable(async () => void (await work('ahead')));
    await settle();
    await end('answer');
    await end('ahead');
    await ahead;
    expect(begun).toEqual(['answer', 'ahead']);
  });

  it('always does all that is waited for, and of the work ahead at least the last', async () => {
    await assert(
      asyncProperty(array(boolean(), { minLength: 1, maxLength: 12 }), async (kinds) => {
        const queue = createEngineQueue();
        const done: number[] = [];
        let running = 0;
        const task = async (index: number): Promise<void> => {
          running += 1;
          expect(running).toBe(1);
          await Promise.resolve();
          running -= 1;
          done.push(index);
        };
        await Promise.all(
          kinds.map((isWaitedFor, index) => (isWaitedFor ? queue.run(() => task(index)) : queue.runReplaceable(() => task(index)))),
        );
        const expected = kinds.flatMap((isWaitedFor, index) => (isWaitedFor || index === kinds.length - 1 ? [index] : []));
        expect(done).toEqual(expected);
      }),
    );
  });
});
