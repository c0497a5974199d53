import { Circle, CircleAlert, CircleCheck, LoaderCircle, Power } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PhoneStep } from '../../../src-preload/contract/index.ts';
import { usePhone, useServices } from '../../app/services.ts';
import type { Softphone } from '../../softphone/softphone-port.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Section } from '../hands/section.tsx';
import { TelephoneElsewhere } from '../calls/telephone-elsewhere.tsx';
import { QuietSwitch } from '../calls/quiet-switch.tsx';
import { ExistingForm } from './existing-form.tsx';

/** The exchange: made here, or one that is there already. Each step says how it goes and how to mend it. */
export function SetUpSection() {
  const { t, i18n } = useTranslation();
  const { phone, view } = useServices();
  const status = usePhone((state) => state.status);
  const [asked, setAsked] = useState(false);
  const [offersExisting, setOffersExisting] = useState(false);
  if (!status) return <p className="text-quiet">{t('common.loading')}</p>;
  const { state, steps, source } = status;
  const isBusy = state === 'setting-up' || state === 'starting';
  /** The exchange is there, and what was set up is being tried. */
  const isProving = steps.some((step) => step.status === 'running');
  const hasFailed = state === 'broken' || steps.some((step) => step.status === 'failed');
  const hasNoDocker = steps.some((step) => step.id === 'docker' && step.status === 'failed');
  const begin = (): void => {
    setAsked(true);
    phone
      .getState()
      .setUp()
      .catch(view.getState().fail)
      .finally(() => setAsked(false));
  };
  // An error that a step says already is not said twice.
  const own = status.error && steps.every((step) => step.error?.code !== status.error?.code) ? status.error : undefined;
  return (
    <Section title={t('phone.setUp.title')} hint={t('phone.setUp.hint')} action={state === 'ready' ? <QuietSwitch /> : undefined}>
      <Line />
      {own && <p className={own.code === 'phone.restart-waits' ? 'text-quiet' : 'text-danger-text'}>{errorText(i18n, own)}</p>}
      {(isBusy || isProving || hasFailed) && steps.length > 0 && <Steps steps={steps} />}
      <div className="flex flex-wrap gap-2">
        {(state === 'off' || hasFailed) && (
          <Button look="main" disabled={asked || isBusy || isProving} onClick={begin}>
            {t(hasFailed ? 'common.retry' : 'phone.setUp.begin')}
          </Button>
        )}
        {state !== 'ready' && !offersExisting && (
          <Button look={hasNoDocker ? 'plain' : 'quiet'} onClick={() => setOffersExisting(true)}>
            {t('phone.existing.open')}
          </Button>
        )}
        {state === 'ready' && <ShutDown own={source === 'container'} />}
      </div>
      {offersExisting && state !== 'ready' && <ExistingForm onClose={() => setOffersExisting(false)} />}
    </Section>
  );
}

/** How it stands, in one line. */
function Line() {
  const { t } = useTranslation();
  const { phoneEnd } = useServices();
  const isHere = usePhone((state) => state.isTelephone);
  const status = usePhone((state) => state.status);
  if (!status) return null;
  const { state, source, version, softphone } = status;
  const good = state === 'ready';
  const Icon = good ? CircleCheck : state === 'broken' ? CircleAlert : state === 'off' ? Circle : LoaderCircle;
  return (
    <p className="flex items-start gap-2" data-phone-state={state}>
      <Icon
        size="1.125rem"
        aria-hidden="true"
        className={classNames(
          'mt-0.5 flex-none',
          good ? 'text-listening-text' : state === 'broken' ? 'text-danger-text' : 'text-quiet',
          (state === 'setting-up' || state === 'starting') && 'animate-spin calm:animate-none',
        )}
      />
      <span>
        <output>{t(`phone.states.${state}`)}</output>
        {good && (
          <span className="block text-small text-quiet">
            {t(source === 'existing' ? 'phone.setUp.existing' : 'phone.setUp.container', { version })}{' '}
            {isHere && t(softphone ? 'phone.setUp.softphone' : 'phone.setUp.noSoftphone')}
          </span>
        )}
        {good && !isHere && <TelephoneElsewhere />}
        {good && phoneEnd.softphone && <SoftphoneTrouble softphone={phoneEnd.softphone} />}
      </span>
    </p>
  );
}

/** Why this window is no phone, where the exchange is ready. */
function SoftphoneTrouble({ softphone }: { softphone: Softphone }) {
  const { t, i18n } = useTranslation();
  const line = useStore(softphone.state, (state) => state.line);
  const microphone = useStore(softphone.state, (state) => state.microphone);
  return (
    <>
      {line.state === 'failed' && <span className="block text-small text-danger-text">{errorText(i18n, line.error)}</span>}
      {microphone === 'denied' && <span className="block text-small text-danger-text">{t('firstRun.microphoneDenied')}</span>}
      {microphone === 'none' && <span className="block text-small text-danger-text">{t('firstRun.microphoneNone')}</span>}
    </>
  );
}

const ICONS = { waiting: Circle, running: LoaderCircle, done: CircleCheck, failed: CircleAlert } as const;
const TONES: Record<PhoneStep['status'], string> = {
  waiting: 'text-quiet',
  running: 'text-text animate-spin calm:animate-none',
  done: 'text-listening-text',
  failed: 'text-danger-text',
};

function Steps({ steps }: { steps: readonly PhoneStep[] }) {
  const { t, i18n } = useTranslation();
  return (
    <ol aria-live="polite" className="flex flex-col gap-2.5">
      {steps.map((step) => {
        const Icon = ICONS[step.status];
        return (
          <li key={step.id} data-step={step.status} className="flex items-start gap-3">
            <Icon
              size="1.125rem"
              className={classNames('mt-0.5 flex-none', TONES[step.status])}
              aria-label={t(`phone.stepStates.${step.status}`)}
            />
            <div className={classNames('min-w-0 flex-1', step.status === 'waiting' && 'text-quiet')}>
              <p>{t(`phone.steps.${step.id}`)}</p>
              {step.status === 'running' && (
                <div className="mt-1.5 max-w-sm">
                  {/* Without a share the turning sign beside it says enough. */}
                  {step.share !== null && <ProgressBar label={t(`phone.steps.${step.id}`)} share={step.share} />}
                </div>
              )}
              {step.error && <p className="text-small text-danger-text [overflow-wrap:anywhere]">{errorText(i18n, step.error)}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function ShutDown({ own }: { own: boolean }) {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Power size="1rem" aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t('phone.shutDown.action')}
      </Button>
      <Confirm
        open={open}
        title={t('phone.shutDown.title')}
        text={t(own ? 'phone.shutDown.container' : 'phone.shutDown.existing')}
        action={t('phone.shutDown.action')}
        onConfirm={() => void bridge.call('phone.shutDown', {}).catch(view.getState().fail)}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
