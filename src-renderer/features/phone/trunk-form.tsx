import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrunkPreset, TrunkView } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { errorDataOf } from '../../bridge/index.ts';
import { Button } from '../../ui/button.tsx';
import { focusFirstField } from '../../ui/first-field.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { formOf, newTrunk, TRUNK_PRESETS, trunkOf, wrongFields, type TrunkField, type TrunkForm as Form } from './trunk-draft.ts';
import { TextRow } from './text-row.tsx';
import { TrunkDetails } from './trunk-details.tsx';

const PRESETS: readonly TrunkPreset[] = ['sipgate', 'peoplefone', 'voipms', 'zadarma', 'custom'];

/** A provider: name, user, password; the rest is known for the usual ones. Asterisk itself looks at it before it counts. */
export function TrunkForm({ trunk, onClose }: { trunk?: TrunkView; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { bridge, view } = useServices();
  const [form, setForm] = useState<Form>(() => (trunk ? formOf(trunk) : newTrunk('sipgate')));
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState('');
  const draft = trunkOf(form, trunk);
  const wrong = wrongFields(form);
  const wrongOf = (field: TrunkField): string | undefined => (wrong.has(field) ? t(`phone.trunks.wrong.${field}`) : undefined);
  const change = (patch: Partial<Form>): void => setForm((current) => ({ ...current, ...patch }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!draft || saving) return;
    setSaving(true);
    setProblem('');
    try {
      await bridge.call('phone.saveTrunk', draft);
      view.getState().toast({ kind: 'done', content: { key: 'trunkSaved', values: { name: draft.name } } });
      onClose();
    } catch (error) {
      setSaving(false);
      setProblem(errorText(i18n, errorDataOf(error)));
    }
  };
  return (
    <form
      ref={focusFirstField}
      aria-label={trunk ? t('phone.trunks.edit', { name: trunk.name }) : t('phone.trunks.add')}
      className="flex flex-col gap-4 rounded-base border border-line p-4"
      onSubmit={(event) => void save(event)}
    >
      <div className="grid gap-4 not-round:grid-cols-2">
        <Labelled label={t('phone.trunks.provider')}>
          {(id) => (
            <Select
              id={id}
              value={form.preset}
              choices={PRESETS.map((value) => ({ value, label: t(`phone.trunks.presets.${value}`) }))}
              onChange={(value) => {
                const preset = PRESETS.find((candidate) => candidate === value) ?? 'custom';
                change({ ...TRUNK_PRESETS[preset], preset });
              }}
            />
          )}
        </Labelled>
        <TextRow label={t('phone.trunks.name')} value={form.name} maxLength={60} onChange={(name) => change({ name })} />
        <TextRow
          label={t('phone.trunks.username')}
          wrong={wrongOf('username')}
          value={form.username}
          maxLength={120}
          mono
          onChange={(username) => change({ username })}
        />
        <Labelled
          label={t('phone.trunks.password')}
          hint={t(trunk?.hasPassword ? 'phone.trunks.passwordStored' : 'phone.trunks.passwordHint')}
        >
          {(id) => (
            <TextField
              id={id}
              type="password"
              autoComplete="off"
              className="font-mono"
              maxLength={200}
              value={form.password}
              onChange={(event) => change({ password: event.target.value })}
            />
          )}
        </Labelled>
        <TextRow
          label={t('phone.trunks.host')}
          wrong={wrongOf('host')}
          value={form.host}
          maxLength={255}
          mono
          onChange={(host) => change({ host })}
        />
        <TextRow
          label={t('phone.trunks.callerId')}
          hint={t('phone.trunks.callerIdHint')}
          wrong={wrongOf('callerId')}
          value={form.callerId}
          maxLength={60}
          onChange={(callerId) => change({ callerId })}
        />
      </div>
      <TrunkDetails form={form} wrongOf={wrongOf} onChange={change} />
      {problem !== '' && (
        <p role="alert" className="text-danger-text [overflow-wrap:anywhere]">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="main" type="submit" disabled={!draft || saving}>
          {t(saving ? 'phone.trunks.checking' : 'common.save')}
        </Button>
      </div>
    </form>
  );
}
