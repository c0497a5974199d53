import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { McpServerView } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { Segments } from '../../ui/segments.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { draftOf, formOf, NEW_SERVER, type ServerForm as Form } from './server-draft.ts';

/** A program on this computer, or an address. */
export function ServerForm({ server, onClose }: { server?: McpServerView; onClose: () => void }) {
  const { t } = useTranslation();
  const { abilities, view } = useServices();
  const [form, setForm] = useState<Form>(() => (server ? formOf(server) : NEW_SERVER));
  const [saving, setSaving] = useState(false);
  const draft = draftOf(form, server?.enabled ?? true);
  const change = (patch: Partial<Form>): void => setForm((current) => ({ ...current, ...patch }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!draft || saving) return;
    setSaving(true);
    try {
      await abilities.getState().saveServer(draft);
      onClose();
    } catch (error) {
      setSaving(false);
      view.getState().fail(error);
    }
  };
  return (
    <form
      aria-label={t(server ? 'hands.servers.edit' : 'hands.servers.add')}
      className="flex flex-col gap-4 rounded-base border border-line p-4"
      onSubmit={(event) => void save(event)}
    >
      <div className="grid gap-4 not-round:grid-cols-2">
        <Labelled label={t('hands.servers.name')}>
          {(id) => <TextField id={id} value={form.name} maxLength={120} onChange={(event) => change({ name: event.target.value })} />}
        </Labelled>
        <div className="flex flex-col gap-1">
          <span className="text-small text-quiet">{t('hands.servers.kind')}</span>
          <Segments
            label={t('hands.servers.kind')}
            value={form.kind}
            choices={[
              { value: 'stdio', label: t('hands.servers.kinds.stdio') },
              { value: 'http', label: t('hands.servers.kinds.http') },
            ]}
            onChange={(kind) => change({ kind })}
          />
        </div>
        {form.kind === 'stdio' ? <ProgramFields form={form} onChange={change} /> : <AddressFields form={form} onChange={change} />}
      </div>
      <p className="text-small text-quiet">{t('hands.servers.secretHint', { example: '{{secret:NAME}}' })}</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="main" type="submit" disabled={!draft || saving}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  form: Form;
  onChange: (patch: Partial<Form>) => void;
}

function ProgramFields({ form, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Labelled label={t('hands.servers.command')}>
        {(id) => (
          <TextField
            id={id}
            value={form.command}
            placeholder="npx"
            className="font-mono"
            onChange={(event) => onChange({ command: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={t('hands.servers.args')} hint={t('hands.servers.onePerLine')}>
        {(id) => <TextArea id={id} value={form.args} className="font-mono" onChange={(event) => onChange({ args: event.target.value })} />}
      </Labelled>
      <Labelled label={t('hands.servers.env')} hint={t('hands.servers.envHint')}>
        {(id) => <TextArea id={id} value={form.env} className="font-mono" onChange={(event) => onChange({ env: event.target.value })} />}
      </Labelled>
    </>
  );
}

function AddressFields({ form, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Labelled label={t('hands.servers.url')}>
        {(id) => (
          <TextField
            id={id}
            type="url"
            value={form.url}
            placeholder="https://example.com/mcp"
            className="font-mono"
            onChange={(event) => onChange({ url: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={t('hands.servers.headers')} hint={t('hands.servers.headersHint')}>
        {(id) => (
          <TextArea id={id} value={form.headers} className="font-mono" onChange={(event) => onChange({ headers: event.target.value })} />
        )}
      </Labelled>
    </>
  );
}
