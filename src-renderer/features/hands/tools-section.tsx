import { useTranslation } from 'react-i18next';
import type { ToolPolicy, ToolView } from '../../../src-preload/contract/index.ts';
import { useAbilities, useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Select } from '../../ui/select.tsx';
import { Badge } from '../models/badge.tsx';
import { useToolName } from '../tools/use-tool-name.ts';
import { Rows, Section } from './section.tsx';

export const POLICIES = ['default', 'allow', 'ask', 'off'] as const satisfies readonly ToolPolicy[];

/** Every tool of the app itself, what it may do, and the owner's word about it. Those of servers are with their server. */
export function ToolsSection() {
  const { t } = useTranslation();
  const tools = useAbilities((state) => state.tools);
  const own = tools?.filter((tool) => tool.source.kind === 'built-in');
  return (
    <Section title={t('hands.tools.title')} hint={t('hands.tools.hint')}>
      {own === undefined && <p className="text-quiet">{t('common.loading')}</p>}
      {own !== undefined && (
        <Rows>
          {own.map((tool) => (
            <ToolRow key={tool.name} tool={tool} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function ToolRow({ tool }: { tool: ToolView }) {
  const { t, i18n } = useTranslation();
  const { abilities, view } = useServices();
  const name = useToolName()(tool.name, tool.source);
  // The description is written for the model; the catalogues have one for people.
  const hint = i18n.exists(`tools.hints.${tool.name}`) ? String(t(`tools.hints.${tool.name}` as never)) : tool.description;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div className="min-w-[min(14rem,100%)] flex-1">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h3 className="font-medium">{name}</h3>
          {tool.risk === 'high' && <Badge tone="careful">{t('hands.tools.risky')}</Badge>}
          {tool.rights.map((right) => (
            <Badge key={right}>{t(`hands.rights.${right}`)}</Badge>
          ))}
        </div>
        <p className="text-small text-quiet">{hint}</p>
        {tool.unavailable && <p className="text-small text-needs-you-text">{errorText(i18n, tool.unavailable)}</p>}
      </div>
      <div className="w-44">
        <Select
          label={t('hands.tools.policyOf', { name })}
          value={tool.policy}
          choices={POLICIES.map((policy) => ({ value: policy, label: t(`hands.policies.${policy}`) }))}
          onChange={(value) => {
            const policy = POLICIES.find((candidate) => candidate === value);
            if (policy) abilities.getState().setPolicy(tool.name, policy).catch(view.getState().fail);
          }}
        />
      </div>
    </li>
  );
}
