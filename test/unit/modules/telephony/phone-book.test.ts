import { describe, expect, it } from 'vitest';
import { createPhoneBook } from '../../../../src-main/modules/telephony/phone-book.ts';
import { openPhoneFile } from '../../../../src-main/modules/telephony/phone-file.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const draft = {
  name: 'Ada',
  numbers: ['030 901820'],
  language: '' as const,
  blocked: false,
  isFavourite: false,
  mayAsk: false,
  note: '',
};

async function openBook() {
  const file = await openPhoneFile({ dataDirectory: await temporaryFolder(), clock: createVirtualClock() });
  return createPhoneBook({ file, countryPrefix: () => '49', changed: () => undefined });
}

describe('createPhoneBook', () => {
  it('takes somebody back as who they were', async () => {
    const book = await openBook();
    const ada = await book.save(draft);
    await book.remove(ada.id);
    expect(book.list()).toEqual([]);
    expect(await book.save(ada)).toEqual(ada);
    expect(book.list()).toEqual([ada]);
  });

  it('refuses a change of somebody who was never there', async () => {
    const book = await openBook();
    await expect(book.save({ ...draft, id: 'unknown' })).rejects.toMatchObject({ code: 'phone.no-contact' });
    await book.remove('unknown');
    await expect(book.save({ ...draft, id: 'unknown' })).rejects.toMatchObject({ code: 'phone.no-contact' });
  });
});
