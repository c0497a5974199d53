import type {
  CallCaption,
  CallRecord,
  CallSegment,
  PhoneCall,
  PhoneContact,
  PhoneParty,
  PhoneStatistics,
  PhoneStatus,
  PhoneStep,
} from '../../src-preload/contract/index.ts';

/* What the fake core knows about the phone: in the sizes and shapes that real data has. */

const NOW_MS = Date.now();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const MARIA: PhoneParty = { number: '+4930901820', name: 'Maria Brandt', contactId: 'p1', standing: 'known' };
const UNKNOWN: PhoneParty = { number: '+41443643530', name: '', contactId: null, standing: 'unknown' };
/** A name as the network brings it: as long as it may be, with signs that must stay signs. */
const AWKWARD: PhoneParty = {
  number: '+12125550143',
  name: '<b>Dr. Konstantin-Alexander von Hohenlohe-Waldenburg-Schillingsfürst</b> & Partner',
  contactId: null,
  standing: 'unknown',
};
const WITHHELD: PhoneParty = { number: '', name: '', contactId: null, standing: 'unknown' };

export function fakePhoneCall(patch: Partial<PhoneCall> = {}): PhoneCall {
  return {
    id: 'call-1',
    direction: 'in',
    party: MARIA,
    way: 'sipgate',
    state: { state: 'ringing', screening: false },
    startedAtMs: Date.now(),
    answeredAtMs: null,
    endedAtMs: null,
    purpose: '',
    screeningText: '',
    conversationId: null,
    characterId: null,
    trouble: null,
    ...patch,
  };
}

const STEP_IDS = ['docker', 'image', 'configuration', 'container', 'control', 'softphone', 'test-call'] as const;

function steps(patch: Partial<Record<PhoneStep['id'], Partial<PhoneStep>>>, rest: PhoneStep['status']): PhoneStep[] {
  return STEP_IDS.map((id) => ({ id, status: rest, share: null, error: null, ...patch[id] }));
}

export const PHONE_READY: PhoneStatus = {
  state: 'ready',
  source: 'container',
  steps: steps({}, 'done'),
  error: null,
  version: '22.10.1',
  softphone: true,
  trunks: [
    {
      id: 'sipgate',
      name: 'sipgate',
      preset: 'sipgate',
      enabled: true,
      host: 'sipgate.de',
      port: 5060,
      transport: 'udp',
      username: '2391827e0',
      authUser: '',
      callerId: '+4930901820',
      codecs: ['g722', 'alaw'],
      registers: true,
      countryPrefix: '49',
      hasPassword: true,
      status: 'registered',
      error: null,
    },
    {
      id: 'peoplefone',
      name: 'peoplefone Schweiz',
      preset: 'peoplefone',
      enabled: true,
      host: 'sips.peoplefone.ch',
      port: 5060,
      transport: 'udp',
      username: '41443643530',
      authUser: '',
      callerId: '',
      codecs: ['alaw'],
      registers: true,
      countryPrefix: '41',
      hasPassword: true,
      status: 'rejected',
      error: {
        code: 'phone.trunk-rejected',
        message: 'The provider refuses to register peoplefone Schweiz. Look at user name and password.',
        details: { name: 'peoplefone Schweiz' },
      },
    },
  ],
  mobiles: [
    { id: 'kitchen', name: 'Phone in the kitchen', extension: '1001', rings: true, registered: true },
    { id: 'pocket', name: 'Ada’s pocket', extension: '1002', rings: true, registered: false },
  ],
  quietUntilMs: null,
  hasPin: false,
};

export const PHONE_OFF: PhoneStatus = {
  ...PHONE_READY,
  state: 'off',
  source: null,
  steps: steps({}, 'waiting'),
  version: '',
  softphone: false,
  trunks: [],
  mobiles: [],
};

export const PHONE_HALF_DONE: PhoneStatus = {
  ...PHONE_OFF,
  state: 'setting-up',
  steps: steps({ docker: { status: 'done' }, image: { status: 'running', share: 0.42 } }, 'waiting'),
};

export const PHONE_FAILED: PhoneStatus = {
  ...PHONE_OFF,
  state: 'broken',
  steps: steps(
    {
      docker: { status: 'done' },
      image: { status: 'done' },
      configuration: {
        status: 'failed',
        error: {
          code: 'phone.bad-configuration',
          message: 'Asterisk does not accept this configuration: pjsip.conf line 41. The one before stays in force.',
          details: { problem: 'pjsip.conf, line 41: no object of type “endpoint” named “sipgate”' },
        },
      },
    },
    'waiting',
  ),
};

export const CONTACTS: PhoneContact[] = [
  {
    id: 'p1',
    name: 'Maria Brandt',
    numbers: ['+4930901820', '+491709018201'],
    language: 'de',
    blocked: false,
    isFavourite: true,
    mayAsk: true,
    note: 'Sister',
  },
  contact('p2', 'Dentist Dr. Feldmann', ['+4930220910']),
  contact('p3', 'Konstantin-Alexander von Hohenlohe-Waldenburg-Schillingsfürst', ['+12125550143']),
  contact('p4', 'Zoë', ['+41443643531']),
  { ...contact('p5', '+448081570192', ['+448081570192']), blocked: true },
];

function contact(id: string, name: string, numbers: string[]): PhoneContact {
  return { id, name, numbers, language: '', blocked: false, isFavourite: false, mayAsk: false, note: '' };
}

