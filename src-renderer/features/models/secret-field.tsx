import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallInput, CallResult } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Labelled } from '../../ui/labelled.tsx';

export type SecretName = CallInput<'secrets.set'>['name'];

/** A key goes in and never comes back: the field is empty, and words say whether one is stored and how it is kept. */
export function SecretField({ name, label, optional = false }: { name: SecretName; label?: string; optional?: boolean }) {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [status, setStatus] = useState<CallResult<'secrets.status'>>();
  const [value, setValue] = useState('');
  useEffect(() => {
    bridge.call('secrets.status', {}).then(setStatus, view.getState().fail);
  }, [bridge, view]);
  const isStored = status?.stored.includes(name) ?? false;

  const store = async (next: string): Promise<void> => {
    try {
      await bridge.call('secrets.set', { name, value: next });
      setValue('');
      setStatus(await bridge.call('secrets.status', {}));
      view.getState().toast({ kind: 'done', content: { key: next === '' ? 'keyRemoved' : 'keyStored' } });
    } catch (error) {
      view.getState().fail(error);
    }
  };
  const protection = status && t(status.protection === 'system' ? 'models.apiKeySystem' : 'models.apiKeyFile');
  const hint = [isStored ? t('models.apiKeyStored') : optional ? t('models.apiKeyOptional') : '', protection].filter(Boolean).join(' ');
  return (
    <Labelled label={label ?? t('models.apiKey')} hint={hint}>
      {(id) => (
        <form
          aria-label={label}
          className="flex flex-wrap gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (value !== '') void store(value);
          }}
        >
          <TextField
            id={id}
            type="password"
            autoComplete="off"
            className="min-w-[min(10rem,100%)] flex-1 font-mono"
            maxLength={500}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
          <Button type="submit" disabled={value === ''}>
            {t('common.save')}
          </Button>
          {isStored && <Button onClick={() => void store('')}>{t('models.removeKey')}</Button>}
        </form>
      )}
    </Labelled>
  );
}
