import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { plainNumber } from './contact-draft.ts';

/** Puts a number on the block list that nobody has a name for. */
export function BlockForm() {
  const { t } = useTranslation();
  const { phoneBook, view } = useServices();
  const [number, setNumber] = useState('');
  const plain = plainNumber(number);
  return (
    <Labelled label={t('calls.book.blockNumber')} hint={t('calls.book.blockHint')}>
      {(id) => (
        <form
          className="flex max-w-md gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (plain === undefined) return;
            phoneBook
              .getState()
              .block(plain, true)
              .then(() => setNumber(''), view.getState().fail);
          }}
        >
          <TextField
            id={id}
            type="tel"
            autoComplete="off"
            value={number}
            maxLength={60}
            onChange={(event) => setNumber(event.target.value)}
          />
          <Button type="submit" disabled={plain === undefined}>
            {t('calls.book.blockAdd')}
          </Button>
        </form>
      )}
    </Labelled>
  );
}
