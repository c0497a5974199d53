import { describe, expect, it } from 'vitest';
import { createDeferred, type Deferred } from '../../../../src-main/base/deferred.ts';
import { AppError } from '../../../../src-main/base/errors.ts';
import type { LanguageModel } from '../../../../src-main/inference/contracts/index.ts';
import { createLanguageRouter } from '../../../../src-main/inference/language/language-router.ts';
import { createScriptedLanguageModel, type ScriptedLanguageModel } from '../../../doubles/scripted-language-model.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const HELLO = [{ role: 'user', text: 'Hello?' }] as const;

/** A router over models that are named after their back ends; `fail` and `hold` decide how the next opening goes. */
function setUp() {
  const clock = createVirtualClock();
  const opened: ScriptedLanguageModel[] = [];
  const failures = new Map<string, unknown>();
  const holds = new Map<string, Deferred<void>>();
  const router = createLanguageRouter<string>(async (backend): Promise<LanguageModel> => {
    await holds.get(backend)?.promise;
    if (failures.has(backend)) throw failures.get(backend);
    const model = createScriptedLanguageModel({
      clock,
      name: backend,
      contextTokens: 1000 + opened.length,
      answers: [{ text: 'Hi.', firstTokenMs: 0, tokenMs: 0 }],
    });
    opened.push(model);
    return model;
  });
  const states: string[] = [];
  router.onState(({ state, backend }) => states.push(`${state} ${backend ?? ''}`.trim()));
  return {
    router,
    states,
    opened,
    ask: async () => {
      const answer = router.generate(HELLO, { maxTokens: 10, temperature: 0 });
      answer.catch(() => undefined);
      await clock.advance(1);
      return answer;
    },
    fail: (backend: string, error: unknown) => void failures.set(backend, error),
    mend: (backend: string) => void failures.delete(backend),
    hold(backend: string) {
      const hold = createDeferred<void>();
      holds.set(backend, hold);
      return hold;
    },
    isDisposed: () => opened.map(({ name, disposed }) => `${name}${disposed ? ' disposed' : ''}`),
  };
}

