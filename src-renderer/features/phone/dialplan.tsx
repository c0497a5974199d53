import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from './copy-button.tsx';

/** What the dialplan of an Asterisk of one's own must say. */
export function Dialplan() {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [text, setText] = useState<string>();
  if (text === undefined)
    return (
      <div>
        <Button onClick={() => void bridge.call('phone.dialplan', {}).then((plan) => setText(plan.text), view.getState().fail)}>
          {t('phone.dialplan.show')}
        </Button>
      </div>
    );
  return (
    <div className="flex flex-col gap-2">
      <p className="text-small text-quiet">{t('phone.dialplan.hint')}</p>
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        tabIndex={0}
        aria-label={t('phone.dialplan.show')}
        className="verbatim max-h-72 overflow-auto rounded-base border border-line p-3 text-small whitespace-pre-wrap"
      >
        {text}
      </pre>
      <div>
        <CopyButton text={text} />
      </div>
    </div>
  );
}
