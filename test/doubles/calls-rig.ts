import { onTestFinished } from 'vitest';
import type { PhoneCall, PhoneContact, MobilePhone, TrunkView, ErrorData } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { createAriClient } from '../../src-main/modules/telephony/ari/ari-client.ts';
import type { CallRecording } from '../../src-main/modules/telephony/calls/call-context.ts';
import type { CallNote } from '../../src-main/modules/telephony/calls/call-notes.ts';
import type {
  CallHint,
  CallNotice,
  CallVoice,
  MediaLegs,
  VoiceEvent,
  VoiceRole,
} from '../../src-main/modules/telephony/calls/call-ports.ts';
import type { Calls, CallsDeps } from '../../src-main/modules/telephony/calls/calls-service.ts';
import { createOwnerPin, type OwnerPin } from '../../src-main/modules/telephony/calls/owner-pin.ts';
import type { AriClient, MediaEvent } from '../../src-main/modules/telephony/telephony.ts';
import { ariLogin, createAriServer, type AriServer } from './ari-server.ts';
import { createOpenGate, type OpenGate } from './open-gate.ts';
import { createPlainCalls, createUntoldDouble } from './plain-calls.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** The media worker as calls see it. */
export interface MediaDouble extends MediaLegs {
  /** Legs that are open, with whether they listen. */
  readonly legs: Map<string, { callId: string; listens: boolean }>;
  readonly said: CallNotice[];
  /** What `say` resolves with. */
  canSay: boolean;
  tell(event: MediaEvent): void;
}

