import { ChevronRight, X } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolCall } from '../../../src-preload/contract/index.ts';
import { useHands, useServices } from '../../app/services.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { CallDetails } from './call-details.tsx';
import { isRunning, TONES } from './call-facts.ts';
import { CallIcon } from './call-icon.tsx';
import { useCallWords } from './use-call-words.ts';
import { usePlanWords } from './use-plan-words.ts';

/** One call in one line: its state as a shape, what it does, how long it took. Opened on demand, cut off while it runs. */
export function CallCard({ call, facts }: { call: ToolCall; facts?: ReactNode }) {
  const { t } = useTranslation();
  const { hands, view } = useServices();
  const open = useHands((state) => state.openCallIds.has(call.id));
  const running = isRunning(call.state);
  const nowMs = useNow(1000, running);
  const duration = useCallWords().duration(call, nowMs);
  const line = usePlanWords()(call.plan);
  // The tick says "done" already, and in a conversation the line belongs to what was done.
  const isPlain = call.state === 'done' && facts === undefined;
  const { fail } = view.getState();
  return (
    <Collapsible.Root
      open={open}
      onOpenChange={() => hands.getState().toggleCall(call.id)}
      data-call={call.state}
      className="overflow-hidden rounded-base border border-line bg-raised"
    >
      <div className="flex items-center">
        <Collapsible.Trigger className="group/card flex min-h-10 min-w-0 grow items-center gap-2.5 rounded-base px-3.5 py-1.5 text-left hover:bg-hover">
          <CallIcon state={call.state} />
          <span className="min-w-0 grow">
            <span className="line-clamp-2 [overflow-wrap:anywhere] group-data-[state=open]/card:line-clamp-none">{line}</span>
            {facts !== undefined && <span className="block text-small text-quiet">{facts}</span>}
          </span>
          <span className="flex-none text-small text-quiet tabular-nums">
            <span
              className={TONES[call.state] === 'bad' ? 'text-danger-text' : TONES[call.state] === 'needs-you' ? 'text-needs-you-text' : ''}
            >
              <span className={isPlain ? 'sr-only' : ''}>{t(`tools.states.${call.state}`)}</span>
            </span>
            {duration !== undefined && (
              <span>
                {!isPlain && ' · '}
                {duration}
              </span>
            )}
          </span>
          <ChevronRight
            size="1rem"
            aria-hidden="true"
            className="flex-none text-quiet transition-transform group-data-[state=open]/card:rotate-90"
          />
        </Collapsible.Trigger>
        {running && (
          <IconButton
            label={t('tools.cancelNamed', { summary: line })}
            size="small"
            className="mr-1.5"
            onClick={() => void hands.getState().cancel(call.id).catch(fail)}
          >
            <X size="1rem" aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <Collapsible.Content>
        <CallDetails call={call} />
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
