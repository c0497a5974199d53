import { ChevronRight, Pencil, Trash2 } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { McpServerView } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { Badge } from '../models/badge.tsx';
import { ServerForm } from './server-form.tsx';
import { ServerTool } from './server-tool.tsx';

const TONES = { off: 'plain', connecting: 'plain', 'needs-sign-in': 'careful', ready: 'good', failed: 'bad' } as const;

/** One server: whether it answers, what it offers, and whether any of that waits for the owner. */
export function ServerRow({ server }: { server: McpServerView }) {
  const { t, i18n } = useTranslation();
  const { abilities, bridge, view } = useServices();
  const undecided = server.tools.filter((tool) => tool.state === 'new' || tool.state === 'changed');
  const [open, setOpen] = useState(undecided.length > 0);
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { fail } = view.getState();
  const address = server.transport.kind === 'http' ? server.transport.url : [server.transport.command, ...server.transport.args].join(' ');
  return (
    <li className="flex flex-col gap-3 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-[min(14rem,100%)] flex-1">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h3 className="font-medium [overflow-wrap:anywhere]">{server.name}</h3>
            <Badge tone={TONES[server.state]}>{t(`hands.servers.states.${server.state}`)}</Badge>
            {undecided.length > 0 && <Badge tone="careful">{t('hands.servers.undecided', { count: undecided.length })}</Badge>}
          </div>
          <p className="verbatim text-small text-quiet">{address}</p>
        </div>
        <div className="flex flex-wrap items-center gap-1.5">
          {server.state === 'needs-sign-in' && (
            <Button look="main" onClick={() => void bridge.call('mcp.signIn', { id: server.id }).catch(fail)}>
              {t('hands.servers.signIn')}
            </Button>
          )}
          {server.state === 'failed' && (
            <Button onClick={() => void abilities.getState().setServerEnabled(server.id, true).catch(fail)}>
              {t('hands.servers.test')}
            </Button>
          )}
          <IconButton label={t('hands.servers.editNamed', { name: server.name })} onClick={() => setEditing((now) => !now)}>
            <Pencil size="1.125rem" aria-hidden="true" />
          </IconButton>
          <IconButton label={t('hands.servers.removeNamed', { name: server.name })} onClick={() => setRemoving(true)}>
            <Trash2 size="1.125rem" aria-hidden="true" />
          </IconButton>
          <Toggle
            label={t('hands.servers.enableNamed', { name: server.name })}
            checked={server.enabled}
            onChange={(enabled) => void abilities.getState().setServerEnabled(server.id, enabled).catch(fail)}
          />
        </div>
      </div>
      {server.problem && (
        <p className={classNames('text-small', server.state === 'needs-sign-in' ? 'text-needs-you-text' : 'text-danger-text')}>
          {errorText(i18n, server.problem)}
        </p>
      )}
      {editing && <ServerForm server={server} onClose={() => setEditing(false)} />}
      {server.tools.length > 0 && (
        <Collapsible.Root open={open} onOpenChange={setOpen}>
          <Collapsible.Trigger className="group/fold flex min-h-8 items-center gap-2 rounded-base pr-3 text-quiet hover:text-text">
            <ChevronRight size="1.125rem" aria-hidden="true" className="transition-transform group-data-[state=open]/fold:rotate-90" />
            {t('hands.servers.tools', { count: server.tools.length })}
          </Collapsible.Trigger>
          <Collapsible.Content>
            <ul className="divide-y divide-line pl-6 round:pl-2">
              {server.tools.map((tool) => (
                // A tool that has changed is another one: what was ticked for the former does not count.
                <ServerTool key={`${tool.name} ${tool.state} ${tool.pin ?? tool.description}`} server={server} tool={tool} />
              ))}
            </ul>
          </Collapsible.Content>
        </Collapsible.Root>
      )}
      <Confirm
        open={removing}
        title={t('hands.servers.removeTitle', { name: server.name })}
        text={t('hands.servers.removeText')}
        action={t('common.delete')}
        onConfirm={() => void abilities.getState().removeServer(server.id).catch(fail)}
        onClose={() => setRemoving(false)}
      />
    </li>
  );
}
