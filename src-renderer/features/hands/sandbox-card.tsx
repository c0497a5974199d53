import { BrickWall, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SandboxStatus } from '../../../src-preload/contract/index.ts';
import { useAbilities, useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Badge } from '../models/badge.tsx';
import { useToolName } from '../tools/use-tool-name.ts';
import { Section } from './section.tsx';

/** Where Docker comes from; opened in the owner's own browser. */
const DOCKER_ADDRESS = 'https://docs.docker.com/get-started/get-docker/';

/** The walls: whether they stand, what is missing, how to get it, and what works without them. */
export function SandboxCard() {
  const { t, i18n } = useTranslation();
  const { abilities, bridge, view } = useServices();
  const sandbox = useAbilities((state) => state.sandbox);
  const { fail } = view.getState();
  if (!sandbox) return null;
  const { state } = sandbox;
  const isReady = state === 'ready';
  const Icon = isReady || state === 'building' ? BrickWall : TriangleAlert;
  return (
    <Section title={t('hands.sandbox.title')} hint={t('hands.sandbox.hint')}>
      <div
        data-sandbox={state}
        className={classNames(
          'flex flex-col gap-3 rounded-base border px-4 py-3.5',
          isReady || state === 'building' ? 'border-line' : 'border-needs-you',
        )}
      >
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Icon
            size="1.25rem"
            aria-hidden="true"
            className={classNames('flex-none', isReady ? 'text-listening-text' : 'text-needs-you-text')}
          />
          <p className="min-w-[min(12rem,100%)] flex-1 font-medium">{t(`hands.sandbox.states.${state}`)}</p>
          {(state === 'missing' || state === 'stopped') && (
            <Button onClick={() => void bridge.call('app.openExternal', { url: DOCKER_ADDRESS }).catch(fail)}>
              {t('hands.sandbox.get')}
            </Button>
          )}
          {(state === 'no-image' || state === 'broken') && (
            <Button look="main" onClick={() => void abilities.getState().prepareSandbox().catch(fail)}>
              {t('hands.sandbox.build')}
            </Button>
          )}
          {state !== 'ready' && state !== 'building' && (
            <Button onClick={() => void abilities.getState().load().catch(fail)}>{t('hands.sandbox.again')}</Button>
          )}
        </div>
        {state === 'building' && <ProgressBar label={t('hands.sandbox.states.building')} share={sandbox.progress ?? undefined} />}
        {sandbox.problem && <p className="text-small">{errorText(i18n, sandbox.problem)}</p>}
        {!isReady && <StillWorking />}
        <Facts sandbox={sandbox} />
      </div>
    </Section>
  );
}

/** Which tools need no walls. */
function StillWorking() {
  const { t } = useTranslation();
  const nameOf = useToolName();
  const tools = useAbilities((state) => state.tools);
  const names = (tools ?? [])
    .filter((tool) => tool.unavailable === null && tool.policy !== 'off')
    .map((tool) => nameOf(tool.name, tool.source));
  if (names.length === 0) return null;
  return <p className="text-small text-quiet">{t('hands.sandbox.stillWorking', { tools: names.join(', ') })}</p>;
}

function Facts({ sandbox }: { sandbox: SandboxStatus }) {
  const { t } = useTranslation();
  const { engine, runc, gvisor, imageDigest } = sandbox;
  if (engine === null && runc === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
      {engine !== null && <Badge>{engine}</Badge>}
      {runc && (
        <Badge tone={runc.outdated ? 'careful' : 'plain'}>
          {t(runc.outdated ? 'hands.sandbox.runcOutdated' : 'hands.sandbox.runc', { version: runc.version })}
        </Badge>
      )}
      <Badge tone={gvisor ? 'good' : 'plain'}>{t(gvisor ? 'hands.sandbox.gvisor' : 'hands.sandbox.noGvisor')}</Badge>
      {imageDigest !== null && (
        <span className="font-mono text-small text-quiet">{t('hands.sandbox.image', { digest: imageDigest.slice(0, DIGEST_SHOWN) })}</span>
      )}
      {runc?.outdated === true && <p className="w-full text-small text-quiet">{t('hands.sandbox.runcHint')}</p>}
    </div>
  );
}

/** `sha256:` and enough of it to tell two images apart. */
const DIGEST_SHOWN = 19;
