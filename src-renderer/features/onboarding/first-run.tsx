import { CircleAlert, CircleCheck, CircleDashed, Mic } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputMode, Part, PartStatus } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { useCore, useModels, useServices, useSetting } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { DownloadState } from '../models/download-state.tsx';
import { MicrophoneTest } from './microphone-test.tsx';

/** The card of the first start: is everything ready, and what do I say first? */
export function FirstRun() {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const actions = useActions();
  const headingId = useId();
  const typeInstead = (): void => {
    bridge.call('app.finishFirstRun', {}).catch(view.getState().fail);
    actions.focusInput();
  };
  return (
    <div className="min-h-0 grow overflow-y-auto px-6 py-5 round:px-4">
      <section aria-labelledby={headingId} className="mx-auto flex max-w-[34rem] flex-col gap-5">
        <header>
          <h2 id={headingId} className="text-title font-semibold">
            {t('firstRun.title')}
          </h2>
          <p className="mt-1 text-quiet">{t('firstRun.text')}</p>
        </header>
        <ul className="divide-y divide-line border-y border-line">
          <LanguageRow />
          <PartRows />
          <li className="py-2">
            <MicrophoneTest offersChoice />
          </li>
          <ModeRow />
        </ul>
        <p>
          <span className="text-quiet">{t('firstRun.example')} </span>
          <span className="text-large font-medium">{t('firstRun.exampleQuestion')}</span>
        </p>
        <div className="flex flex-wrap gap-2">
          <Button look="main" icon={<Mic size="1.125rem" aria-hidden="true" />} onClick={actions.startSession}>
            {t('firstRun.start')}
          </Button>
          <Button onClick={typeInstead}>{t('firstRun.later')}</Button>
        </div>
      </section>
    </div>
  );
}

function LanguageRow() {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const locale = useCore((state) => state.snapshot?.locale ?? 'en');
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <span>{t('firstRun.language')}</span>
      <Segments
        label={t('firstRun.language')}
        value={locale}
        choices={[
          { value: 'en', label: 'English' },
          { value: 'de', label: 'Deutsch' },
        ]}
        onChange={(next) => void bridge.call('app.setLocale', { locale: next }).catch(view.getState().fail)}
      />
    </li>
  );
}

function ModeRow() {
  const { t } = useTranslation();
  const { settings, view } = useServices();
  const key = useKeyName('talk') ?? '';
  const value = useSetting('talk.mode', 'hands-free');
  const mode: InputMode = value === 'push-to-talk' ? 'push-to-talk' : 'hands-free';
  const hintId = useId();
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <div className="min-w-[min(10rem,100%)] flex-1">
        <span>{t('firstRun.mode')}</span>
        <p id={hintId} className="text-small text-quiet">
          {t(`firstRun.modeHints.${mode}`, { key })}
        </p>
      </div>
      <Segments
        label={t('firstRun.mode')}
        value={mode}
        describedBy={hintId}
        choices={(['hands-free', 'push-to-talk'] as const).map((choice) => ({ value: choice, label: t(`firstRun.modes.${choice}`) }))}
        onChange={(next) => void settings.getState().set('talk.mode', next).catch(view.getState().fail)}
      />
    </li>
  );
}

const SHOWN_PARTS = ['recognition', 'language', 'synthesis'] as const satisfies Part[];

/** The three parts that a spoken turn needs, each with its download while it has none. */
function PartRows() {
  const { models, view } = useServices();
  const parts = useCore((state) => state.snapshot?.parts);
  useEffect(() => {
    models.getState().load().catch(view.getState().fail);
  }, [models, view]);
  return SHOWN_PARTS.map((part) => <PartRow key={part} part={part} status={parts?.find((candidate) => candidate.part === part)} />);
}

const STATUS_ICONS = {
  ready: <CircleCheck size="1.125rem" className="text-listening" aria-hidden="true" />,
  waiting: <CircleDashed size="1.125rem" className="text-quiet" aria-hidden="true" />,
  trouble: <CircleAlert size="1.125rem" className="text-needs-you" aria-hidden="true" />,
} as const;

function PartRow({ part, status }: { part: (typeof SHOWN_PARTS)[number]; status: PartStatus | undefined }) {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [asked, setAsked] = useState(false);
  // The starter pack's models of this part that are not there yet.
  const missing = useModels((state) =>
    state.view?.models.find((model) => model.job === part && model.packs.includes('starter') && model.status.status !== 'installed'),
  );
  const word = status?.status ?? 'starting';
  const icon =
    word === 'ready' ? STATUS_ICONS.ready : word === 'starting' || word === 'restarting' ? STATUS_ICONS.waiting : STATUS_ICONS.trouble;
  const canDownload = missing !== undefined && (missing.status.status === 'absent' || missing.status.status === 'failed');
  return (
    <li className="flex flex-col gap-2 py-1.5">
      <div className="flex min-h-9 items-center gap-3">
        {icon}
        <span className="grow">{t(`firstRun.parts.${part}`)}</span>
        <span className="text-small text-quiet">{t(`firstRun.status.${word}`)}</span>
        {word === 'missing' && canDownload && (
          <Button
            disabled={asked}
            onClick={() => {
              setAsked(true);
              bridge.call('models.download', { modelId: missing.id }).catch((error: unknown) => {
                setAsked(false);
                view.getState().fail(error);
              });
            }}
          >
            {t('firstRun.getModel')}
          </Button>
        )}
      </div>
      {missing && !canDownload && <DownloadState model={missing} />}
    </li>
  );
}
