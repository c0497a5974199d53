import { Ban, Pencil, Phone, Plus, Star, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneContact } from '../../../src-preload/contract/index.ts';
import { usePhoneBook, useServices } from '../../app/services.ts';
import { foundContacts } from '../../stores/phone-book-store.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { BlockForm } from './block-form.tsx';
import { ContactForm } from './contact-form.tsx';
import { NotThereYet } from './not-there-yet.tsx';
import { PartyPicture } from './party-picture.tsx';
import { phoneText } from './phone-text.ts';
import { useLoad } from './use-load.ts';

/** Whose form is open: an id, a new one, or none. */
type Edited = { id: string } | 'new' | undefined;

/** Who is known, what they may, and who is not wanted. */
export function PhoneBook({ number }: { number: string | undefined }) {
  const { t } = useTranslation();
  const { phoneBook } = useServices();
  const contacts = usePhoneBook((state) => state.contacts);
  const [query, setQuery] = useState('');
  const [list, setList] = useState<'known' | 'blocked'>('known');
  const [edited, setEdited] = useState<Edited>(number === undefined ? undefined : 'new');
  const loading = useLoad(phoneBook.getState().load);
  const own = (contacts ?? []).filter((contact) => contact.blocked === (list === 'blocked'));
  const found = foundContacts(own, query);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Segments
          label={t('calls.book.lists')}
          value={list}
          choices={[
            { value: 'known', label: t('calls.book.known') },
            { value: 'blocked', label: t('calls.book.blocked') },
          ]}
          onChange={setList}
        />
        <SearchField label={t('calls.book.searchLabel')} afterMs={0} className="min-w-[min(12rem,100%)]" onSearch={setQuery} />
        {list === 'known' && (
          <Button icon={<Plus size="1rem" aria-hidden="true" />} onClick={() => setEdited('new')}>
            {t('calls.book.add')}
          </Button>
        )}
      </div>
      {list === 'known' && edited === 'new' && <ContactForm number={number} onClose={() => setEdited(undefined)} />}
      {list === 'blocked' && <BlockForm />}
      {contacts === undefined && <NotThereYet {...loading} />}
      {contacts && found.length === 0 && (
        <p className="text-quiet">
          {query.trim() === '' ? t(list === 'known' ? 'calls.book.empty' : 'calls.book.nobodyBlocked') : t('common.noResults')}
        </p>
      )}
      {found.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {found.map((contact) => (
            <li key={contact.id}>
              {typeof edited === 'object' && edited.id === contact.id ? (
                <div className="py-3">
                  <ContactForm contact={contact} onClose={() => setEdited(undefined)} />
                </div>
              ) : (
                <ContactRow contact={contact} onEdit={() => setEdited({ id: contact.id })} />
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function ContactRow({ contact, onEdit }: { contact: PhoneContact; onEdit: () => void }) {
  const { t } = useTranslation();
  const { phoneBook, view } = useServices();
  const { fail, toast } = view.getState();
  const [first] = contact.numbers;
  const remove = async (): Promise<void> => {
    try {
      await phoneBook.getState().remove(contact.id);
      toast({
        kind: 'undo',
        content: { key: 'contactDeleted', values: { name: contact.name } },
        undo: () => void phoneBook.getState().save(contact).catch(fail),
      });
    } catch (error) {
      fail(error);
    }
  };
  const block = async (): Promise<void> => {
    const { name } = contact;
    const blocked = !contact.blocked;
    try {
      await phoneBook.getState().save({ ...contact, blocked });
      // It goes to the other list, out of sight.
      toast({
        kind: 'undo',
        content: blocked ? { key: 'callerBlocked', values: { name } } : { key: 'callerUnblocked', values: { name } },
        undo: () => void phoneBook.getState().save(contact).catch(fail),
      });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
      <PartyPicture party={contact} />
      <div className="min-w-[min(10rem,60%)] flex-1">
        <p className="flex items-center gap-1.5">
          <bdi className="truncate font-medium">{contact.name}</bdi>
          {contact.isFavourite && (
            <Star size="0.875rem" className="flex-none fill-current text-needs-you-text" aria-label={t('calls.book.favourite')} />
          )}
        </p>
        <p className="text-small text-quiet tabular-nums [overflow-wrap:anywhere]">
          {[...contact.numbers.map(phoneText), contact.mayAsk ? t('calls.book.mayAskShort') : ''].filter(Boolean).join(' · ')}
        </p>
      </div>
      <div className="ml-auto flex flex-none items-center">
        {first !== undefined && !contact.blocked && (
          <IconButton
            label={t('calls.book.call', { name: contact.name })}
            onClick={() => view.getState().showCalls({ at: 'dial', number: first })}
          >
            <Phone size="1.125rem" aria-hidden="true" />
          </IconButton>
        )}
        <IconButton
          label={t(contact.blocked ? 'calls.book.unblock' : 'calls.book.block', { name: contact.name })}
          aria-pressed={contact.blocked}
          onClick={() => void block()}
        >
          <Ban size="1.125rem" aria-hidden="true" className={contact.blocked ? 'text-danger-text' : undefined} />
        </IconButton>
        <IconButton label={t('calls.book.edit', { name: contact.name })} onClick={onEdit}>
          <Pencil size="1.125rem" aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t('calls.book.delete', { name: contact.name })}
          className="hover:text-danger-text!"
          onClick={() => void remove()}
        >
          <Trash2 size="1.125rem" aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
}