export function createMediaDouble(): MediaDouble {
  const legs: MediaDouble['legs'] = new Map();
  const listeners = new Set<(event: MediaEvent) => void>();
  const said: CallNotice[] = [];
  const self: MediaDouble = {
    legs,
    said,
    canSay: true,
    open({ callId, legId }) {
      legs.set(legId, { callId, listens: true });
      return Promise.resolve({ transport: 'audiosocket', host: '127.0.0.1:9092', format: 'slin16' });
    },
    close: (legId) => Promise.resolve(void legs.delete(legId)),
    listen(legId, on) {
      const leg = legs.get(legId);
      if (leg) leg.listens = on;
      return Promise.resolve();
    },
    say(_legId, notice) {
      said.push(notice);
      return Promise.resolve(self.canSay);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
  return self;
}

/** The conversation as calls see it. */
export interface VoiceDouble extends CallVoice {
  readonly begun: { callId: string; role: VoiceRole }[];
  readonly hints: CallHint[];
  readonly paused: Map<string, boolean>;
  readonly ended: string[];
  readonly standings: string[];
  failure: Error | undefined;
  tell(event: VoiceEvent): void;
}

export function createVoiceDouble(): VoiceDouble {
  const listeners = new Set<(event: VoiceEvent) => void>();
  const self: VoiceDouble = {
    begun: [],
    hints: [],
    paused: new Map(),
    ended: [],
    standings: [],
    failure: undefined,
    begin({ call, role }) {
      if (self.failure) return Promise.reject(self.failure);
      self.begun.push({ callId: call.id, role });
      return Promise.resolve({ conversationId: `conv_${call.id}`, characterId: 'default' });
    },
    pause: (callId, on) => void self.paused.set(callId, on),
    hint: (_callId, hint) => void self.hints.push(hint),
    standing: (_callId, standing) => void self.standings.push(standing),
    end: (callId) => void self.ended.push(callId),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
  return self;
}

export const rigTrunk: TrunkView = {
  id: 'sipgate',
  name: 'Sipgate',
  preset: 'sipgate',
  enabled: true,
  host: 'sipgate.de',
  port: 5060,
  transport: 'udp',
  username: 'user',
  authUser: '',
  callerId: '+493012345',
  codecs: ['alaw'],
  registers: true,
  countryPrefix: '49',
  hasPassword: true,
  status: 'registered',
  error: null,
};

export const rigMobile: MobilePhone = { id: 'handy', name: 'Handy', extension: '1001', rings: true, registered: true };

export interface RigSettings {
  whenNobodyAnswers: 'assistant' | 'message' | 'nothing';
  whenMachineAnswers: 'message' | 'hang-up';
  records: boolean;
  maxCallsAtOnce: number;
  maxCallsPerHour: number;
  screensUnknown: boolean;
  isQuiet: boolean;
}

export interface CallsRig {
  server: AriServer;
  ari: AriClient;
  calls: Calls;
  clock: VirtualClock;
  gate: OpenGate;
  log: RecordingLog;
  media: MediaDouble;
  voice: VoiceDouble;
  pin: OwnerPin;
  secrets: Map<string, string>;
  settings: RigSettings;
  contacts: PhoneContact[];
  blocked: Set<string>;
  trunks: TrunkView[];
  mobiles: MobilePhone[];
  /** Every view that was told, in order. */
  told: PhoneCall[];
  troubles: (ErrorData | null)[];
  recordings: CallRecording[];
  /** Recordings that the other end has not been told of. */
  untold: Set<string>;
  notes: CallNote[];
  /** Waits, in real time, until it holds; fails after 5 s with what was told last. */
  until<Value>(read: () => Value | undefined | false | null): Promise<Value>;
  /** The newest view of the only or last call. */
  call(): PhoneCall;
  /** States of the last call in their order, in short: `ringing`, `talking by owner`, `ended hung-up-there`. */
  states(callId?: string): string[];
  /** A call comes in and rings here. */
  ringing(from?: Parameters<AriServer['incoming']>[0]): Promise<{ callId: string; channelId: string }>;
  ended(callId?: string): Promise<PhoneCall>;
}

/** The calls on a real AriClient against a server that behaves like Asterisk; time of the calls is virtual. */
export async function createCallsRig(more: Pick<CallsDeps, 'ear' | 'talks'> = {}): Promise<CallsRig> {
  const server = await createAriServer();
  server.phones.set('PJSIP/1000', 'answers');
  server.phones.set('PJSIP/sipgate', 'answers');
  const log = createRecordingLog();
  const ari = createAriClient({ access: { http: server.url, ...ariLogin }, subscriptions: () => [], clock: systemClock, log });
  const clock = createVirtualClock();
  const gate = createOpenGate();
  const media = createMediaDouble();
  const voice = createVoiceDouble();
  const secrets = new Map<string, string>();
  const pin = createOwnerPin({
    secrets: { get: (name) => secrets.get(name), set: async (name, value) => void secrets.set(name, value) },
    clock,
  });
  const settings: RigSettings = {
    whenNobodyAnswers: 'message',
    whenMachineAnswers: 'message',
    records: false,
    maxCallsAtOnce: 4,
    maxCallsPerHour: 10,
    screensUnknown: false,
    isQuiet: false,
  };
  const contacts: PhoneContact[] = [];
  const blocked = new Set<string>();
  const trunks = [rigTrunk];
  const mobiles: MobilePhone[] = [];
  const told: PhoneCall[] = [];
  const troubles: (ErrorData | null)[] = [];
  const recordings: CallRecording[] = [];
  const notes: CallNote[] = [];
  const untold = new Set<string>();
  const calls = createPlainCalls({
    media,
    voice,
    gate,
    pin,
    clock,
    log,
    settings: {
      whenNobodyAnswers: () => settings.whenNobodyAnswers,
      whenMachineAnswers: () => settings.whenMachineAnswers,
      records: () => settings.records,
      maxCallsAtOnce: () => settings.maxCallsAtOnce,
      maxCallsPerHour: () => settings.maxCallsPerHour,
      screensUnknown: () => settings.screensUnknown,
      isQuiet: () => settings.isQuiet,
    },
    book: {
      find: (number) => contacts.find(({ numbers }) => numbers.includes(number)),
      isBlocked: (number) => blocked.has(number),
      block: (number, on) => Promise.resolve(void (on ? blocked.add(number) : blocked.delete(number))),
    },
    lines: { trunks: () => trunks, mobiles: () => mobiles },
    untold: createUntoldDouble(untold),
    trouble: (error) => void troubles.push(error),
    ...more,
  });
  calls.onCall((call) => void told.push(call));
  calls.onRecording((recording) => void recordings.push(recording));
  calls.onNote((_callId, note) => void notes.push(note));
  calls.attach(ari);
  onTestFinished(async () => {
    await calls.dispose();
    await ari.dispose();
  });

  const rig: CallsRig = {
    server,
    ari,
    calls,
    clock,
    gate,
    log,
    media,
    voice,
    pin,
    secrets,
    settings,
    contacts,
    blocked,
    trunks,
    mobiles,
    told,
    troubles,
    recordings,
    untold,
    notes,
    async until(read) {
      const untilMs = Date.now() + 5_000;
      for (;;) {
        const value = read();
        if (value !== undefined && value !== false && value !== null) return value;
        if (Date.now() > untilMs)
          throw new Error(`It did not come to that; told: ${rig.states().join(' → ')}; requests: ${server.requests.slice(-12).join(', ')}`);
        await new Promise((resolve) => {
          setTimeout(resolve, 2);
        });
      }
    },
    call() {
      const last = told.at(-1);
      if (last === undefined) throw new Error('No call was told of');
      return last;
    },
    states(callId) {
      const id = callId ?? told.at(-1)?.id;
      const short = told.filter((call) => call.id === id).map(({ state }) => wordsOf(state));
      return short.filter((words, index) => words !== short[index - 1]);
    },
    async ringing(from = { number: '+4930111222' }) {
      const channelId = server.incoming(from);
      const before = told.length;
      const call = await rig.until(() => told.slice(before).find(({ state }) => state.state === 'ringing'));
      await rig.until(() => server.channels.get(channelId)?.rings);
      return { callId: call.id, channelId };
    },
    ended: (callId) =>
      rig.until(() => told.findLast(({ id, state }) => state.state === 'ended' && (callId === undefined || id === callId))),
  };
  await rig.until(() => server.connections() === 1 && ari.state() === 'connected');
  return rig;
}

/** A call that comes in from outside and is answered; `bridge`: who is in it, by role. */
export async function talkingRig(
  by: 'owner' | 'assistant' | 'message',
  more: Parameters<typeof createCallsRig>[0] = {},
): Promise<CallsRig & { callId: string; channelId: string; bridge: () => string[] }> {
  const rig = await createCallsRig(more);
  const { callId, channelId } = await rig.ringing();
  await rig.calls.answer(callId, by);
  const roleOf = (id: string): string => (id === channelId ? 'far' : (/\.([a-z]+)(?:-\d+)?\.\d+$/.exec(id)?.[1] ?? id));
  return { ...rig, callId, channelId, bridge: () => [...(rig.server.bridges.get(`oc.${callId}`)?.channels ?? [])].map(roleOf).toSorted() };
}

function wordsOf(state: PhoneCall['state']): string {
  switch (state.state) {
    case 'ringing':
      return `${state.screening ? 'screening' : 'ringing'}${state.quietly === true ? ' quietly' : ''}`;
    case 'dialing':
      return state.ringing ? 'rings there' : 'dialing';
    case 'talking': {
      const marks = (['held', 'muted', 'listening', 'recording'] as const).filter((name) => state[name]);
      const guest = state.consulting && (state.consulting.answered ? ' with a guest' : ' calls a guest');
      return `talking by ${state.by}${marks.map((mark) => ` ${mark}`).join('')}${guest ?? ''}`;
    }
    case 'ended':
      return `ended ${state.reason}`;
  }
}
