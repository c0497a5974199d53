import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneCheck } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Rows, Section } from '../hands/section.tsx';
import { Dialplan } from './dialplan.tsx';

const ICONS = { ok: CircleCheck, warning: TriangleAlert, problem: CircleAlert } as const;
const TONES: Record<PhoneCheck['status'], string> = {
  ok: 'text-listening-text',
  warning: 'text-needs-you-text',
  problem: 'text-danger-text',
};

/** Looks at every part of the phone, and says how to mend it. */
export function DoctorSection() {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [checks, setChecks] = useState<readonly PhoneCheck[]>();
  const [running, setRunning] = useState(false);
  const run = (): void => {
    setRunning(true);
    bridge
      .call('phone.doctor', {})
      .then(setChecks, view.getState().fail)
      .finally(() => setRunning(false));
  };
  return (
    <Section title={t('phone.doctor.title')} hint={t('phone.doctor.hint')}>
      <div className="flex flex-wrap gap-2">
        <Button disabled={running} onClick={run}>
          {t(running ? 'phone.doctor.running' : 'phone.doctor.run')}
        </Button>
        <Dialplan />
      </div>
      {checks && (
        <div aria-live="polite">
          <Rows>
            {checks.map((check) => {
              const Icon = ICONS[check.status];
              return (
                <li key={check.name} className="flex items-start gap-3 py-2.5">
                  <Icon
                    size="1.125rem"
                    className={`mt-0.5 flex-none ${TONES[check.status]}`}
                    aria-label={t(`phone.doctor.states.${check.status}`)}
                  />
                  <div className="min-w-0">
                    <p className="font-medium">{check.name}</p>
                    <p className="text-small text-quiet [overflow-wrap:anywhere]">{check.message}</p>
                  </div>
                </li>
              );
            })}
          </Rows>
        </div>
      )}
    </Section>
  );
}
