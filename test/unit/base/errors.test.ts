import { describe, expect, it } from 'vitest';
import { assertNever } from '../../../src-main/base/assert-never.ts';
import { AppError, fromErrorData, isAbort, toErrorData } from '../../../src-main/base/errors.ts';

describe('AppError', () => {
  it('carries code, sentence, details and cause', () => {
    const cause = new Error('why');
    const error = new AppError('store.busy', 'Held by another.', { cause, details: { count: 2 } });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'AppError', code: 'store.busy', message: 'Held by another.', details: { count: 2 }, cause });
    expect('cause' in new AppError('a.b', 'C.')).toBe(false);
  });
});

describe('toErrorData', () => {
  it('survives the way to another process and back', () => {
    const data = { code: 'store.busy', message: 'Held by another.', details: { count: 2, file: 'x' } };
    const travelled: unknown = JSON.parse(JSON.stringify(toErrorData(new AppError(data.code, data.message, { details: data.details }))));
    expect(travelled).toEqual(data);
    expect(toErrorData(fromErrorData(data))).toEqual(data);
  });

  it.each([
    [AbortSignal.abort().reason as unknown, 'request.aborted', 'The request was cancelled.'],
    [new TypeError('x is not a function'), 'internal.unexpected', 'x is not a function'],
    ['thrown text', 'internal.unexpected', 'thrown text'],
    [undefined, 'internal.unexpected', 'undefined'],
  ])('gives a code to whatever else was thrown: %s', (thrown, code, message) => {
    expect(toErrorData(thrown)).toEqual({ code, message, details: {} });
  });
});

describe('isAbort', () => {
  it('knows a signal and our own code, and nothing else', () => {
    expect([isAbort(AbortSignal.abort().reason), isAbort(new AppError('request.aborted', 'Cancelled.'))]).toEqual([true, true]);
    expect([isAbort(new Error('AbortError')), isAbort(new AppError('a.b', 'C.')), isAbort('AbortError')]).toEqual([false, false, false]);
  });
});

describe('assertNever', () => {
  it('names what nobody handles', () => {
    expect(() => assertNever({ state: 'new' } as never, 'state')).toThrow('Unhandled state: {"state":"new"}');
  });
});