const SEGMENTS: CallSegment[] = [
  { speaker: 'assistant', text: 'Hello, this is the assistant of Ada Lind. How can I help?', startMs: 300, endMs: 3600 },
  { speaker: 'caller', text: 'Good morning, Brandt here. I wanted to ask about Thursday.', startMs: 4200, endMs: 7900 },
  { speaker: 'assistant', text: 'Good morning. Ada cannot come to the phone right now. What is it about?', startMs: 8500, endMs: 12_300 },
  {
    speaker: 'caller',
    text: 'The table is booked for seven, but the others will only be there at half past. Could she bring the drawings along?',
    startMs: 13_000,
    endMs: 19_600,
  },
  { speaker: 'note', text: 'The owner took over.', startMs: 20_000, endMs: 20_000 },
  { speaker: 'owner', text: 'Hello Maria, it is me. I shall bring them.', startMs: 20_400, endMs: 23_200 },
  { speaker: 'caller', text: 'Wonderful. Until Thursday, then.', startMs: 23_900, endMs: 25_800 },
];

function record(id: string, agoMs: number, patch: Partial<Omit<CallRecord, 'call'>> & { call?: Partial<PhoneCall> } = {}): CallRecord {
  const startedAtMs = NOW_MS - agoMs;
  const durationMs = patch.durationMs ?? 26_400;
  const { call, ...rest } = patch;
  return {
    call: fakePhoneCall({
      id,
      startedAtMs,
      answeredAtMs: startedAtMs + 4000,
      endedAtMs: startedAtMs + 4000 + durationMs,
      state: { state: 'ended', reason: 'hung-up-there' },
      ...call,
    }),
    answeredBy: 'assistant',
    durationMs,
    segments: SEGMENTS,
    summary: '',
    tasks: [],
    sentiment: 0.1,
    latenciesMs: [640, 720, 1180, 590],
    recording: null,
    ...rest,
  };
}

function missed(id: string, agoMs: number, party: PhoneParty): CallRecord {
  return record(id, agoMs, {
    answeredBy: null,
    durationMs: 0,
    segments: [],
    sentiment: null,
    latenciesMs: [],
    call: { party, answeredAtMs: null, state: { state: 'ended', reason: 'not-answered' } },
  });
}

/** Newest first, over a few days. */
export const RECORDS_OF_CALLS: CallRecord[] = [
  record('r1', 35 * MINUTE_MS, {
    summary:
      'Maria Brandt asks whether Thursday stands: the table is booked for seven, the others come at half past. Ada brings the drawings.',
    tasks: ['Bring the drawings on Thursday', 'Be there at seven'],
    sentiment: 0.6,
    recording: { durationMs: 26_400, bytes: 422_000 },
  }),
  missed('r2', 3 * HOUR_MS, UNKNOWN),
  record('r3', DAY_MS, {
    answeredBy: 'message',
    summary: 'A parcel service leaves a message: the parcel is at the neighbour’s.',
    tasks: ['Fetch the parcel from the neighbour'],
    call: { party: AWKWARD },
  }),
  record('r4', DAY_MS + 2 * HOUR_MS, {
    durationMs: 3_725_000,
    answeredBy: 'owner',
    latenciesMs: [],
    sentiment: null,
    call: {
      direction: 'out',
      party: { ...MARIA, name: 'Dentist Dr. Feldmann', number: '+4930220910' },
      purpose: 'Ask for an appointment next week',
    },
  }),
  missed('r5', 3 * DAY_MS, WITHHELD),
  record('r6', 4 * DAY_MS, {
    answeredBy: null,
    durationMs: 0,
    segments: [],
    latenciesMs: [],
    sentiment: null,
    call: { direction: 'out', party: UNKNOWN, answeredAtMs: null, state: { state: 'ended', reason: 'busy' } },
  }),
];

/** A year of calls, for the time that lists take. */
export function recordsOfYear(count: number): CallRecord[] {
  return Array.from({ length: count }, (_, index) =>
    index % 4 === 3
      ? missed(`y${index}`, index * 6 * HOUR_MS, UNKNOWN)
      : record(`y${index}`, index * 6 * HOUR_MS, { summary: `Call number ${index}.` }),
  );
}

export function fakeStatistics(days: number): PhoneStatistics {
  const list = Array.from({ length: days }, (_, index) => {
    const at = new Date(NOW_MS - (days - 1 - index) * DAY_MS);
    const incoming = (index * 7 + 3) % 9;
    const day = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
    return { day, incoming, outgoing: (index * 5) % 4, missed: Math.min(incoming, index % 3) };
  });
  return {
    days: list,
    answeredBy: { owner: 31, mobile: 8, assistant: 44, message: 12, nobody: 17 },
    durations: { medianMs: 94_000, p95Ms: 612_000, totalMs: 9_400_000 },
    responses: { p50Ms: 690, p95Ms: 1240, count: 212 },
    sentiment: { good: 28, neutral: 41, bad: 6 },
  };
}

/** Said in the assistant's call that the tests look at; the last one still grows. */
export function fakeCaptions(callId: string): CallCaption[] {
  const said: [CallCaption['speaker'], string][] = [
    ['assistant', 'Hello, this is the assistant of Ada Lind. How can I help?'],
    ['caller', 'Good morning, Brandt here. I wanted to ask about Thursday. <img src=x onerror=alert(1)>'],
    ['assistant', 'Good morning. Ada cannot come to the phone right now. What is it about?'],
    ['caller', 'The table is booked for seven, but the others'],
  ];
  return said.map(([speaker, text], seq) => ({ callId, seq, speaker, text, final: seq < said.length - 1, atMs: seq * 4000 }));
}
