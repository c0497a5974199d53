import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, CallInput } from '../../src-preload/contract/index.ts';
import type { PhoneContact } from '../../src-preload/contract/index.ts';

/** Who is known, and who is not wanted. */
export interface PhoneBookState {
  /** By name. Undefined until it was asked for. */
  contacts: readonly PhoneContact[] | undefined;
  load(): Promise<void>;
  save(contact: CallInput<'phone.saveContact'>): Promise<PhoneContact>;
  remove(id: string): Promise<void>;
  block(number: string, blocked: boolean): Promise<void>;
}

export function createPhoneBookStore(bridge: Bridge): StoreApi<PhoneBookState> {
  const store = createStore<PhoneBookState>()((set, get) => ({
    contacts: undefined,
    async load() {
      set({ contacts: byName(await bridge.call('phone.contacts', {})) });
    },
    async save(contact) {
      const saved = await bridge.call('phone.saveContact', contact);
      set(({ contacts = [] }) => ({ contacts: byName([...contacts.filter(({ id }) => id !== saved.id), saved]) }));
      return saved;
    },
    async remove(id) {
      await bridge.call('phone.removeContact', { id });
      set(({ contacts }) => ({ contacts: contacts?.filter((contact) => contact.id !== id) }));
    },
    async block(number, blocked) {
      await bridge.call('phone.block', { number, blocked });
      await get().load();
    },
  }));
  bridge.on('phone.contactsChanged', () => {
    if (store.getState().contacts) store.getState().load().catch(ignore);
  });
  return store;
}

/** The list stays as it was; the next change or visit asks again. */
const ignore = (): void => undefined;

function byName(contacts: readonly PhoneContact[]): PhoneContact[] {
  return contacts.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Contacts of which a name or number begins or contains what was typed; digits are compared without the signs between them. */
export function foundContacts(contacts: readonly PhoneContact[], query: string): PhoneContact[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === '') return [...contacts];
  const digits = /^[\d+*#\s()/.-]+$/.test(wanted) ? wanted.replaceAll(/[^\d*#]/g, '').replace(/^0+/, '') : '';
  return contacts.filter(
    (contact) =>
      contact.name.toLocaleLowerCase().includes(wanted) || (digits !== '' && contact.numbers.some((number) => number.includes(digits))),
  );
}
