import { createId } from '../../base/ids.ts';
import type { PhoneContact } from '../../../src-preload/contract/index.ts';
import type { CallerBook } from './calls/call-register.ts';
import { readDialled } from './calls/phone-numbers.ts';
import type { PhoneFile } from './phone-file.ts';
import { phoneError } from './telephony-errors.ts';

/** People with their numbers, and who may not call. */
export interface PhoneBook extends CallerBook {
  list(): PhoneContact[];
  /** Numbers are kept with their country. Somebody who was removed comes back by it, as who they were. Rejects with `phone.bad-number`. */
  save(draft: Omit<PhoneContact, 'id'> & { id?: string | undefined }): Promise<PhoneContact>;
  remove(id: string): Promise<void>;
  /** By name as people say it. Throws `phone.unknown-contact` or `phone.ambiguous-contact`. */
  byName(name: string): PhoneContact;
}

export function createPhoneBook(deps: { file: PhoneFile; countryPrefix: () => string; changed: () => void }): PhoneBook {
  const { file } = deps;
  const plain = (number: string): string => {
    const read = readDialled(number, deps.countryPrefix());
    if (read.kind === 'bad') throw phoneError('phone.bad-number', { number });
    return read.number;
  };
  /** In this life of the app. */
  const removedIds = new Set<string>();
  const contacts = (): readonly PhoneContact[] => file.content().contacts;
  return {
    list: () => contacts().toSorted((left, right) => left.name.localeCompare(right.name)),
    find: (number) => contacts().find(({ numbers }) => numbers.includes(number)),
    isBlocked: (number) => file.content().blockedNumbers.includes(number),
    async save(draft) {
      const { id = createId('contact'), ...fields } = draft;
      const contact: PhoneContact = { ...fields, id, numbers: [...new Set(draft.numbers.map(plain))] };
      await file.change((content) => {
        const isKnown = content.contacts.some((known) => known.id === id);
        if (draft.id !== undefined && !isKnown && !removedIds.has(id)) throw phoneError('phone.no-contact');
        const others = content.contacts.filter((known) => known.id !== id);
        return { ...content, contacts: [...others, contact] };
      });
      removedIds.delete(id);
      deps.changed();
      return contact;
    },
    async remove(id) {
      if (contacts().some((known) => known.id === id)) removedIds.add(id);
      await file.change((content) => ({ ...content, contacts: content.contacts.filter((known) => known.id !== id) }));
      deps.changed();
    },
    async block(number, blocked) {
      await file.change((content) => {
        const isInBook = content.contacts.some(({ numbers }) => numbers.includes(number));
        const others = content.blockedNumbers.filter((known) => known !== number);
        return {
          ...content,
          contacts: content.contacts.map((known) => (known.numbers.includes(number) ? { ...known, blocked } : known)),
          blockedNumbers: blocked && !isInBook ? [...others, number] : others,
        };
      });
      deps.changed();
    },
    byName(name) {
      const wanted = wordsOf(name);
      const fitting = contacts().filter((contact) => contact.numbers.length > 0 && fits(wordsOf(contact.name), wanted));
      const exact = fitting.filter((contact) => wordsOf(contact.name).join(' ') === wanted.join(' '));
      const found = exact.length > 0 ? exact : fitting;
      const [only, ...more] = found;
      if (only === undefined) throw phoneError('phone.unknown-contact', { name });
      if (more.length > 0)
        throw phoneError('phone.ambiguous-contact', {
          name,
          names: found
            .map((each) => each.name)
            .slice(0, 5)
            .join(', '),
        });
      return only;
    },
  };
}

/** Said around a name without belonging to it. */
const ARTICLES = new Set('the my our der die das den dem mein meine meinen meiner meinem unser unsere unseren'.split(' '));

function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !ARTICLES.has(word));
}

function fits(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && wanted.every((word) => words.some((each) => each === word || (word.length >= 4 && each.startsWith(word))));
}
