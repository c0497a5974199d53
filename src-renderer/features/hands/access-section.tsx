import { Check, Copy, Plug, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult } from '../../../src-preload/contract/index.ts';
import { useAbilities, useServices } from '../../app/services.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Rows, Section } from './section.tsx';

/** Other programs that may ask the assistant. A token is shown once, when it is made. */
export function AccessSection() {
  const { t, i18n } = useTranslation();
  const { abilities, bridge, view } = useServices();
  const access = useAbilities((state) => state.access);
  const [name, setName] = useState('');
  const [mayRead, setMayRead] = useState(false);
  const [made, setMade] = useState<CallResult<'mcp.createAccess'>>();
  const { fail } = view.getState();
  const create = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      setMade(await bridge.call('mcp.createAccess', { name: name.trim(), ...(mayRead ? { mayReadMessages: true } : {}) }));
      setName('');
      setMayRead(false);
      await abilities.getState().loadAccess();
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Section title={t('hands.access.title')} hint={t('hands.access.hint')}>
      <form className="flex flex-wrap gap-2" onSubmit={(event) => void create(event)}>
        <TextField
          value={name}
          aria-label={t('hands.access.name')}
          placeholder={t('hands.access.name')}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
          className="min-w-[min(14rem,100%)] max-w-80 flex-1"
        />
        <Button type="submit" disabled={name.trim() === ''}>
          {t('hands.access.create')}
        </Button>
        <p className="flex w-full items-center gap-3">
          <Toggle label={t('hands.access.mayRead')} checked={mayRead} onChange={setMayRead} />
          <span aria-hidden="true">{t('hands.access.mayRead')}</span>
        </p>
      </form>
      {made && <MadeToken made={made} onClose={() => setMade(undefined)} />}
      {access !== undefined && access.length > 0 && (
        <Rows>
          {access.map((entry) => (
            <li key={entry.id} className="flex items-center gap-3 py-2.5">
              <Plug size="1rem" aria-hidden="true" className="flex-none text-quiet" />
              <div className="min-w-0 flex-1">
                <p className="[overflow-wrap:anywhere]">{entry.name}</p>
                <p className="text-small text-quiet">
                  {entry.lastUsedAtMs === null
                    ? t('hands.access.neverUsed')
                    : t('hands.access.lastUsed', { time: formatDateTime(i18n.language, entry.lastUsedAtMs) })}
                  {entry.mayReadMessages === true && ` · ${t('hands.access.reads')}`}
                </p>
              </div>
              <IconButton
                label={t('hands.access.revokeNamed', { name: entry.name })}
                onClick={() => void abilities.getState().revokeAccess(entry.id).catch(fail)}
              >
                <Trash2 size="1.125rem" aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function MadeToken({ made, onClose }: { made: CallResult<'mcp.createAccess'>; onClose: () => void }) {
  const { t } = useTranslation();
  const { view } = useServices();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(made.token);
      setCopied(true);
    } catch (error) {
      view.getState().fail(error);
    }
  };
  return (
    <div className="flex flex-col gap-2 rounded-base border border-needs-you px-4 py-3">
      <output>{t('hands.access.once', { name: made.access.name })}</output>
      <div className="flex flex-wrap items-center gap-2">
        <code className="min-w-0 flex-1 verbatim text-small select-all">{made.token}</code>
        <Button
          icon={copied ? <Check size="1rem" aria-hidden="true" /> : <Copy size="1rem" aria-hidden="true" />}
          onClick={() => void copy()}
        >
          {t(copied ? 'common.copied' : 'common.copy')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
      <p className="text-small [overflow-wrap:anywhere] text-quiet">
        {made.url === null ? t('hands.access.noAddress') : t('hands.access.address', { url: made.url })}
      </p>
    </div>
  );
}
