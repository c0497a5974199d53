import { createContext, useContext } from 'react';
import { useStore, type StoreApi } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Bridge, SettingValue } from '../../src-preload/contract/index.ts';
import { createVoiceIo, type VoiceIo } from '../audio/voice-io.ts';
import { createCharactersStore, type CharactersState } from '../stores/characters-store.ts';
import { savedKeyOf } from '../face/recording/clip-doubts.ts';
import { createClipStore, type ClipState } from '../stores/clip-store.ts';
import { fileNameOf } from '../features/characters/file-kind.ts';
import { createAbilitiesStore, type AbilitiesState } from '../stores/abilities-store.ts';
import { createActivityStore, type ActivityState } from '../stores/activity-store.ts';
import { createHandsStore, type HandsState } from '../stores/hands-store.ts';
import { createCallLogStore, type CallLogState } from '../stores/call-log-store.ts';
import { createKillStore, type KillStoreState } from '../stores/kill-store.ts';
import { createChatStore, type ChatState } from '../stores/chat-store.ts';
import { createCoreStore, type CoreState } from '../stores/core-store.ts';
import { createMissedCallsStore, seenInBrowser, type MissedCallsState } from '../stores/missed-calls-store.ts';
import { createModelsStore, type ModelsState } from '../stores/models-store.ts';
import { createPhoneBookStore, type PhoneBookState } from '../stores/phone-book-store.ts';
import { createPhoneStore, type PhoneState } from '../stores/phone-store.ts';
import { createSessionStore, type SessionState } from '../stores/session-store.ts';
import { createSettingsStore, settingOf, type SettingsState, type Widened } from '../stores/settings-store.ts';
import { createViewStore, type ViewState } from '../stores/view-store.ts';
import type { Ringer, Softphone, SoftphoneState } from '../softphone/softphone-port.ts';
import { saveBlob } from '../ui/save-blob.ts';
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
  characters: StoreApi<CharactersState>;
  clip: StoreApi<ClipState>;
  hands: StoreApi<HandsState>;
  kill: StoreApi<KillStoreState>;
  activity: StoreApi<ActivityState>;
  abilities: StoreApi<AbilitiesState>;
  phone: StoreApi<PhoneState>;
  phoneBook: StoreApi<PhoneBookState>;
  callLog: StoreApi<CallLogState>;
  missedCalls: StoreApi<MissedCallsState>;
  /** This page as a telephone; empty in a browser on another machine. */
  phoneEnd: { softphone?: Softphone; ringer?: Ringer };
  view: StoreApi<ViewState>;
}

export function createServices(bridge: Bridge): Services {
  const view = createViewStore();
  const { fail, toast } = view.getState();
  const chat = createChatStore(bridge);
  const voice = createVoiceIo({ bridge, onProblem: fail });
  return {
    bridge,
    view,
    voice,
    core: createCoreStore(bridge),
    session: createSessionStore(bridge),
    chat,
    hands: createHandsStore(bridge, chat),
    kill: createKillStore(bridge),
    activity: createActivityStore(bridge),
    abilities: createAbilitiesStore(bridge),
    phone: createPhoneStore(bridge),
    phoneBook: createPhoneBookStore(bridge),
    callLog: createCallLogStore(bridge, fail),
    missedCalls: createMissedCallsStore(bridge, seenInBrowser),
    phoneEnd: {},
    settings: createSettingsStore(bridge),
    models: createModelsStore(bridge),
    characters: createCharactersStore(bridge),
    clip: createClipStore({
      output: voice.output,
      // Encoders are large and seldom wanted.
      begin: async (options) => (await import('../face/recording/index.ts')).startLiveClip(options),
      ground: () => getComputedStyle(document.documentElement).getPropertyValue('--ground'),
      save({ blob, codecs }, { name }) {
        const fileName = `${fileNameOf(name)}.mp4`;
        saveBlob(blob, fileName);
        toast({ kind: 'done', content: { key: savedKeyOf(codecs), values: { fileName } } });
      },
      fail,
    }),
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
export function useCharacters<Part>(select: (state: CharactersState) => Part): Part {
  return useStore(useServices().characters, select);
}
export function useClip<Part>(select: (state: ClipState) => Part): Part {
  return useStore(useServices().clip, select);
}
export function useHands<Part>(select: (state: HandsState) => Part): Part {
  return useStore(useServices().hands, select);
}
export function useKill<Part>(select: (state: KillStoreState) => Part): Part {
  return useStore(useServices().kill, select);
}
export function useActivity<Part>(select: (state: ActivityState) => Part): Part {
  return useStore(useServices().activity, select);
}
export function useAbilities<Part>(select: (state: AbilitiesState) => Part): Part {
  return useStore(useServices().abilities, select);
}
export function usePhone<Part>(select: (state: PhoneState) => Part): Part {
  return useStore(useServices().phone, select);
}
export function usePhoneBook<Part>(select: (state: PhoneBookState) => Part): Part {
  return useStore(useServices().phoneBook, select);
}
export function useCallLog<Part>(select: (state: CallLogState) => Part): Part {
  return useStore(useServices().callLog, select);
}
export function useMissedCalls<Part>(select: (state: MissedCallsState) => Part): Part {
  return useStore(useServices().missedCalls, select);
}
/** This page's own end of calls; idle where it has none. */
export function useSoftphone<Part>(select: (state: SoftphoneState) => Part): Part {
  return useStore(useServices().phoneEnd.softphone?.state ?? NO_SOFTPHONE, select);
}
const NO_SOFTPHONE = createStore<SoftphoneState>()(() => ({
  line: { state: 'off' },
  calls: [],
  muted: false,
  microphone: 'off',
  replaced: null,
}));
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
