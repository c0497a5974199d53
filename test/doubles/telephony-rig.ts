import { onTestFinished } from 'vitest';
import type { EventName, PhoneStatus, PhoneStep } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import type { ErrorData } from '../../src-main/base/errors.ts';
import { createTelephony, type Telephony } from '../../src-main/modules/telephony/index.ts';
import { telephonySettings } from '../../src-main/modules/telephony/telephony-config.ts';
import { createTelephonyHandlers } from '../../src-main/modules/telephony/telephony-handlers.ts';
import { createSoftphoneDesk } from '../../src-main/modules/telephony/softphone-desk.ts';
import type { PhoneWishes, TelephonyDeps } from '../../src-main/modules/telephony/telephony-service.ts';
import type { Exchange, ExchangeState } from '../../src-main/modules/telephony/telephony.ts';
import { createConfig } from '../../src-main/platform/config/index.ts';
import { createPageHub, type Caller } from '../../src-main/platform/contract-host/index.ts';
import { ariLogin, createAriServer, type AriServer } from './ari-server.ts';
import { createMediaDouble, createVoiceDouble, type MediaDouble, type VoiceDouble } from './calls-rig.ts';
import { createGateDouble, type GateDouble } from './mcp-rig.ts';
import { createRecordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An exchange that is what the test says. */
export interface ExchangeDouble extends Exchange {
  become(state: ExchangeState): void;
  /** What `apply` rejects with. */
  refusal: Error | undefined;
  readonly done: string[];
  wishes: (() => PhoneWishes) | undefined;
  /** Of the trunk `sipgate`. */
  registration: 'registered' | 'rejected';
}

export function createExchangeDouble(): ExchangeDouble {
  let state: ExchangeState = { state: 'off' };
  const listeners = new Set<(state: ExchangeState) => void>();
  const done: string[] = [];
  const steps: PhoneStep[] = [{ id: 'container', status: 'done', share: null, error: null }];
  const note = (what: string) => async (): Promise<void> => void done.push(what);
  const self: ExchangeDouble = {
    done,
    refusal: undefined,
    wishes: undefined,
    registration: 'rejected',
    become(next) {
      state = next;
      for (const listener of listeners) listener(next);
    },
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    steps: () => steps,
    setUp: note('setUp'),
    async apply() {
      done.push('apply');
      if (self.refusal) throw self.refusal;
    },
    registrations: () => Promise.resolve(new Map([['sipgate', self.registration]])),
    softphone: () => (state.state === 'ready' ? { url: 'ws://127.0.0.1:1/ws', user: '1000', password: 'p', realm: 'asterisk' } : undefined),
    async kill() {
      done.push('kill');
      return ['asterisk'];
    },
    stop: note('stop'),
    dispose: note('dispose'),
  };
  return self;
}

export interface TelephonyRig extends Pick<GateDouble, 'shut'> {
  telephony: Telephony;
  handlers: ReturnType<typeof createTelephonyHandlers>;
  exchange: ExchangeDouble;
  server: AriServer;
  voice: VoiceDouble;
  media: MediaDouble;
  secrets: Map<string, string>;
  audited: string[];
  notices: (ErrorData | null)[];
  told: { name: EventName; payload: unknown }[];
  folder: string;
  setting: (key: string, value: string | number | boolean) => Promise<unknown>;
  /** The exchange runs and the calls are joined to it. */
  ready(): Promise<PhoneStatus>;
}

export const window = { door: 'window', clientId: 'test' } as const;

/** The telephone with a real phone.json, real settings and a real AriClient; exchange, media worker and conversation are doubled. */
export async function createTelephonyRig(
  more: {
    folder?: string;
    askOwner?: () => Promise<boolean>;
    /** The one page that is open. */
    page?: Caller;
  } = {},
): Promise<TelephonyRig> {
  const folder = more.folder ?? (await temporaryFolder());
  const server = await createAriServer();
  const exchange = createExchangeDouble();
  const gate = createGateDouble();
  const log = createRecordingLog();
  const voice = createVoiceDouble();
  const media = createMediaDouble();
  const secrets = new Map<string, string>();
  const audited: string[] = [];
  const notices: (ErrorData | null)[] = [];
  const told: TelephonyRig['told'] = [];
  const config = createConfig({ dataDirectory: folder, definitions: telephonySettings, clock: systemClock, log });
  const deps: TelephonyDeps = {
    dataDirectory: folder,
    config,
    secrets: {
      get: (name) => secrets.get(name),
      async set(name, value) {
        if (value === '') secrets.delete(name);
        else secrets.set(name, value);
      },
    },
    killSwitch: gate.killSwitch,
    audit: { record: async ({ action }) => void audited.push(action) },
    media,
    voice,
    createOwnExchange(wishes) {
      exchange.wishes = wishes;
      return exchange;
    },
    createExistingExchange: () => exchange,
    hasPage: () => desk.hasPage(),
    isTelephoneHeld: () => desk.isHeld(),
    hostName: () => '192.168.1.2',
    tell: (name, payload) => void told.push({ name, payload }),
    notice: (error) => void notices.push(error),
    clock: systemClock,
    log,
  };
  const telephony = await createTelephony(deps);
  onTestFinished(() => telephony.dispose());
  const hub = createPageHub({ log, checkEvents: true });
  hub.add({ caller: more.page ?? window, send: () => undefined, openAudio: () => undefined });
  const desk = createSoftphoneDesk({
    hub,
    calls: telephony.calls.active,
    onCall: telephony.onCall,
    onLost: () => telephony.setSoftphone(false),
  });
  onTestFinished(() => desk.dispose());
  const handlers = createTelephonyHandlers({ telephony, audit: deps.audit, desk, ...(more.askOwner ? { askOwner: more.askOwner } : {}) });
  return {
    telephony,
    handlers,
    exchange,
    server,
    voice,
    media,
    secrets,
    audited,
    notices,
    told,
    folder,
    shut: gate.shut,
    setting: (key, value) => config.set(key, value),
    async ready() {
      if (!exchange.done.includes('setUp')) await telephony.setUp();
      exchange.become({
        state: 'ready',
        version: '22.10.1',
        addresses: { http: server.url, ariUser: ariLogin.user, ariPassword: ariLogin.password, sipPort: 5060 },
      });
      const untilMs = Date.now() + 5_000;
      while (server.connections() === 0 && Date.now() < untilMs) await new Promise((resolve) => void setTimeout(resolve, 5));
      return telephony.status();
    },
  };
}
