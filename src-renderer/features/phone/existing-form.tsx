import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { focusFirstField } from '../../ui/first-field.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Dialplan } from './dialplan.tsx';

/** An Asterisk of one's own: where its ARI is, and who we are there. The password goes in and never comes back. */
export function ExistingForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { phone, view } = useServices();
  const isBusy = usePhone(({ status }) => status?.state === 'setting-up');
  const [url, setUrl] = useState('http://127.0.0.1:8088');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [sent, setSent] = useState(false);
  const canSend = /^https?:\/\/[^\s/]+/.test(url.trim()) && user.trim() !== '' && password !== '' && !sent && !isBusy;
  const connect = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSent(true);
    try {
      await phone.getState().setUp({ url: url.trim(), user: user.trim(), password });
      setPassword('');
    } catch (error) {
      view.getState().fail(error);
    }
    setSent(false);
  };
  return (
    <form
      ref={focusFirstField}
      aria-label={t('phone.existing.open')}
      className="flex flex-col gap-4 rounded-base border border-line p-4"
      onSubmit={(event) => void connect(event)}
    >
      <p className="text-small text-quiet">{t('phone.existing.hint')}</p>
      <Labelled label={t('phone.existing.url')}>
        {(id) => (
          <TextField
            id={id}
            type="url"
            className="font-mono"
            value={url}
            maxLength={300}
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Labelled>
      <div className="grid gap-4 not-round:grid-cols-2">
        <Labelled label={t('phone.existing.user')}>
          {(id) => (
            <TextField
              id={id}
              autoComplete="off"
              className="font-mono"
              value={user}
              maxLength={80}
              onChange={(event) => setUser(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled label={t('phone.existing.password')}>
          {(id) => (
            <TextField
              id={id}
              type="password"
              autoComplete="off"
              className="font-mono"
              value={password}
              maxLength={200}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Labelled>
      </div>
      <Dialplan />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="main" type="submit" disabled={!canSend}>
          {t('phone.existing.connect')}
        </Button>
      </div>
    </form>
  );
}
