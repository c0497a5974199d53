import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult, LanguageBackend, ModelView } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorDataOf } from '../../bridge/index.ts';
import { errorText } from '../../i18n/error-text.ts';
import { formatSeconds } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { backendOf, draftOf, SERVER_PRESETS, type BackendDraft } from './backend-draft.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { SecretField } from './secret-field.tsx';

type TestResult = CallResult<'models.testBackend'>;
type TestState = { state: 'idle' } | { state: 'asking' } | { state: 'answered'; result: TestResult };

interface BackendCardProps {
  backend: LanguageBackend;
  models: readonly ModelView[];
}

const KINDS = ['local', 'openai-compatible', 'claude'] as const;

/** Where answers come from: a model here, a server, or Claude. Nothing is used before the button says so; a test asks for a real sentence. */
export function BackendCard({ backend, models }: BackendCardProps) {
  const { t } = useTranslation();
  const services = useServices();
  const [draft, setDraft] = useState(() => draftOf(backend, models));
  const [test, setTest] = useState<TestState>({ state: 'idle' });
  const wanted = backendOf(draft);
  const isInUse = wanted !== undefined && JSON.stringify(wanted) === JSON.stringify(backend);

  const change = (patch: Partial<BackendDraft>): void => {
    setDraft((current) => ({ ...current, ...patch }));
    setTest({ state: 'idle' });
  };
  const runTest = async (): Promise<void> => {
    if (!wanted) return;
    setTest({ state: 'asking' });
    try {
      setTest({ state: 'answered', result: await services.bridge.call('models.testBackend', wanted) });
    } catch (error) {
      setTest({ state: 'answered', result: { ok: false, answer: '', latencyMs: 0, ...errorDataOf(error) } });
    }
  };
  const apply = async (): Promise<void> => {
    if (!wanted) return;
    try {
      await services.bridge.call('models.setBackend', wanted);
      await services.models.getState().load();
    } catch (error) {
      services.view.getState().fail(error);
    }
  };

  return (
    <section aria-label={t('models.backendTitle')}>
      <h2 className="text-large font-semibold">{t('models.backendTitle')}</h2>
      <p className="mb-3 text-small text-quiet">{t('models.backendHint')}</p>
      <Segments
        label={t('models.backendTitle')}
        value={draft.kind}
        choices={KINDS.map((kind) => ({ value: kind, label: t(`models.backend.${kind}`) }))}
        onChange={(kind) => change({ kind })}
      />
      <div className="mt-4 grid gap-4 not-round:grid-cols-2">
        {draft.kind === 'local' && <LocalFields draft={draft} models={models} onChange={change} />}
        {draft.kind === 'openai-compatible' && <ServerFields draft={draft} onChange={change} />}
        {draft.kind === 'claude' && <ClaudeFields draft={draft} onChange={change} />}
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button look={isInUse ? 'plain' : 'main'} disabled={!wanted || isInUse} onClick={() => void apply()}>
          {t(isInUse ? 'models.backendInUse' : 'models.useBackend')}
        </Button>
        <Button disabled={!wanted || test.state === 'asking'} onClick={() => void runTest()}>
          {t('models.test')}
        </Button>
        <TestWords test={test} />
      </div>
    </section>
  );
}

function TestWords({ test }: { test: TestState }) {
  const { t, i18n } = useTranslation();
  if (test.state === 'idle') return <output />;
  if (test.state === 'asking') return <output className="text-quiet">{t('models.testing')}</output>;
  const { result } = test;
  if (result.ok)
    return (
      <output className="min-w-0 [overflow-wrap:anywhere] text-listening-text">
        {t('models.testWorked', { seconds: formatSeconds(i18n.language, result.latencyMs), answer: result.answer })}
      </output>
    );
  return (
    <output className="min-w-0 [overflow-wrap:anywhere] text-danger-text">
      {t('models.testFailed')} {errorText(i18n, { code: result.code ?? '', message: result.message ?? '', details: result.details ?? {} })}
    </output>
  );
}

interface FieldsProps {
  draft: BackendDraft;
  onChange: (patch: Partial<BackendDraft>) => void;
}

function LocalFields({ draft, models, onChange }: FieldsProps & { models: readonly ModelView[] }) {
  const { t } = useTranslation();
  const installed = models.filter((model) => model.job === 'language' && model.status.status === 'installed');
  if (installed.length === 0) return <p className="text-quiet">{t('models.noLocalModel')}</p>;
  return (
    <Labelled label={t('models.localModel')}>
      {(id) => (
        <Select
          id={id}
          value={draft.localModelId}
          choices={installed.map((model) => ({ value: model.id, label: model.name }))}
          onChange={(localModelId) => onChange({ localModelId })}
        />
      )}
    </Labelled>
  );
}

function ServerFields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <fieldset className="flex flex-wrap items-center gap-2 not-round:col-span-2">
        <legend className="sr-only">{t('models.presets')}</legend>
        {SERVER_PRESETS.map((preset) => (
          <Button
            key={preset.id}
            look="quiet"
            aria-pressed={draft.baseUrl === preset.baseUrl}
            className="border border-line aria-pressed:border-edge aria-pressed:bg-hover aria-pressed:text-text"
            onClick={() => onChange({ baseUrl: preset.baseUrl })}
          >
            {t(`models.presetNames.${preset.id}`)}
          </Button>
        ))}
      </fieldset>
      <Labelled label={t('models.address')}>
        {(id) => (
          <TextField
            id={id}
            type="url"
            className="font-mono"
            value={draft.baseUrl}
            onChange={(event) => onChange({ baseUrl: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={t('models.modelName')}>
        {(id) => (
          <TextField
            id={id}
            className="font-mono"
            placeholder="qwen3:8b"
            value={draft.serverModel}
            maxLength={200}
            onChange={(event) => onChange({ serverModel: event.target.value })}
          />
        )}
      </Labelled>
      <SecretField name="openai-compatible.apiKey" optional />
    </>
  );
}

function ClaudeFields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Labelled label={t('models.modelName')}>
        {(id) => (
          <TextField
            id={id}
            className="font-mono"
            value={draft.claudeModel}
            maxLength={200}
            onChange={(event) => onChange({ claudeModel: event.target.value })}
          />
        )}
      </Labelled>
      <SecretField name="claude.apiKey" />
    </>
  );
}
