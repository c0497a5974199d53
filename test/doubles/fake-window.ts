import { createFakeCore, type FakeCore, type FakeCoreOptions } from './fake-core.ts';
import { OWN_CHARACTERS } from './fake-core-characters.ts';
import { callsOfDay, callsOfYear, KILL_STOPPED, NO_DOCKER, SERVERS, VAULT, handsMessages } from './fake-core-hands-data.ts';
import { PHONE_FAILED, PHONE_HALF_DONE, PHONE_OFF, recordsOfYear } from './fake-core-phone-data.ts';
import { FAKE_NOTICES, fakeConversations, manyMessages } from './fake-core-data.ts';

/*
 * Loaded before the page's own script: puts a fake core where the preload would be. The address chooses the scene:
 * ?scene=first-run|empty|year|notices|characters|hands|stopped|no-docker|phone-off|phone-half|phone-failed|usual & locale=de & theme=ink|paper & text=200 & mode=push-to-talk
 */
declare global {
  interface Window {
    fakeCore: FakeCore;
  }
}

const query = new URLSearchParams(location.search);
const scene = query.get('scene') ?? 'usual';
const SCENES: Record<string, FakeCoreOptions> = {
  usual: {},
  empty: { conversations: [] },
  characters: { characters: OWN_CHARACTERS },
  hands: { messages: handsMessages, hands: { calls: callsOfDay(), servers: SERVERS, vault: VAULT } },
  stopped: { messages: handsMessages, hands: { calls: callsOfDay(), kill: KILL_STOPPED } },
  'phone-off': { phone: { status: PHONE_OFF, records: [] } },
  'phone-half': { phone: { status: PHONE_HALF_DONE } },
  'phone-failed': { phone: { status: PHONE_FAILED } },
  'no-docker': { hands: { sandbox: NO_DOCKER } },
  year: {
    phone: { records: recordsOfYear(1500) },
    hands: { calls: callsOfYear(3000), servers: SERVERS, vault: VAULT },
    characters: OWN_CHARACTERS,
    conversations: fakeConversations(400),
    messages: (id) => manyMessages(id, 3000),
  },
  notices: { snapshot: { notices: FAKE_NOTICES } },
  'first-run': {
    conversations: [],
    snapshot: {
      firstRun: true,
      parts: [
        { part: 'recognition', status: 'starting' },
        { part: 'language', status: 'ready' },
        { part: 'synthesis', status: 'missing', code: 'model.missing', message: 'The voice is missing.' },
      ],
    },
  },
};
const options = SCENES[scene] ?? {};
const core = createFakeCore({
  ...options,
  snapshot: { ...options.snapshot, locale: query.get('locale') === 'de' ? 'de' : 'en' },
  settings: {
    ...options.settings,
    'appearance.theme': query.get('theme') ?? 'system',
    'appearance.textSize': Number(query.get('text') ?? 100),
    'talk.mode': query.get('mode') ?? 'hands-free',
    'appearance.germanAddress': query.get('address') ?? 'du',
  },
});
window.fakeCore = core;
Object.defineProperty(window, 'openclaw', { value: core.api });
