import { KeyRound, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAbilities, useServices } from '../../app/services.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { hostsOf } from './hosts.ts';
import { Rows, Section } from './section.tsx';

/** Secrets by name. A value goes in and never comes back: neither to this page nor to the model. */
export function VaultSection() {
  const { t, i18n } = useTranslation();
  const { abilities, view } = useServices();
  const entries = useAbilities((state) => state.vault);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<string>();
  const { fail } = view.getState();
  return (
    <Section
      title={t('hands.vault.title')}
      hint={t('hands.vault.hint')}
      action={!adding && <Button onClick={() => setAdding(true)}>{t('hands.vault.add')}</Button>}
    >
      {adding && <SecretForm onClose={() => setAdding(false)} />}
      {entries?.length === 0 && !adding && <p className="text-quiet">{t('hands.vault.empty')}</p>}
      {entries !== undefined && entries.length > 0 && (
        <Rows>
          {entries.map((entry) => (
            <li key={entry.name} className="flex items-center gap-3 py-2.5">
              <KeyRound size="1rem" aria-hidden="true" className="flex-none text-quiet" />
              <div className="min-w-0 flex-1">
                <p className="verbatim">{entry.name}</p>
                <p className="text-small [overflow-wrap:anywhere] text-quiet">
                  {entry.hosts.length === 0 ? t('hands.vault.noHosts') : t('hands.vault.sentTo', { hosts: entry.hosts.join(', ') })} ·{' '}
                  {formatDateTime(i18n.language, entry.updatedAtMs)}
                </p>
              </div>
              <IconButton label={t('hands.vault.removeNamed', { name: entry.name })} onClick={() => setRemoving(entry.name)}>
                <Trash2 size="1.125rem" aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </Rows>
      )}
      <Confirm
        open={removing !== undefined}
        title={t('hands.vault.removeTitle', { name: removing ?? '' })}
        text={t('hands.vault.removeText')}
        action={t('common.delete')}
        onConfirm={() => removing !== undefined && void abilities.getState().removeSecret(removing).catch(fail)}
        onClose={() => setRemoving(undefined)}
      />
    </Section>
  );
}

function SecretForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { abilities, view } = useServices();
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [hosts, setHosts] = useState('');
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await abilities.getState().storeSecret({ name: name.trim(), value, hosts: hostsOf(hosts) });
      view.getState().toast({ kind: 'done', content: { key: 'secretStored', values: { name: name.trim() } } });
      onClose();
    } catch (error) {
      view.getState().fail(error);
    }
  };
  return (
    <form
      aria-label={t('hands.vault.add')}
      className="grid gap-4 rounded-base border border-line p-4 not-round:grid-cols-2"
      onSubmit={(event) => void save(event)}
    >
      <Labelled label={t('hands.vault.name')} hint={t('hands.vault.nameHint')}>
        {(id) => (
          <TextField
            id={id}
            value={name}
            required
            pattern="[A-Za-z][A-Za-z0-9_.\-]{0,59}"
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled label={t('hands.vault.value')} hint={t('hands.vault.valueHint')}>
        {(id) => (
          <TextField
            id={id}
            type="password"
            value={value}
            required
            maxLength={20_000}
            autoComplete="off"
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled label={t('hands.vault.hosts')} hint={t('hands.vault.hostsHint')}>
        {(id) => <TextField id={id} value={hosts} placeholder="api.example.com" onChange={(event) => setHosts(event.target.value)} />}
      </Labelled>
      <div className="flex flex-wrap items-end justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="main" type="submit" disabled={name.trim() === '' || value === ''}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}
