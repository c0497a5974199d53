import { Tooltip } from 'radix-ui';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { CallLayer, CallStrip } from '../features/calls/call-layer.tsx';
import { NoticeBar } from '../features/notices/notice-bar.tsx';
import { Toasts } from '../features/notices/toasts.tsx';
import { StopBar } from '../features/stop/stop-bar.tsx';
import { StopEdge } from '../features/stop/stop-edge.tsx';
import { TalkScreen } from '../features/talk-screen.tsx';
import { ApprovalOverlay } from '../features/tools/approval-overlay.tsx';
import type { Screen } from '../stores/view-store.ts';
import { useActions, useCommands } from './actions-context.ts';
import { Announcer } from './announcer.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { bindKeyboard } from './keyboard.ts';
import { Rail } from './rail.tsx';
import { useServices, useView } from './services.ts';

const CharactersScreen = lazy(async () => ({ default: (await import('../features/characters/characters-screen.tsx')).CharactersScreen }));
const ActivityScreen = lazy(async () => ({ default: (await import('../features/activity/activity-screen.tsx')).ActivityScreen }));
const HandsScreen = lazy(async () => ({ default: (await import('../features/hands/hands-screen.tsx')).HandsScreen }));
const CallsScreen = lazy(async () => ({ default: (await import('../features/calls/calls-screen.tsx')).CallsScreen }));
const ModelsScreen = lazy(async () => ({ default: (await import('../features/models/models-screen.tsx')).ModelsScreen }));
const SettingsScreen = lazy(async () => ({ default: (await import('../features/settings/settings-screen.tsx')).SettingsScreen }));
const Palette = lazy(async () => ({ default: (await import('../features/palette/palette.tsx')).Palette }));
const SharePageDialog = lazy(async () => ({ default: (await import('../features/tools/share-page-dialog.tsx')).SharePageDialog }));
const LiftDialog = lazy(async () => ({ default: (await import('../features/stop/lift-dialog.tsx')).LiftDialog }));
const KeysHelp = lazy(async () => ({ default: (await import('../features/palette/keys-help.tsx')).KeysHelp }));

/** The window. */
export function App() {
  const { t } = useTranslation();
  const services = useServices();
  const actions = useActions();
  const commands = useCommands();
  const screen = useView((state) => state.screen);
  const stageOnly = useView((state) => state.stageOnly);
  const paletteOpen = useView((state) => state.paletteOpen);
  const keysOpen = useView((state) => state.keysOpen);
  const liftOpen = useView((state) => state.liftOpen);
  const sharePageOpen = useView((state) => state.sharePageOpen);
  useEffect(() => bindKeyboard(services, actions, commands), [services, actions, commands]);

  return (
    <Tooltip.Provider delayDuration={400}>
      <div className="flex h-full round:flex-col">
        <a href="#main" className="skip-link">
          {t('rail.skip')}
        </a>
        {!stageOnly && <Rail />}
        <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 grow flex-col outline-none">
          <StopBar />
          <CallStrip />
          {!stageOnly && <NoticeBar />}
          <div className="min-h-0 grow">
            <ErrorBoundary key={screen}>
              <Suspense fallback={<p className="p-8 text-quiet">{t('common.loading')}</p>}>{SCREENS[screen]}</Suspense>
            </ErrorBoundary>
          </div>
          <ApprovalOverlay />
        </main>
      </div>
      <Suspense fallback={null}>
        {paletteOpen && <Palette />}
        {keysOpen && <KeysHelp />}
        {liftOpen && <LiftDialog />}
        {sharePageOpen && <SharePageDialog />}
      </Suspense>
      <CallLayer />
      <StopEdge />
      <Announcer />
      <Toasts />
    </Tooltip.Provider>
  );
}

const SCREENS: Record<Screen, React.ReactNode> = {
  talk: <TalkScreen />,
  characters: <CharactersScreen />,
  calls: <CallsScreen />,
  activity: <ActivityScreen />,
  hands: <HandsScreen />,
  models: <ModelsScreen />,
  settings: <SettingsScreen />,
};
