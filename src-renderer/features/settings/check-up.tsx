import { CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';

/** Runs the doctor and shows what it found; repairs are its own words, which the terminal shows as well. */
export function CheckUp() {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [running, setRunning] = useState(false);
  const [findings, setFindings] = useState<CallResult<'doctor.run'>>();
  const run = async (): Promise<void> => {
    setRunning(true);
    try {
      setFindings(await bridge.call('doctor.run', {}));
    } catch (error) {
      view.getState().fail(error);
    } finally {
      setRunning(false);
    }
  };
  return (
    <section aria-label={t('settings.doctor.title')}>
      <h3 className="font-medium">{t('settings.doctor.title')}</h3>
      <p className="mb-2 text-small text-quiet">{t('settings.doctor.hint')}</p>
      <Button disabled={running} onClick={() => void run()}>
        {t(running ? 'settings.doctor.running' : 'settings.doctor.run')}
      </Button>
      <output className="mt-2 block">{findings?.every((finding) => finding.ok) && t('settings.doctor.ok')}</output>
      {findings && (
        <ul className="mt-2 divide-y divide-line border-y border-line">
          {findings.map((finding) => (
            <li key={finding.part} className="flex gap-3 py-2">
              {finding.ok ? (
                <CircleCheck size="1.125rem" className="mt-0.5 flex-none text-listening" aria-label={t('firstRun.status.ready')} />
              ) : (
                <CircleAlert size="1.125rem" className="mt-0.5 flex-none text-needs-you" aria-label={t('notices.problem')} />
              )}
              <div className="min-w-0 [overflow-wrap:anywhere]">
                <p>{finding.summary}</p>
                {finding.repair !== undefined && <p className="text-small text-quiet">{finding.repair}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
