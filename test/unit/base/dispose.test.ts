import { describe, expect, it } from 'vitest';
import { createDisposeBag } from '../../../src-main/base/dispose.ts';

describe('createDisposeBag', () => {
  it('closes what it holds in reverse order, one after the other, once', async () => {
    const bag = createDisposeBag();
    const closed: string[] = [];
    bag.add(() => void closed.push('first'));
    bag.add({
      dispose: async () => {
        await Promise.resolve();
        closed.push('second');
      },
    });
    bag.add({ dispose: () => void closed.push('third') });
    await bag.dispose();
    await bag.dispose();
    expect(closed).toEqual(['third', 'second', 'first']);
  });

  it('hands back what is added, and closes it at once when it is closed itself', async () => {
    const bag = createDisposeBag();
    await bag.dispose();
    let closed = 0;
    const owned = { name: 'late', dispose: () => void (closed += 1) };
    expect(bag.add(owned)).toBe(owned);
    expect(closed).toBe(1);
  });

  it('goes on when something does not close, and tells all errors at the end', async () => {
    const bag = createDisposeBag();
    const closed: string[] = [];
    const errors = [new Error('sync'), new Error('async')];
    bag.add(() => void closed.push('first'));
    bag.add(() => {
      throw errors[1];
    });
    bag.add({ dispose: () => Promise.reject(errors[0]) });
    await expect(bag.dispose()).rejects.toMatchObject({ message: 'Some resources did not close', errors });
    expect(closed).toEqual(['first']);
  });
});
