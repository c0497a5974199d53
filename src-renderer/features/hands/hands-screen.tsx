import { ListChecks } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { AccessSection } from './access-section.tsx';
import { OffSwitchSection } from './off-switch-section.tsx';
import { SandboxCard } from './sandbox-card.tsx';
import { ServersSection } from './servers-section.tsx';
import { ToolsSection } from './tools-section.tsx';
import { VaultSection } from './vault-section.tsx';
import { WorkspaceRow } from './workspace-row.tsx';

/** What may it do, and behind which walls? */
export function HandsScreen() {
  const { t } = useTranslation();
  const { abilities, view } = useServices();
  useEffect(() => {
    abilities.getState().load().catch(view.getState().fail);
  }, [abilities, view]);
  return (
    <div className="h-full overflow-y-auto px-8 py-8 round:px-4 round:py-5">
      <div className="mx-auto flex max-w-[56rem] flex-col gap-10">
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div>
            <h1 className="text-title font-semibold">{t('hands.title')}</h1>
            <p className="mt-1 text-quiet">{t('hands.question')}</p>
          </div>
          <Button icon={<ListChecks size="1rem" aria-hidden="true" />} onClick={() => view.getState().show('activity')}>
            {t('rail.activity')}
          </Button>
        </header>
        <SandboxCard />
        <WorkspaceRow />
        <ToolsSection />
        <ServersSection />
        <VaultSection />
        <AccessSection />
        <OffSwitchSection />
      </div>
    </div>
  );
}
