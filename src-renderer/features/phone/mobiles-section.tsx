import { Plus, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult, MobilePhone } from '../../../src-preload/contract/index.ts';
import { usePhone, useServices, useSetting } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { focusFirstField } from '../../ui/first-field.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { Rows, Section } from '../hands/section.tsx';
import { Badge } from '../models/badge.tsx';
import { MobileAccess } from './mobile-access.tsx';

const NONE: readonly MobilePhone[] = [];

/** SIP phones of the owner's own, which ring together with the window. */
export function MobilesSection() {
  const { t } = useTranslation();
  const { view } = useServices();
  const mobiles = usePhone(({ status }) => status?.mobiles ?? NONE);
  const isThere = usePhone(({ status }) => status !== undefined && (status.state !== 'off' || status.mobiles.length > 0));
  const reach = useSetting('phone.mobileReach', 'loopback');
  const [adding, setAdding] = useState(false);
  const [access, setAccess] = useState<CallResult<'phone.addMobile'>>();
  if (!isThere) return null;
  return (
    <Section
      title={t('phone.mobiles.title')}
      hint={t('phone.mobiles.hint')}
      action={
        !adding && (
          <Button icon={<Plus size="1rem" aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t('phone.mobiles.add')}
          </Button>
        )
      }
    >
      {reach === 'loopback' && (adding || mobiles.length > 0) && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-needs-you-text">
          <span>{t('phone.mobiles.notReachable')}</span>
          <Button className="min-h-8 px-3 text-small!" onClick={() => view.getState().show('settings', 'phone.mobileReach')}>
            {t('phone.mobiles.toReach')}
          </Button>
        </p>
      )}
      {adding && (
        <AddForm
          onAdded={(added) => {
            setAccess(added);
            setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {access && <MobileAccess access={access} onClose={() => setAccess(undefined)} />}
      {mobiles.length === 0 && !adding && <p className="text-quiet">{t('phone.mobiles.empty')}</p>}
      {mobiles.length > 0 && (
        <Rows>
          {mobiles.map((mobile) => (
            <MobileRow key={mobile.id} mobile={mobile} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function AddForm({ onAdded, onClose }: { onAdded: (added: CallResult<'phone.addMobile'>) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [name, setName] = useState('');
  const [saving, setSaving] = useState(false);
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '') return;
    setSaving(true);
    try {
      onAdded(await bridge.call('phone.addMobile', { name: name.trim() }));
    } catch (error) {
      setSaving(false);
      view.getState().fail(error);
    }
  };
  return (
    <form
      ref={focusFirstField}
      aria-label={t('phone.mobiles.add')}
      className="flex flex-col gap-3 rounded-base border border-line p-4"
      onSubmit={(event) => void add(event)}
    >
      <Labelled label={t('phone.mobiles.name')}>
        {(id) => (
          <TextField
            id={id}
            value={name}
            maxLength={60}
            placeholder={t('phone.mobiles.example')}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Labelled>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="main" type="submit" disabled={saving || name.trim() === ''}>
          {t('phone.mobiles.add')}
        </Button>
      </div>
    </form>
  );
}

function MobileRow({ mobile }: { mobile: MobilePhone }) {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [removing, setRemoving] = useState(false);
  // The core tells the new state with `phone.status`.
  const setRings = (rings: boolean): void =>
    void bridge.call('phone.saveMobile', { id: mobile.id, name: mobile.name, rings }).catch(view.getState().fail);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3">
      <div className="min-w-[min(12rem,60%)] flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium [overflow-wrap:anywhere]">{mobile.name}</span>
          <Badge tone={mobile.registered ? 'good' : 'plain'}>{t(mobile.registered ? 'phone.mobiles.here' : 'phone.mobiles.away')}</Badge>
        </p>
        <p className="text-small text-quiet">{t('phone.mobiles.extension', { extension: mobile.extension })}</p>
      </div>
      <div className="flex items-center gap-2">
        <span aria-hidden="true" className="text-small text-quiet">
          {t(mobile.rings ? 'phone.mobiles.rings' : 'phone.mobiles.silent')}
        </span>
        <Toggle label={t('phone.mobiles.ringsLabel', { name: mobile.name })} checked={mobile.rings} onChange={setRings} />
      </div>
      <IconButton
        label={t('phone.mobiles.remove', { name: mobile.name })}
        className="ml-auto hover:text-danger-text!"
        onClick={() => setRemoving(true)}
      >
        <Trash2 size="1.125rem" aria-hidden="true" />
      </IconButton>
      <Confirm
        open={removing}
        title={t('phone.mobiles.remove', { name: mobile.name })}
        text={t('phone.mobiles.removeText')}
        action={t('common.delete')}
        onConfirm={() => void bridge.call('phone.removeMobile', { id: mobile.id }).catch(view.getState().fail)}
        onClose={() => setRemoving(false)}
      />
    </li>
  );
}
