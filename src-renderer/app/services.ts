import { createContext, useContext } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { Bridge, SettingValue } from '../../src-preload/contract/index.ts';
import { createVoiceIo, type VoiceIo } from '../audio/voice-io.ts';
import { createChatStore, type ChatState } from '../stores/chat-store.ts';
import { createCoreStore, type CoreState } from '../stores/core-store.ts';
import { createModelsStore, type ModelsState } from '../stores/models-store.ts';
import { createSessionStore, type SessionState } from '../stores/session-store.ts';
import { createSettingsStore, settingOf, type SettingsState, type Widened } from '../stores/settings-store.ts';
import { createViewStore, type ViewState } from '../stores/view-store.ts';
import type { AudioState } from '../audio/voice-io.ts';

/** Everything that a screen may use. Made once, in main.tsx; lives as long as the page. */
export interface Services {
  bridge: Bridge;
  voice: VoiceIo;
  core: StoreApi<CoreState>;
  session: StoreApi<SessionState>;
  chat: StoreApi<ChatState>;
  settings: StoreApi<SettingsState>;
  models: StoreApi<ModelsState>;
  view: StoreApi<ViewState>;
}

export function createServices(bridge: Bridge): Services {
  const view = createViewStore();
  return {
    bridge,
    view,
    voice: createVoiceIo({ bridge, onProblem: view.getState().fail }),
    core: createCoreStore(bridge),
    session: createSessionStore(bridge),
    chat: createChatStore(bridge),
    settings: createSettingsStore(bridge),
    models: createModelsStore(bridge),
  };
}

const ServicesContext = createContext<Services | undefined>(undefined);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices outside of its provider');
  return services;
}

export function useCore<Part>(select: (state: CoreState) => Part): Part {
  return useStore(useServices().core, select);
}
export function useSession<Part>(select: (state: SessionState) => Part): Part {
  return useStore(useServices().session, select);
}
export function useChat<Part>(select: (state: ChatState) => Part): Part {
  return useStore(useServices().chat, select);
}
export function useModels<Part>(select: (state: ModelsState) => Part): Part {
  return useStore(useServices().models, select);
}
export function useView<Part>(select: (state: ViewState) => Part): Part {
  return useStore(useServices().view, select);
}
export function useAudio<Part>(select: (state: AudioState) => Part): Part {
  return useStore(useServices().voice.state, select);
}
export function useSettings<Part>(select: (state: SettingsState) => Part): Part {
  return useStore(useServices().settings, select);
}
export function useSetting<Value extends SettingValue>(key: string, fallback: Value): Widened<Value> {
  return useSettings((state) => settingOf<Value>(state, key, fallback));
}
