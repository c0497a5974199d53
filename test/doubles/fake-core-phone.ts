import type {
  CallCaption,
  CallInput,
  CallName,
  CallRecord,
  CallResult,
  EventName,
  EventPayload,
  PhoneCall,
  PhoneContact,
  PhoneStatus,
} from '../../src-preload/contract/index.ts';
import type { phoneCalls } from '../../src-preload/contract/phone-calls.ts';
import { CONTACTS, fakeCaptions, fakePhoneCall, fakeStatistics, PHONE_READY, RECORDS_OF_CALLS } from './fake-core-phone-data.ts';

export interface FakePhoneOptions {
  status?: PhoneStatus;
  records?: readonly CallRecord[];
  calls?: readonly PhoneCall[];
}

type PhoneName = Extract<keyof typeof phoneCalls, CallName>;
type PhoneAnswers = { [Name in PhoneName]: (input: CallInput<Name>) => CallResult<Name> | Promise<CallResult<Name>> };
type Tell = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;

/** The phone as a page sees it. Tests drive it by `window.fakeCore.phone`. */
export interface FakePhone {
  readonly answers: PhoneAnswers;
  /** Makes or changes a call and tells of it. */
  call(patch?: Partial<PhoneCall>): void;
  /** A call that the assistant leads, with what was said so far. */
  assistantCall(patch?: Partial<PhoneCall>): void;
  caption(caption: Partial<CallCaption>): void;
  levels(callId: string, caller: number, here: number): void;
  setStatus(patch: Partial<PhoneStatus>): void;
  /** Another page is the telephone, or none is any more. */
  setElsewhere(elsewhere: boolean): void;
}

/** What the fake core refuses travels as the real one's errors do. */
function refuse(code: string, message: string): never {
  throw Object.assign(new Error(message), { code });
}

