import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhoneBook, useServices } from '../../app/services.ts';
import { foundContacts } from '../../stores/phone-book-store.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { phoneText } from './phone-text.ts';

interface NumberFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  large?: boolean;
}

const MAX_SUGGESTIONS = 5;

/** A number, or the name of somebody whose number is known. */
export function NumberField({ label, value, onChange, large = false }: NumberFieldProps) {
  const { t } = useTranslation();
  const { phoneBook, view } = useServices();
  const contacts = usePhoneBook((state) => state.contacts);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!phoneBook.getState().contacts) phoneBook.getState().load().catch(view.getState().fail);
  }, [phoneBook, view]);
  const suggestions = asked && value.trim().length >= 2 ? foundContacts(contacts ?? [], value).slice(0, MAX_SUGGESTIONS) : [];
  // With letters it is no number; whoever is known by them would be among the suggestions.
  const isUnknown = asked && contacts !== undefined && suggestions.length === 0 && /\p{L}.*\p{L}/u.test(value);
  const choose = (number: string): void => {
    onChange(number);
    setAsked(false);
  };
  return (
    <div className="flex flex-col gap-2">
      <Labelled label={label}>
        {(id) => (
          <TextField
            id={id}
            type="text"
            inputMode="tel"
            autoComplete="off"
            maxLength={60}
            value={value}
            placeholder={t('calls.dial.placeholder')}
            className={large ? 'min-h-12 text-large' : ''}
            onChange={(event) => {
              setAsked(true);
              onChange(event.target.value);
            }}
          />
        )}
      </Labelled>
      {isUnknown && <p className="text-small text-quiet">{t('calls.dial.nobody')}</p>}
      {suggestions.length > 0 && (
        <ul aria-label={t('calls.dial.suggestions')} className="flex flex-col rounded-base border border-line">
          {suggestions.flatMap((contact) =>
            contact.numbers.map((number) => (
              <li key={`${contact.id} ${number}`}>
                <button
                  type="button"
                  className="flex min-h-9 w-full flex-wrap items-center justify-between gap-x-3 rounded-base px-3 py-1 text-left hover:bg-hover"
                  onClick={() => choose(number)}
                >
                  <bdi className="[overflow-wrap:anywhere]">{contact.name}</bdi>
                  <span className="text-small text-quiet tabular-nums">{phoneText(number)}</span>
                </button>
              </li>
            )),
          )}
        </ul>
      )}
    </div>
  );
}
