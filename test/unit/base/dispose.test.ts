import { describe, expect, it } from 'vitest';
import { buildOrDispose, createDisposeBag, type DisposeBag } from '../../../src-main/base/dispose.ts';

describe('buildOrDispose', () => {
  it('returns what was built and leaves it open', async () => {
    let closed = 0;
    const build = async (bag: DisposeBag) => bag.add({ name: 'built', dispose: () => void (closed += 1) }).name;
    expect([await buildOrDispose(build), closed]).toEqual(['built', 0]);
  });

  it('closes what was there when a later part fails, and gives the error of that part', async () => {
    const closed: string[] = [];
    const building = buildOrDispose(async (bag) => {
      bag.add(() => void closed.push('first'));
      bag.add(() => {
        throw new Error('does not close');
      });
      await Promise.resolve();
      throw new Error('does not open');
    });
    await expect(building).rejects.toThrow('does not open');
    expect(closed).toEqual(['first']);
  });
});

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
