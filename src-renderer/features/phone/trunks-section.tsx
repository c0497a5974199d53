import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrunkView } from '../../../src-preload/contract/index.ts';
import { usePhone, useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { Rows, Section } from '../hands/section.tsx';
import { Badge } from '../models/badge.tsx';
import { TrunkForm } from './trunk-form.tsx';

const NONE: readonly TrunkView[] = [];

/** Ways to the telephone network. */
export function TrunksSection() {
  const { t } = useTranslation();
  const trunks = usePhone(({ status }) => status?.trunks ?? NONE);
  const isThere = usePhone(({ status }) => status !== undefined && (status.state !== 'off' || status.trunks.length > 0));
  const [edited, setEdited] = useState<string | 'new'>();
  if (!isThere) return null;
  const close = (): void => setEdited(undefined);
  return (
    <Section
      title={t('phone.trunks.title')}
      hint={t('phone.trunks.hint')}
      action={
        edited !== 'new' && (
          <Button icon={<Plus size="1rem" aria-hidden="true" />} onClick={() => setEdited('new')}>
            {t('phone.trunks.add')}
          </Button>
        )
      }
    >
      {edited === 'new' && <TrunkForm onClose={close} />}
      {trunks.length === 0 && edited === undefined && <p className="text-quiet">{t('phone.trunks.empty')}</p>}
      {trunks.length > 0 && (
        <Rows>
          {trunks.map((trunk) => (
            <li key={trunk.id}>
              {edited === trunk.id ? (
                <div className="py-3">
                  <TrunkForm trunk={trunk} onClose={close} />
                </div>
              ) : (
                <TrunkRow trunk={trunk} onEdit={() => setEdited(trunk.id)} />
              )}
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

const STATUS_TONES: Record<TrunkView['status'], 'plain' | 'good' | 'careful' | 'bad'> = {
  off: 'plain',
  connecting: 'careful',
  registered: 'good',
  rejected: 'bad',
  unreachable: 'bad',
  unknown: 'plain',
};

function TrunkRow({ trunk, onEdit }: { trunk: TrunkView; onEdit: () => void }) {
  const { t, i18n } = useTranslation();
  const { bridge, view } = useServices();
  const [removing, setRemoving] = useState(false);
  const { fail } = view.getState();
  const setEnabled = (enabled: boolean): void => {
    const { hasPassword: _has, status: _status, error: _error, ...kept } = trunk;
    void bridge.call('phone.saveTrunk', { ...kept, enabled }).catch(fail);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <div className="min-w-[min(12rem,60%)] flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium [overflow-wrap:anywhere]">{trunk.name}</span>
          <Badge tone={STATUS_TONES[trunk.status]}>{t(`phone.trunks.states.${trunk.status}`)}</Badge>
        </p>
        <p className="text-small text-quiet [overflow-wrap:anywhere]">
          {[trunk.callerId, trunk.username === '' ? trunk.host : `${trunk.username}@${trunk.host}`].filter(Boolean).join(' · ')}
        </p>
        {trunk.error && <p className="text-small text-danger-text">{errorText(i18n, trunk.error)}</p>}
      </div>
      <div className="ml-auto flex flex-none items-center gap-1">
        <Toggle label={t('phone.trunks.enabled', { name: trunk.name })} checked={trunk.enabled} onChange={setEnabled} />
        <IconButton label={t('phone.trunks.edit', { name: trunk.name })} onClick={onEdit}>
          <Pencil size="1.125rem" aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t('phone.trunks.remove', { name: trunk.name })}
          className="hover:text-danger-text!"
          onClick={() => setRemoving(true)}
        >
          <Trash2 size="1.125rem" aria-hidden="true" />
        </IconButton>
      </div>
      <Confirm
        open={removing}
        title={t('phone.trunks.remove', { name: trunk.name })}
        text={t('phone.trunks.removeText')}
        action={t('common.delete')}
        onConfirm={() => void bridge.call('phone.removeTrunk', { id: trunk.id }).catch(fail)}
        onClose={() => setRemoving(false)}
      />
    </div>
  );
}
