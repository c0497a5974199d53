import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { McpServerView, McpTool, ToolPolicy, ToolRight } from '../../../src-preload/contract/index.ts';
import { toolRightSchema } from '../../../src-preload/contract/tools.ts';
import { useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { Badge } from '../models/badge.tsx';
import { POLICIES } from './tools-section.tsx';

const RIGHTS = toolRightSchema.options;

/** A tool of a server: off until the owner has agreed to it as it is, and again when it has become another one. */
export function ServerTool({ server, tool }: { server: McpServerView; tool: McpTool }) {
  const { t, i18n } = useTranslation();
  const { abilities, view } = useServices();
  const [rights, setRights] = useState<readonly ToolRight[]>(tool.rights);
  const [editing, setEditing] = useState(false);
  const isUndecided = tool.state === 'new' || tool.state === 'changed';
  const decide = (policy: ToolPolicy, own: readonly ToolRight[] = rights): void =>
    void abilities
      .getState()
      .decide({ id: server.id, tool: tool.name, rights: [...own], policy, ...(tool.pin === undefined ? {} : { pin: tool.pin }) })
      .catch(view.getState().fail);
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-[min(12rem,100%)] flex-1">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h4 className="font-medium [overflow-wrap:anywhere]">{tool.title === '' ? tool.serverName : tool.title}</h4>
            {tool.state !== 'agreed' && (
              <Badge tone={tool.state === 'gone' ? 'plain' : 'careful'}>{t(`hands.servers.toolStates.${tool.state}`)}</Badge>
            )}
          </div>
          {tool.formerDescription === null && <p className="text-small [overflow-wrap:anywhere] text-quiet">{tool.description}</p>}
        </div>
        {tool.state === 'agreed' && (
          <div className="w-44">
            <Select
              label={t('hands.tools.policyOf', { name: tool.title })}
              value={tool.policy}
              choices={POLICIES.map((policy) => ({ value: policy, label: t(`hands.policies.${policy}`) }))}
              onChange={(value) => {
                const policy = POLICIES.find((candidate) => candidate === value);
                if (policy) decide(policy);
              }}
            />
          </div>
        )}
      </div>
      {tool.problem && <p className="text-small text-danger-text">{errorText(i18n, tool.problem)}</p>}
      {tool.formerDescription !== null && <Changed former={tool.formerDescription} now={tool.description} />}
      {tool.formerSchema !== null && tool.formerSchema !== tool.schema && (
        <Takes tool={tool.name} schema={tool.formerSchema} isFormer open />
      )}
      {tool.schema !== null && <Takes tool={tool.name} schema={tool.schema} open={isUndecided} />}
      {tool.state === 'agreed' && (
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {!editing && tool.rights.map((right) => <Badge key={right}>{t(`hands.rights.${right}`)}</Badge>)}
          <Button look="quiet" className="min-h-7 px-2 text-small!" aria-expanded={editing} onClick={() => setEditing((now) => !now)}>
            {t('hands.servers.rights')}
          </Button>
        </div>
      )}
      {(isUndecided || (editing && tool.state === 'agreed')) && (
        <RightBoxes
          rights={rights}
          onChange={(next) => {
            setRights(next);
            if (!isUndecided) decide(tool.policy, next);
          }}
        />
      )}
      {isUndecided && (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => decide('ask')}>{t('hands.servers.agree')}</Button>
          <Button look="quiet" onClick={() => decide('off')}>
            {t('hands.servers.refuse')}
          </Button>
        </div>
      )}
    </li>
  );
}

/** What a call is made of, word for word as the model is told: names, values and descriptions there are a server's words, too. */
function Takes({ tool, schema, open, isFormer = false }: { tool: string; schema: string; open: boolean; isFormer?: boolean }) {
  const { t } = useTranslation();
  const label = isFormer ? `${t('hands.servers.takes')} · ${t('hands.servers.former')}` : t('hands.servers.takes');
  return (
    <details open={open}>
      <summary className="w-fit cursor-pointer rounded-small text-small text-quiet hover:text-text">{label}</summary>
      <section
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        tabIndex={0}
        // Each region of a page has a name of its own.
        aria-label={`${tool}: ${label}`}
        className="mt-1 max-h-64 overflow-auto rounded-small bg-ground p-3"
      >
        <pre className="verbatim text-small whitespace-pre-wrap">{schema}</pre>
      </section>
    </details>
  );
}

/** What it said when the owner agreed, and what it says now. */
function Changed({ former, now }: { former: string; now: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2 rounded-base border border-needs-you px-3.5 py-2.5">
      <p className="text-small text-needs-you-text">{t('hands.servers.changedText')}</p>
      <div className="grid gap-x-6 gap-y-2 not-round:grid-cols-2">
        <div>
          <p className="text-small text-quiet">{t('hands.servers.former')}</p>
          <p className="text-small [overflow-wrap:anywhere] whitespace-pre-wrap">{former}</p>
        </div>
        <div>
          <p className="text-small text-quiet">{t('hands.servers.now')}</p>
          <p className="text-small font-medium [overflow-wrap:anywhere] whitespace-pre-wrap">{now}</p>
        </div>
      </div>
    </div>
  );
}

function RightBoxes({ rights, onChange }: { rights: readonly ToolRight[]; onChange: (rights: ToolRight[]) => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="text-small text-quiet">{t('hands.servers.rights')}</legend>
      <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {RIGHTS.map((right) => (
          <span key={right} className="inline-flex items-center gap-1.5 text-small">
            <input
              id={`${id}${right}`}
              type="checkbox"
              checked={rights.includes(right)}
              onChange={(event) => onChange(event.target.checked ? [...rights, right] : rights.filter((other) => other !== right))}
              className="size-4 accent-(--listening)"
            />
            <label htmlFor={`${id}${right}`}>{t(`hands.rights.${right}`)}</label>
          </span>
        ))}
      </div>
    </fieldset>
  );
}
