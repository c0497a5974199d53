import { useTranslation } from 'react-i18next';
import type { ToolPlanView } from '../../../src-preload/contract/index.ts';

/** What exactly will happen or did: the command as it is run, the folder, the network. In the writing of machines, because every sign counts. */
export function PlanDetails({ plan }: { plan: ToolPlanView }) {
  const { t, i18n } = useTranslation();
  // Names of details come from the tools; those that no catalogue knows are shown as they are.
  const nameOf = (name: string): string => (i18n.exists(`tools.details.${name}`) ? String(t(`tools.details.${name}` as never)) : name);
  const textOf = ({ text, code }: ToolPlanView['details'][number]): string =>
    code !== undefined && i18n.exists(`tools.texts.${code}`) ? String(t(`tools.texts.${code}` as never)) : text;
  if (plan.details.length === 0 && !plan.sandboxed) return null;
  return (
    <dl className="grid grid-cols-[minmax(5.5rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1 text-small">
      {plan.details.map((detail) => (
        <div key={detail.name} className="contents">
          <dt className="text-quiet">{nameOf(detail.name)}</dt>
          <dd className={detail.code === undefined ? 'verbatim whitespace-pre-wrap' : ''}>{textOf(detail)}</dd>
        </div>
      ))}
      <div className="contents">
        <dt className="text-quiet">{t('tools.walls')}</dt>
        <dd>{t(plan.sandboxed ? 'tools.sandboxed' : 'tools.notSandboxed')}</dd>
      </div>
    </dl>
  );
}
