import { Check, Copy, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolCall } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { PlanDetails } from './plan-details.tsx';
import { useCallWords } from './use-call-words.ts';
import { useToolName } from './use-tool-name.ts';

/** Everything about one call: what it did exactly, who asked and allowed it, what came back, and the way back where there is one. */
export function CallDetails({ call }: { call: ToolCall }) {
  const { t, i18n } = useTranslation();
  const { hands, view } = useServices();
  const words = useCallWords();
  const nameOf = useToolName();
  return (
    <div className="flex flex-col gap-3 border-t border-line px-3.5 py-3">
      <PlanDetails plan={call.plan} />
      <dl className="grid grid-cols-[minmax(5.5rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1 text-small">
        <dt className="text-quiet">{t('tools.tool')}</dt>
        <dd>{nameOf(call.tool, call.source)}</dd>
        <dt className="text-quiet">{t('tools.asked')}</dt>
        <dd>
          {words.asker(call.asker)}, {formatDateTime(i18n.language, call.createdAtMs)}
        </dd>
        <dt className="text-quiet">{t('tools.allowed')}</dt>
        <dd>{words.approval(call)}</dd>
      </dl>
      {call.tainted && <p className="text-small text-needs-you-text">{t('tools.tainted')}</p>}
      {call.reasons.length > 0 && (
        <ul className="flex flex-col gap-1 text-small text-quiet">
          {call.reasons.map((reason) => (
            <li key={reason.code}>{errorText(i18n, reason)}</li>
          ))}
        </ul>
      )}
      {call.error && <p className="text-danger-text">{errorText(i18n, call.error)}</p>}
      {call.result !== null && <Result text={call.result} />}
      {call.undo === 'possible' && (
        <div>
          <Button
            icon={<Undo2 size="1rem" aria-hidden="true" />}
            onClick={() => void hands.getState().undo(call.id).catch(view.getState().fail)}
          >
            {t('tools.undo')}
          </Button>
        </div>
      )}
      {call.undo === 'done' && <p className="text-small text-quiet">{t('tools.undone')}</p>}
    </div>
  );
}

const COPIED_SHOWN_MS = 1500;

/** What came back, as it came: bounded by the core, and here by the height of the card. */
function Result({ text }: { text: string }) {
  const { t } = useTranslation();
  const { view } = useServices();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), COPIED_SHOWN_MS);
    } catch (error) {
      view.getState().fail(error);
    }
  };
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between gap-3">
        <p className="text-small text-quiet">{t('tools.result')}</p>
        {text !== '' && (
          <Button
            look="quiet"
            className="min-h-7 px-2 text-small!"
            icon={copied ? <Check size="0.875rem" aria-hidden="true" /> : <Copy size="0.875rem" aria-hidden="true" />}
            onClick={() => void copy()}
          >
            {t(copied ? 'common.copied' : 'common.copy')}
          </Button>
        )}
      </div>
      {text === '' ? (
        <p className="text-small text-quiet">{t('tools.emptyResult')}</p>
      ) : (
        <section
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
          tabIndex={0}
          aria-label={t('tools.result')}
          className="max-h-64 overflow-auto rounded-small bg-ground p-3"
        >
          <pre className="verbatim text-small whitespace-pre-wrap">{text}</pre>
        </section>
      )}
    </div>
  );
}
