import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { isDamage, toStoreError } from '../../../../src-main/platform/store/store-errors.ts';

const withCode = (code: string): Error => Object.assign(new Error(`raw ${code}`), { code });

describe('toStoreError', () => {
  it.each([
    ['SQLITE_FULL', 'store.disk-full', /Free some space/],
    ['ENOSPC', 'store.disk-full', /Free some space/],
    ['SQLITE_CORRUPT', 'store.damaged', /Restart the app/],
    ['SQLITE_CORRUPT_INDEX', 'store.damaged', /Restart the app/],
    ['SQLITE_NOTADB', 'store.damaged', /Restart the app/],
    ['SQLITE_READONLY_DIRECTORY', 'store.not-writable', /right to write/],
    ['SQLITE_CANTOPEN', 'store.not-writable', /right to write/],
    ['EACCES', 'store.not-writable', /right to write/],
    ['EROFS', 'store.not-writable', /right to write/],
    ['SQLITE_BUSY_SNAPSHOT', 'store.busy', /Close other copies/],
    ['SQLITE_IOERR_FSYNC', 'store.io-error', /Check the disk/],
  ])('says in words what %s means and keeps the cause', (code, meaning, words) => {
    const cause = withCode(code);
    const error = toStoreError(cause);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: meaning, message: expect.stringMatching(words), cause });
    expect(isDamage(error)).toBe(meaning === 'store.damaged');
  });

  it('lets mistakes of ours and errors of its own pass as they are', () => {
    for (const error of [withCode('SQLITE_CONSTRAINT_UNIQUE'), new TypeError('x'), 'text', new AppError('store.no-message', 'Gone.')])
      expect(toStoreError(error)).toBe(error);
  });

  it('names the row that was tampered with', () => {
    const cause = new AppError('secrets.tampered', 'Changed.', { details: { context: 'messages.text|m|1' } });
    expect(toStoreError(cause)).toMatchObject({ code: 'store.tampered', details: { row: 'messages.text|m|1' }, cause });
  });
});
