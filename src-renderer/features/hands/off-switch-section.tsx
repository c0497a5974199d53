import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useKill, useServices } from '../../app/services.ts';
import { formatDateTime, formatNumber } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { Badge } from '../models/badge.tsx';
import { Section } from './section.tsx';

/** Whether the off-switch can be trusted, what guards the way back, and the language model's own switch. */
export function OffSwitchSection() {
  const { t, i18n } = useTranslation();
  const actions = useActions();
  const kill = useKill((state) => state.kill);
  const [changing, setChanging] = useState(false);
  if (!kill) return null;
  const { watchdog, shortcut, lastDrill } = kill;
  return (
    <Section title={t('hands.offSwitch.title')} hint={t('hands.offSwitch.hint')}>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
        <Badge tone={watchdog === 'running' ? 'good' : watchdog === 'missing' ? 'bad' : 'plain'}>
          {t(`hands.offSwitch.watchdog.${watchdog}`)}
        </Badge>
        <Badge tone={shortcut.registered ? 'plain' : 'careful'}>
          {t(shortcut.registered ? 'hands.offSwitch.shortcut' : 'hands.offSwitch.noShortcut', { keys: shortcut.accelerator })}
        </Badge>
        <Badge tone={lastDrill ? (lastDrill.passed ? 'good' : 'bad') : 'plain'}>
          {lastDrill
            ? t(lastDrill.passed ? 'hands.offSwitch.drillPassed' : 'hands.offSwitch.drillFailed', {
                time: formatDateTime(i18n.language, lastDrill.atMs),
                milliseconds: formatNumber(i18n.language, lastDrill.p95Ms, 0),
              })
            : t('hands.offSwitch.noDrill')}
        </Badge>
      </div>
      <div className="divide-y divide-line border-y border-line">
        <div className="flex items-center justify-between gap-4 py-3">
          <div className="min-w-0">
            <label htmlFor="language-on" className="font-medium">
              {t('hands.offSwitch.language')}
            </label>
            <p className="text-small text-quiet">{t('hands.offSwitch.languageHint')}</p>
          </div>
          <Toggle id="language-on" checked={!kill.languageCutOff} onChange={(on) => actions.cutLanguage(!on)} />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
          <div className="min-w-[min(14rem,100%)] flex-1">
            <h3 className="font-medium">{t('stop.passphrase')}</h3>
            <p className="text-small text-quiet">
              {t(kill.passphraseSet ? 'hands.offSwitch.passphraseSet' : 'hands.offSwitch.passphraseUnset')}
            </p>
          </div>
          {!changing && (
            <Button onClick={() => setChanging(true)}>{t(kill.passphraseSet ? 'hands.offSwitch.change' : 'hands.offSwitch.set')}</Button>
          )}
          {changing && <PassphraseForm isSet={kill.passphraseSet} onClose={() => setChanging(false)} />}
        </div>
      </div>
    </Section>
  );
}

function PassphraseForm({ isSet, onClose }: { isSet: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { kill, view } = useServices();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await kill.getState().setPassphrase({ current, next });
      view.getState().toast({ kind: 'done', content: { key: next === '' ? 'passphraseRemoved' : 'passphraseSet' } });
      onClose();
    } catch (error) {
      view.getState().fail(error);
    }
  };
  return (
    <form className="grid w-full gap-3 not-round:grid-cols-2" aria-label={t('stop.passphrase')} onSubmit={(event) => void save(event)}>
      {isSet && (
        <Labelled label={t('hands.offSwitch.current')}>
          {(id) => (
            <TextField id={id} type="password" value={current} autoComplete="off" onChange={(event) => setCurrent(event.target.value)} />
          )}
        </Labelled>
      )}
      <Labelled label={t('hands.offSwitch.next')} {...(isSet ? { hint: t('hands.offSwitch.nextHint') } : {})}>
        {(id) => <TextField id={id} type="password" value={next} autoComplete="off" onChange={(event) => setNext(event.target.value)} />}
      </Labelled>
      <div className="flex flex-wrap justify-end gap-2 not-round:col-span-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" disabled={isSet ? current === '' : next === ''}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}