describe('createLanguageRouter', () => {
  it('says that no model is chosen before the first one is', async () => {
    const { router, ask } = setUp();
    expect(router.state()).toEqual({ state: 'closed' });
    await expect(ask()).rejects.toMatchObject({ code: 'language.not-ready' });
    await expect(router.countTokens(['a'])).rejects.toMatchObject({ code: 'language.not-ready' });
    expect(router).toMatchObject({ name: '', contextTokens: 4096, parameterCount: undefined });
  });

  it('passes everything on to what is open', async () => {
    const { router, opened, ask, states } = setUp();
    await router.use('one');
    expect((await ask()).text).toBe('Hi.');
    expect(await router.countTokens(['one two'])).toEqual([2]);
    await router.preload(HELLO);
    expect(opened[0]?.preloads).toEqual([HELLO]);
    expect(router).toMatchObject({ name: 'one', contextTokens: 1000 });
    expect(states).toEqual(['closed', 'opening one', 'open one']);
  });

  it('closes one before it opens the next, and is the same object to its users', async () => {
    const { router, states, isDisposed, ask, opened } = setUp();
    await router.use('one');
    await router.use('two');
    await ask();
    expect(states).toEqual(['closed', 'opening one', 'open one', 'closed one', 'opening two', 'open two']);
    expect(isDisposed()).toEqual(['one disposed', 'two']);
    expect(opened.map(({ generations }) => generations.length)).toEqual([0, 1]);
  });

  it('lets requests wait while something is being opened', async () => {
    const { router, hold, ask, opened } = setUp();
    const opening = hold('slow');
    void router.use('slow');
    const answer = ask();
    expect(opened).toEqual([]);
    opening.resolve();
    expect((await answer).text).toBe('Hi.');
  });

  it('opens one after the other, and the last one wins', async () => {
    const { router, hold, isDisposed } = setUp();
    const opening = hold('one');
    const uses = [router.use('one'), router.use('two'), router.use('three')];
    opening.resolve();
    await Promise.all(uses);
    expect(isDisposed()).toEqual(['one disposed', 'two disposed', 'three']);
    expect(router.name).toBe('three');
  });

  it('never asks a model that is about to be closed', async () => {
    const { router, ask, opened } = setUp();
    await router.use('one');
    const switched = router.use('two');
    expect((await ask()).text).toBe('Hi.');
    await switched;
    expect(opened.map(({ name, generations }) => [name, generations.length])).toEqual([
      ['one', 0],
      ['two', 1],
    ]);
  });

  it('keeps the error of an opening as its state, and the next request tries again', async () => {
    const { router, fail, mend, ask, states } = setUp();
    const error = new AppError('model.missing', 'The model is not there.');
    fail('one', error);
    await expect(router.use('one')).rejects.toBe(error);
    expect(router.state()).toEqual({ state: 'failed', backend: 'one', error });
    await expect(ask()).rejects.toBe(error);
    mend('one');
    expect((await ask()).text).toBe('Hi.');
    expect(states.at(-1)).toBe('open one');
  });

  it('puts an unexpected error into words', async () => {
    const { router, fail } = setUp();
    const cause = new TypeError('x is not a function');
    fail('one', cause);
    await expect(router.use('one')).rejects.toMatchObject({ code: 'language.failed', cause });
  });

  it('works with another one after a failure', async () => {
    const { router, fail, ask } = setUp();
    fail('one', new AppError('model.missing', 'The model is not there.'));
    await router.use('one').catch(() => undefined);
    await router.use('two');
    expect((await ask()).text).toBe('Hi.');
  });

  it('opens a model once for many requests that wait', async () => {
    const { router, opened, ask } = setUp();
    await router.use('one');
    await router.close();
    await Promise.all([ask(), ask(), router.countTokens(['a'])]);
    expect(opened.map(({ name }) => name)).toEqual(['one', 'one']);
  });

  it('lets go of a model when it is closed, until the next request', async () => {
    const { router, isDisposed, ask, states } = setUp();
    await router.use('one');
    await router.close();
    expect(isDisposed()).toEqual(['one disposed']);
    expect(router.state()).toEqual({ state: 'closed', backend: 'one' });
    await ask();
    expect(states.at(-1)).toBe('open one');
  });

  it('lends another model and brings back what was there', async () => {
    const { router, states, isDisposed } = setUp();
    await router.use('one');
    states.length = 0;
    expect(await router.borrow('two', async (model) => model.name)).toBe('two');
    expect(states).toEqual(['closed one', 'opening two', 'open two', 'closed two', 'opening one', 'open one']);
    expect(isDisposed()).toEqual(['one disposed', 'two disposed', 'one']);
  });

  it('brings back what was there also when the borrowed one fails, and lets requests wait meanwhile', async () => {
    const { router, fail, ask } = setUp();
    await router.use('one');
    fail('two', new AppError('language.not-ready', 'No.'));
    const borrowed = router.borrow('two', async () => 'never');
    const answer = ask();
    await expect(borrowed).rejects.toMatchObject({ code: 'language.not-ready' });
    expect((await answer).text).toBe('Hi.');
    expect(router.name).toBe('one');
  });

  it('is closed after lending when it was closed before', async () => {
    const { router, isDisposed } = setUp();
    await router.borrow('two', async () => undefined);
    expect(router.state()).toEqual({ state: 'closed' });
    expect(isDisposed()).toEqual(['two disposed']);
  });

  it('shows the error of what was there when it does not come back', async () => {
    const { router, fail } = setUp();
    await router.use('one');
    const error = new AppError('model.missing', 'It is gone.');
    expect(await router.borrow('two', async () => (fail('one', error), 'lent'))).toBe('lent');
    expect(router.state()).toEqual({ state: 'failed', backend: 'one', error });
  });

  it('opens nothing any more once it is disposed of', async () => {
    const { router, ask, isDisposed } = setUp();
    await router.use('one');
    await router.dispose();
    await expect(ask()).rejects.toMatchObject({ code: 'language.not-ready' });
    expect(isDisposed()).toEqual(['one disposed']);
  });

  it('stops telling a listener that has left', async () => {
    const { router } = setUp();
    const states: string[] = [];
    router.onState(({ state }) => states.push(state))();
    await router.use('one');
    expect(states).toEqual([]);
  });
});
