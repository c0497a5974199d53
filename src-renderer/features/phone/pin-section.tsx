import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Section } from '../hands/section.tsx';

/** Digits that make a caller the owner: a number can be forged. Goes in and never comes back. */
export function PinSection() {
  const { t } = useTranslation();
  const { bridge, phone, view } = useServices();
  const isThere = usePhone(({ status }) => status !== undefined && status.state !== 'off');
  const hasPin = usePhone(({ status }) => status?.hasPin ?? false);
  const [pin, setPin] = useState('');
  const isPin = /^\d{4,12}$/.test(pin);
  if (!isThere) return null;
  const store = async (next: string): Promise<void> => {
    try {
      phone.setState({ status: await bridge.call('phone.setPin', { pin: next }) });
      setPin('');
      view.getState().toast({ kind: 'done', content: { key: next === '' ? 'pinRemoved' : 'pinSet' } });
    } catch (error) {
      view.getState().fail(error);
    }
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (isPin) void store(pin);
  };
  return (
    <Section title={t('phone.pin.title')} hint={t('phone.pin.hint')}>
      <Labelled label={t('phone.pin.label')} hint={t(hasPin ? 'phone.pin.set' : 'phone.pin.none')}>
        {(id) => (
          <form className="flex max-w-md flex-wrap gap-2" onSubmit={save}>
            <TextField
              id={id}
              type="password"
              inputMode="numeric"
              autoComplete="off"
              maxLength={12}
              className="min-w-[min(8rem,100%)] flex-1 font-mono"
              value={pin}
              onChange={(event) => setPin(event.target.value.replaceAll(/\D/g, ''))}
            />
            <Button type="submit" disabled={!isPin}>
              {t('common.save')}
            </Button>
            {hasPin && <Button onClick={() => void store('')}>{t('phone.pin.remove')}</Button>}
          </form>
        )}
      </Labelled>
    </Section>
  );
}
