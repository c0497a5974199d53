import { describe, expect, it } from 'vitest';
import { createPhoneBookStore, foundContacts } from '../../../../src-renderer/stores/phone-book-store.ts';
import { CONTACTS } from '../../../doubles/fake-core-phone-data.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const names = (query: string): string[] => foundContacts(CONTACTS, query).map(({ name }) => name);

describe('createPhoneBookStore', () => {
  it('lists contacts by name, and puts a saved one in its place', async () => {
    const bridge = createScriptedBridge({
      'phone.contacts': () => CONTACTS,
      'phone.saveContact': (contact) => ({ ...contact, id: contact.id ?? 'new' }),
    });
    const book = createPhoneBookStore(bridge);
    await book.getState().load();
    const [first] = book.getState().contacts ?? [];
    if (!first) throw new Error('The phone book is empty');
    const { id: _id, ...words } = first;
    await book.getState().save({ ...words, name: 'Aaron' });
    expect(
      book
        .getState()
        .contacts?.map(({ name }) => name)
        .slice(0, 2),
    ).toEqual(['+448081570192', 'Aaron']);
  });
});

describe('foundContacts', () => {
  it('finds by any part of the name', () => {
    expect(names('BRAND')).toEqual(['Maria Brandt']);
    expect(names('')).toHaveLength(CONTACTS.length);
  });

  it('finds a number however it is written, with or without its country', () => {
    expect(names('030 / 90 18')).toEqual(['Maria Brandt']);
    expect(names('+49 (30) 2209')).toEqual(['Dentist Dr. Feldmann']);
    expect(names('0171')).toEqual([]);
  });
});
