import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneContact } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { focusFirstField } from '../../ui/first-field.ts';
import { Labelled, wrongField } from '../../ui/labelled.tsx';
import { Segments } from '../../ui/segments.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { contactOf, hasTooManyNumbers, NEW_CONTACT, wrongLine, type ContactForm as Form } from './contact-draft.ts';

const RIGHTS = ['isFavourite', 'mayAsk', 'blocked'] as const;

/** Name, numbers and rights of somebody. A number alone proves nobody: the rights stay small. */
export function ContactForm({ contact, number, onClose }: { contact?: PhoneContact; number?: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { phoneBook, view } = useServices();
  const [form, setForm] = useState<Form>(() =>
    contact ? { ...contact, numbers: contact.numbers.join('\n') } : { ...NEW_CONTACT, numbers: number ?? '' },
  );
  const [saving, setSaving] = useState(false);
  /** The numbers have been left once: they are meant. */
  const [asked, setAsked] = useState(contact !== undefined);
  const draft = contactOf(form, contact?.id);
  // Whoever still types has not made a mistake yet.
  const line = asked ? wrongLine(form) : undefined;
  const wrong =
    line === undefined ? (hasTooManyNumbers(form) ? t('calls.book.tooManyNumbers') : undefined) : t('calls.book.wrongNumber', { line });
  const change = (patch: Partial<Form>): void => setForm((current) => ({ ...current, ...patch }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!draft || saving) return;
    setSaving(true);
    try {
      await phoneBook.getState().save(draft);
      onClose();
    } catch (error) {
      setSaving(false);
      view.getState().fail(error);
    }
  };
  return (
    <form
      ref={focusFirstField}
      aria-label={contact ? t('calls.book.edit', { name: contact.name }) : t('calls.book.add')}
      className="flex flex-col gap-4 rounded-base border border-line p-4"
      onSubmit={(event) => void save(event)}
    >
      <div className="grid gap-4 not-round:grid-cols-2">
        <Labelled label={t('calls.book.name')}>
          {(id) => <TextField id={id} value={form.name} maxLength={120} onChange={(event) => change({ name: event.target.value })} />}
        </Labelled>
        <div className="flex flex-col items-start gap-1">
          <span className="text-small text-quiet">{t('calls.book.language')}</span>
          <Segments
            label={t('calls.book.language')}
            value={form.language === '' ? 'same' : form.language}
            choices={(['same', 'en', 'de'] as const).map((value) => ({ value, label: t(`calls.book.languages.${value}`) }))}
            onChange={(value) => change({ language: value === 'same' ? '' : value })}
          />
        </div>
        <Labelled label={t('calls.book.numbers')} hint={t('calls.book.numbersHint')} wrong={wrong}>
          {(id) => (
            <TextArea
              id={id}
              {...wrongField(id, wrong)}
              value={form.numbers}
              inputMode="tel"
              onChange={(event) => change({ numbers: event.target.value })}
              onBlur={() => setAsked(true)}
            />
          )}
        </Labelled>
        <Labelled label={t('calls.book.note')} hint={t('calls.book.noteHint')}>
          {(id) => <TextArea id={id} value={form.note} maxLength={2000} onChange={(event) => change({ note: event.target.value })} />}
        </Labelled>
      </div>
      <ul className="flex flex-col gap-3">
        {RIGHTS.map((right) => (
          <RightRow key={right} right={right} checked={form[right]} onChange={(checked) => change({ [right]: checked })} />
        ))}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="main" type="submit" disabled={!draft || saving}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

function RightRow({
  right,
  checked,
  onChange,
}: {
  right: (typeof RIGHTS)[number];
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    <li className="flex items-start gap-3">
      <Toggle label={t(`calls.book.rights.${right}.title`)} checked={checked} onChange={onChange} />
      <div aria-hidden="true">
        <p>{t(`calls.book.rights.${right}.title`)}</p>
        <p className="text-small text-quiet">{t(`calls.book.rights.${right}.hint`)}</p>
      </div>
    </li>
  );
}