export function createFakePhone(options: FakePhoneOptions, tell: Tell): FakePhone {
  let status = options.status ?? PHONE_READY;
  let calls: PhoneCall[] = [...(options.calls ?? [])];
  const removedIds = new Set<string>();
  let records: CallRecord[] = [...(options.records ?? RECORDS_OF_CALLS)];
  let isElsewhere = false;
  const setStatus = (patch: Partial<PhoneStatus>): PhoneStatus => {
    status = { ...status, ...patch };
    tell('phone.status', status);
    return status;
  };
  const find = (callId: string): PhoneCall => calls.find((call) => call.id === callId) ?? refuse('phone.no-call', 'This call is over.');
  const put = (call: PhoneCall): PhoneCall => {
    calls = [...calls.filter((known) => known.id !== call.id), ...(call.state.state === 'ended' ? [] : [call])];
    tell('phone.call', call);
    return call;
  };
  const talk = (callId: string, patch: Partial<Extract<PhoneCall['state'], { state: 'talking' }>>): PhoneCall => {
    const call = find(callId);
    const now = call.state.state === 'talking' ? call.state : { state: 'talking' as const, by: 'owner' as const, ...QUIET };
    return put({ ...call, answeredAtMs: call.answeredAtMs ?? Date.now(), state: { ...now, ...patch } });
  };
  const end = (callId: string, reason: Extract<PhoneCall['state'], { state: 'ended' }>['reason']): void =>
    void put({ ...find(callId), endedAtMs: Date.now(), state: { state: 'ended', reason } });

  return {
    setStatus: (patch) => void setStatus(patch),
    setElsewhere(elsewhere) {
      isElsewhere = elsewhere;
      tell('phone.softphoneMoved', { free: !elsewhere });
    },
    call: (patch = {}) => void put({ ...(calls.find((call) => call.id === (patch.id ?? 'call-1')) ?? fakePhoneCall()), ...patch }),
    assistantCall(patch = {}) {
      const call = fakePhoneCall({
        answeredAtMs: Date.now() - 83_000,
        state: { state: 'talking', by: 'assistant', ...QUIET },
        ...patch,
      });
      put(call);
      for (const caption of fakeCaptions(call.id)) tell('phone.caption', caption);
      tell('phone.levels', { callId: call.id, caller: 0.6, here: 0.1 });
    },
    caption: (caption) =>
      tell('phone.caption', { callId: 'call-1', seq: 9, speaker: 'caller', text: '', final: true, atMs: 0, ...caption }),
    levels: (callId, caller, here) => tell('phone.levels', { callId, caller, here }),
    answers: {
      ...createFakeExchange(() => status, setStatus),
      ...createFakeBook(tell),
      ...createFakeRecords(
        () => records.filter(({ call }) => !removedIds.has(call.id)),
        (callId, isRemoved) => {
          if (isRemoved) removedIds.add(callId);
          else removedIds.delete(callId);
          tell('phone.logChanged', {});
        },
      ),
      'phone.softphone'({ takeOver }) {
        if (isElsewhere && takeOver !== true) refuse('phone.softphone-elsewhere', 'Another page of yours is the telephone.');
        isElsewhere = false;
        return refuse('phone.not-ready', 'The telephone is not running.');
      },
      'phone.active': () => calls,
      'phone.dial': ({ number, by, purpose = '', way = 'sipgate' }) => {
        const call = fakePhoneCall({
          id: `out-${calls.length + 1}`,
          direction: 'out',
          party: { number: number.replaceAll(/[^\d+*#]/g, ''), name: '', contactId: null, standing: 'unknown' },
          way,
          purpose,
          state: { state: 'dialing', ringing: true },
        });
        put(call);
        setTimeout(() => calls.some((known) => known.id === call.id) && talk(call.id, { by }), 1500);
        return call;
      },
      'phone.answer': ({ callId, by }) => talk(callId, { by }),
      'phone.reject': ({ callId, reason }) => end(callId, reason === 'blocked' ? 'blocked' : 'rejected'),
      'phone.hangUp': ({ callId }) => end(callId, 'hung-up-here'),
      'phone.takeOver': ({ callId }) => talk(callId, { by: 'owner', listening: false }),
      'phone.handOver': ({ callId }) => talk(callId, { by: 'assistant' }),
      'phone.listenIn': ({ callId, on }) => talk(callId, { listening: on }),
      'phone.whisper': ({ callId }) => void find(callId),
      'phone.hold': ({ callId, on }) => talk(callId, { held: on }),
      'phone.mute': ({ callId, on }) => talk(callId, { muted: on }),
      'phone.record': ({ callId, on }) => talk(callId, { recording: on }),
      'phone.sendDigits': ({ callId }) => void find(callId),
      'phone.transfer': ({ callId, kind, number }) => {
        if (kind === 'attended') return talk(callId, { consulting: { number: number.replaceAll(/[^\d+*#]/g, ''), answered: true } });
        end(callId, 'transferred');
        return fakePhoneCall({ id: callId, state: { state: 'ended', reason: 'transferred' } });
      },
      'phone.finishTransfer': ({ callId, how }) => {
        if (how === 'return') return talk(callId, { consulting: undefined });
        end(callId, 'transferred');
        return fakePhoneCall({ id: callId, state: { state: 'ended', reason: 'transferred' } });
      },
      'phone.reportSoftphone': () => undefined,
    },
  };
}

const QUIET = { held: false, muted: false, listening: false, recording: false };

type ExchangeName =
  | `phone.${'status' | 'setUp' | 'shutDown' | 'setQuiet' | 'setPin' | 'doctor' | 'dialplan'}`
  | `phone.${'saveTrunk' | 'removeTrunk' | 'addMobile' | 'saveMobile' | 'removeMobile'}`;

function createFakeExchange(
  status: () => PhoneStatus,
  setStatus: (patch: Partial<PhoneStatus>) => PhoneStatus,
): Pick<PhoneAnswers, ExchangeName> {
  return {
    'phone.status': status,
    'phone.setUp': () =>
      setStatus({
        state: 'setting-up',
        error: null,
        steps: status().steps.map((step, index) => ({ ...step, error: null, status: index === 0 ? 'running' : 'waiting' })),
      }),
    'phone.shutDown': () => void setStatus({ state: 'off', softphone: false }),
    'phone.setQuiet': ({ untilMs }) => setStatus({ quietUntilMs: untilMs }),
    'phone.setPin': ({ pin }) => setStatus({ hasPin: pin !== '' }),
    'phone.doctor': () => [
      { name: 'Exchange', status: 'ok', message: 'Asterisk 22.10.1 answers within 2 ms.' },
      { name: 'Trunk peoplefone Schweiz', status: 'problem', message: 'The provider refuses to register. Look at user name and password.' },
      { name: 'Sound', status: 'warning', message: 'The last test call was 12 days ago.' },
    ],
    'phone.dialplan': () => ({ text: '[from-openclaw]\nexten => _X.,1,Stasis(openclaw,in,internal)\n same => n,Hangup()\n' }),
    'phone.saveTrunk': ({ password, id, ...draft }) => {
      if (draft.host.includes('invalid'))
        refuse('phone.bad-configuration', 'Asterisk does not accept this configuration: host. The one before stays in force.');
      const known = status().trunks.find((trunk) => trunk.id === id);
      const trunk = {
        ...draft,
        id: id ?? `trunk-${status().trunks.length + 1}`,
        hasPassword: password !== undefined || known?.hasPassword === true,
        status: draft.enabled ? ('connecting' as const) : ('off' as const),
        error: null,
      };
      setStatus({ trunks: [...status().trunks.filter((other) => other.id !== trunk.id), trunk] });
      return trunk;
    },
    'phone.removeTrunk': ({ id }) => void setStatus({ trunks: status().trunks.filter((trunk) => trunk.id !== id) }),
    'phone.addMobile': ({ name }) => {
      const mobile = { id: `m${status().mobiles.length + 1}`, name, extension: '1003', rings: true, registered: false };
      setStatus({ mobiles: [...status().mobiles, mobile] });
      return { mobile, server: '192.168.1.20', port: 5060, user: '1003', password: 'kM7v-Rt2q-Xw9b' };
    },
    'phone.saveMobile': (change) => {
      const known = status().mobiles.find(({ id }) => id === change.id) ?? refuse('phone.no-mobile', 'There is no such phone any more.');
      const saved = { ...known, ...change };
      setStatus({ mobiles: status().mobiles.map((mobile) => (mobile.id === saved.id ? saved : mobile)) });
      return saved;
    },
    'phone.removeMobile': ({ id }) => void setStatus({ mobiles: status().mobiles.filter((mobile) => mobile.id !== id) }),
  };
}

function createFakeBook(tell: Tell): Pick<PhoneAnswers, `phone.${'contacts' | 'saveContact' | 'removeContact' | 'block'}`> {
  let contacts: PhoneContact[] = [...CONTACTS];
  const change = (next: PhoneContact[]): void => {
    contacts = next;
    tell('phone.contactsChanged', {});
  };
  return {
    'phone.contacts': () => contacts,
    'phone.saveContact': (draft) => {
      const saved = { ...draft, id: draft.id ?? `p${contacts.length + 1}` };
      change([...contacts.filter((contact) => contact.id !== saved.id), saved]);
      return saved;
    },
    'phone.removeContact': ({ id }) => change(contacts.filter((contact) => contact.id !== id)),
    'phone.block': ({ number, blocked }) => {
      const known = contacts.find((contact) => contact.numbers.includes(number));
      const own = known ?? {
        id: `b${contacts.length}`,
        name: number,
        numbers: [number],
        language: '' as const,
        isFavourite: false,
        mayAsk: false,
        note: '',
      };
      change([...contacts.filter((contact) => contact !== known), { ...own, blocked }]);
    },
  };
}

type RecordName = 'phone.log' | 'phone.statistics' | `phone.record.${'get' | 'remove' | 'keep' | 'sound' | 'export'}`;

function createFakeRecords(
  records: () => readonly CallRecord[],
  setRemoved: (callId: string, isRemoved: boolean) => void,
): Pick<PhoneAnswers, RecordName> {
  return {
    'phone.log': ({ beforeMs, limit, query, direction, answeredBy }) =>
      records()
        .filter(
          ({ call, segments, summary, answeredBy: by }) =>
            (beforeMs === undefined || call.startedAtMs < beforeMs) &&
            (direction === undefined || call.direction === direction) &&
            (answeredBy === undefined || (by ?? 'nobody') === answeredBy) &&
            (query === undefined ||
              `${call.party.name} ${call.party.number} ${summary} ${segments.map(({ text }) => text).join(' ')}`
                .toLowerCase()
                .includes(query.toLowerCase())),
        )
        .slice(0, limit)
        .map(({ segments: _segments, latenciesMs: _latencies, ...entry }) => entry),
    'phone.record.get': ({ callId }) => records().find((record) => record.call.id === callId) ?? null,
    'phone.record.remove': ({ callId }) => setRemoved(callId, true),
    'phone.record.keep': ({ callId }) => setRemoved(callId, false),
    'phone.record.sound': () => ({ url: '/recordings/0123456789abcdef' }),
    'phone.record.export': ({ format }) => ({ fileName: `calls.${format === 'markdown' ? 'md' : format}`, content: '# Calls' }),
    'phone.statistics': ({ days }) => fakeStatistics(days),
  };
}
