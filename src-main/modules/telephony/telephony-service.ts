import type { PhoneCall, PhoneStatus, SoftphoneAccess } from '../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import { createDisposeBag, type Disposable, type Unsubscribe } from '../../base/dispose.ts';
import { toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Tell } from '../../platform/contract-host/index.ts';
import type { AuditLog } from '../../platform/observability/index.ts';
import type { KillSwitch } from '../killswitch/index.ts';
import { createAriClient } from './ari/ari-client.ts';
import { createOpenLine, type OpenLine } from './avr/open-line.ts';
import { isQuietTime } from './calls/admission.ts';
import { createCalls, type Calls, type CallsDeps } from './calls/calls-service.ts';
import type { CallVoice, MediaLegs } from './calls/call-ports.ts';
import { createOwnerPin, type OwnerPin, type PhoneSecrets } from './calls/owner-pin.ts';
import { openUntoldRecordings } from './calls/untold-recordings.ts';
import { startPatiently } from './patient-start.ts';
import { createPhoneBook, type PhoneBook } from './phone-book.ts';
import { openPhoneFile, type PhoneFile } from './phone-file.ts';
import { createLineBook, type LineBook } from './phone-lines.ts';
import { createSetUpProof, type SetUpProof } from './set-up-proof.ts';
import * as settings from './telephony-config.ts';
import { phoneError } from './telephony-errors.ts';
import type { AriClient, AriEvent, Exchange, ExchangeSettings, ExchangeState } from './telephony.ts';

/** What the container's configuration is made from; the exchange adds passwords and ports of its own. */
export type PhoneWishes = Omit<
  ExchangeSettings,
  'softphonePassword' | 'ariPassword' | 'httpPort' | 'rtpPorts' | 'audioSocketPort' | 'mediaWebSocketPort'
>;
export interface ExistingAsterisk {
  url: string;
  user: string;
  password: string;
}

export interface TelephonyDeps {
  dataDirectory: string;
  config: Pick<Config, 'get' | 'onChange'>;
  secrets: PhoneSecrets;
  killSwitch: Pick<KillSwitch, 'gate' | 'register'>;
  audit: Pick<AuditLog, 'record'>;
  media: MediaLegs;
  voice: CallVoice;
  /** Asterisk in a container of ours; asks for its wishes at every start and change. */
  createOwnExchange: (wishes: () => PhoneWishes) => Exchange;
  createExistingExchange: (access: ExistingAsterisk) => Exchange;
  /** Whether a page of the owner's is open on this machine, in the window or in a browser. */
  hasPage: () => boolean;
  /** Whether one of them has taken the telephone's place; it may not have registered yet. */
  isTelephoneHeld: () => boolean;
  /** Where mobile phones reach this machine, as they are told. */
  hostName: () => string;
  tell: Tell;
  /** Who in a recorded call begins to speak, or falls silent; see the calls. */
  talks?: CallsDeps['talks'];
  /** Captions of calls that people lead. */
  ear?: CallsDeps['ear'];
  /** What the owner must see even when no screen of the phone's is open; null = control is there again. */
  notice: (error: ErrorData | null) => void;
  clock: Clock;
  log: Log;
}

/** The telephone: one object that owns exchange, control, calls, lines and phone book. */
export interface Telephony extends Disposable {
  readonly calls: Calls;
  /** Calls without an exchange of ours. */
  readonly openLine: OpenLine;
  readonly book: PhoneBook;
  readonly lines: LineBook;
  readonly pin: OwnerPin;
  /** The control of the running exchange; for recordings. Throws `phone.not-ready`. */
  control(): AriClient;
  status(): PhoneStatus;
  onStatus(listener: (status: PhoneStatus) => void): Unsubscribe;
  onCall(listener: (call: PhoneCall) => void): Unsubscribe;
  /** Starts what was running the last time, in the background. Nothing starts while calls are stopped. */
  begin(): void;
  /** Resolves when it is begun. Without `existing` an exchange that is ready stays as it is, whichever it is, and what was set up is only tried again. */
  setUp(existing?: ExistingAsterisk): Promise<PhoneStatus>;
  shutDown(): Promise<void>;
  /** Throws `phone.not-ready`. */
  softphone(): SoftphoneAccess;
  setSoftphone(registered: boolean): void;
  setQuiet(untilMs: number | null): Promise<void>;
  setPin(pin: string): Promise<void>;
  /** Has the running exchange take over what was changed. */
  apply(): Promise<void>;
  mobileAccess(extension: string): { server: string; port: number; user: string };
  /** What was wrong with phone.json or the list of untold recordings, if anything. */
  problem(): ErrorData | undefined;
}

const REGISTRATIONS_EVERY_MS = 5_000;
const SOFTPHONE_EXTENSION = '1000';

export async function createTelephony(deps: TelephonyDeps): Promise<Telephony> {
  const { clock, config, log, killSwitch } = deps;
  const bag = createDisposeBag();
  const file = await openPhoneFile(deps);
  const untold = await openUntoldRecordings(deps);
  const pin = createOwnerPin({ secrets: deps.secrets, clock });
  const lines = createLineBook({
    file,
    secrets: deps.secrets,
    country: () => config.get(settings.phoneCountry),
    hasDongle: () => config.get(settings.dongleDevice) !== '',
  });
  const book = createPhoneBook({ file, countryPrefix: lines.countryPrefix, changed: () => deps.tell('phone.contactsChanged', {}) });
  const statusListeners = new Set<(status: PhoneStatus) => void>();
  let trouble: ErrorData | null = null;

  const calls = createCalls({
    media: deps.media,
    voice: deps.voice,
    talks: deps.talks,
    ear: deps.ear,
    untold,
    gate: killSwitch.gate,
    pin,
    book,
    lines,
    clock,
    log,
    settings: callSettings(config, file, clock),
    trouble(error) {
      trouble = error;
      deps.notice(error);
      changed();
    },
  });
  const openLine = createOpenLine({ ...deps, gate: killSwitch.gate, settings: callSettings(config, file, clock) });
  const link = createExchangeLink({ deps, file, lines, calls, changed: () => changed() });
  const proof = createSetUpProof({
    hasPage: deps.hasPage,
    isSoftphoneThere: () => lines.isOnline(SOFTPHONE_EXTENSION),
    softphoneUrl: () => link.softphone()?.url,
    isExistingReady: () => link.state().state === 'ready' && file.content().exchange?.kind === 'existing',
    isTelephoneHeld: deps.isTelephoneHeld,
    isControlled: link.isControlled,
    testCall: calls.testCall,
    changed: () => changed(),
    clock,
    log,
  });

  const status = (): PhoneStatus => {
    const state = link.state();
    const { exchange: source, quietUntilMs } = file.content();
    return {
      state: state.state,
      source: source?.kind ?? null,
      steps: [...link.steps(), ...proof.steps()],
      error: state.state === 'broken' ? state.error : (trouble ?? (state.state === 'ready' ? state.trouble : undefined) ?? null),
      version: state.state === 'ready' ? state.version : '',
      softphone: lines.isOnline(SOFTPHONE_EXTENSION),
      trunks: [...lines.trunks()],
      mobiles: [...lines.mobiles()],
      quietUntilMs: quietUntilMs !== null && quietUntilMs > clock.wallMs() ? quietUntilMs : null,
      hasPin: pin.isSet(),
    };
  };
  function changed(): void {
    const now = status();
    deps.tell('phone.status', now);
    for (const listener of statusListeners) listener(now);
  }

  const onCall = (listener: (call: PhoneCall) => void): Unsubscribe => {
    const leave = [calls.onCall(listener), openLine.onCall(listener)];
    return () => leave.forEach((stop) => stop());
  };
  bag.add(onCall((call) => deps.tell('phone.call', call)));
  // The control closes after the calls, which it hangs up.
  bag.add(link);
  bag.add(calls);
  bag.add(openLine);
  bag.add(killSwitch.register({ effect: 'call', stop: async () => (await Promise.all([calls.stopAll(), openLine.stopAll()])).flat() }));
  bag.add(killSwitch.register({ effect: 'process', stop: link.kill }));
  const needsApply: readonly string[] = [
    settings.sipPort.key,
    settings.dongleDevice.key,
    settings.mobileReach.key,
    settings.phoneCountry.key,
  ];
  bag.add(
    config.onChange(({ key }) => {
      if (needsApply.includes(key)) link.apply().catch((error: unknown) => log.warn('phone.not-applied', { ...toErrorData(error) }));
    }),
  );
  let quietTimer: Timer | undefined;
  bag.add(() => quietTimer?.cancel());

  return {
    calls,
    openLine,
    book,
    lines,
    pin,
    control: link.control,
    status,
    onStatus(listener) {
      statusListeners.add(listener);
      return () => void statusListeners.delete(listener);
    },
    onCall,
    begin: link.begin,
    async setUp(existing) {
      await link.setUp(existing, proof);
      return status();
    },
    shutDown() {
      proof.drop();
      return link.shutDown();
    },
    softphone() {
      const access = link.softphone();
      if (access === undefined) throw phoneError('phone.not-ready');
      return access;
    },
    setSoftphone(registered) {
      if (lines.setOnline(SOFTPHONE_EXTENSION, registered)) changed();
    },
    async setQuiet(untilMs) {
      await file.change((content) => ({ ...content, quietUntilMs: untilMs }));
      quietTimer?.cancel();
      if (untilMs !== null) quietTimer = clock.after(Math.max(0, untilMs - clock.wallMs()), changed);
      changed();
    },
    async setPin(digits) {
      await pin.change(digits);
      changed();
    },
    async apply() {
      await link.apply();
      changed();
    },
    mobileAccess: (extension) => ({ server: deps.hostName(), port: config.get(settings.sipPort), user: extension }),
    problem: () => file.problem() ?? untold.problem(),
    async dispose() {
      proof.drop();
      await Promise.all([calls.stopAll(), openLine.stopAll()]);
      await bag.dispose();
      await Promise.all([file.settled(), untold.settled()]);
    },
  };
}

function callSettings(config: TelephonyDeps['config'], file: PhoneFile, clock: Clock): Parameters<typeof createCalls>[0]['settings'] {
  return {
    ringMs: () => config.get(settings.ringSeconds) * 1000,
    whenNobodyAnswers: () => config.get(settings.whenNobodyAnswers),
    whenMachineAnswers: () => config.get(settings.whenMachineAnswers),
    maxMs: () => config.get(settings.maxMinutes) * 60_000,
    records: () => config.get(settings.recordCalls),
    maxCallsAtOnce: () => config.get(settings.maxCallsAtOnce),
    maxCallsPerHour: () => config.get(settings.maxCallsPerHour),
    screensUnknown: () => config.get(settings.screenUnknown),
    isQuiet() {
      const { quietUntilMs } = file.content();
      const nowMs = clock.wallMs();
      return (
        (quietUntilMs !== null && quietUntilMs > nowMs) ||
        isQuietTime(new Date(nowMs), config.get(settings.quietFrom), config.get(settings.quietTo))
      );
    },
  };
}

interface ExchangeLink extends Disposable {
  state(): ExchangeState;
  steps(): PhoneStatus['steps'];
  control(): AriClient;
  begin(): void;
  /** Resolves when it is begun; the proof follows when the exchange is there. */
  setUp(existing: ExistingAsterisk | undefined, proof: SetUpProof): Promise<void>;
  /** Its control is connected. */
  isControlled(): boolean;
  shutDown(): Promise<void>;
  apply(): Promise<void>;
  kill(): Promise<string[]>;
  softphone(): SoftphoneAccess | undefined;
}

/** Joins whichever exchange there is to the calls, and looks after the state of lines. */
function createExchangeLink(parts: {
  deps: TelephonyDeps;
  file: PhoneFile;
  lines: LineBook;
  calls: Calls;
  changed: () => void;
}): ExchangeLink {
  const { deps, file, lines, calls, changed } = parts;
  const { clock, config, killSwitch, log } = deps;
  let exchange: Exchange | undefined;
  let leave: Unsubscribe | undefined;
  let ari: AriClient | undefined;
  let poll: Timer | undefined;
  let reached = '';
  let stopStarting: Unsubscribe | undefined;

  const disconnect = (isLost: boolean): void => {
    poll?.cancel();
    if (ari === undefined) return;
    const old = ari;
    ari = undefined;
    reached = '';
    // While the control is still there: what can be hung up is hung up.
    if (isLost) calls.engineLost();
    calls.attach(undefined);
    lines.forgetStates();
    void old.dispose();
  };
  const look = async (): Promise<void> => {
    poll?.cancel();
    poll = clock.after(REGISTRATIONS_EVERY_MS, () => void look());
    const present = exchange;
    if (present === undefined || lines.trunks().length === 0) return;
    try {
      const before = JSON.stringify(lines.trunks());
      const registrations = await present.registrations();
      // Let go of meanwhile: nothing is known any more.
      if (exchange !== present || ari === undefined) return;
      lines.setRegistrations(registrations);
      if (JSON.stringify(lines.trunks()) !== before) changed();
    } catch (error) {
      log.debug('phone.registrations-unknown', { ...toErrorData(error) });
    }
  };
  const lookAtPhones = async (client: AriClient): Promise<void> => {
    try {
      const endpoints = await client.endpoints();
      if (ari !== client) return;
      const news = endpoints.map(({ endpoint, isOnline }) => {
        const extension = extensionOf(endpoint);
        return extension !== undefined && lines.setOnline(extension, isOnline);
      });
      if (news.includes(true)) changed();
    } catch (error) {
      log.warn('phone.phones-unknown', { ...toErrorData(error) });
    }
  };
  const hear = (event: AriEvent): void => {
    if (event.type !== 'PeerStatusChange' && event.type !== 'ContactStatusChange') return;
    const extension = extensionOf(event.endpoint);
    if (extension === undefined) void look();
    else if (!/^(?:reachable|nonqualified|created|updated)$/i.test(event.status)) {
      // Where it was a moment ago; it may be somewhere else by now.
      if (ari !== undefined) void lookAtPhones(ari);
    } else if (lines.setOnline(extension, true)) changed();
  };
  const connect = (access: { http: string; ariUser: string; ariPassword: string }): void => {
    const client = createAriClient({
      access: { http: access.http, user: access.ariUser, password: access.ariPassword },
      subscriptions: () =>
        [SOFTPHONE_EXTENSION, ...lines.mobiles().map(({ extension }) => extension)].map((extension) => `endpoint:PJSIP/${extension}`),
      clock,
      log,
    });
    ari = client;
    client.onEvent(hear);
    client.onState((state) => {
      if (state === 'connected') void lookAtPhones(client);
    });
    calls.attach(client);
    void look();
  };
  const follow = (state: ExchangeState): void => {
    const target = state.state === 'ready' ? JSON.stringify(state.addresses) : '';
    if (target !== reached) {
      disconnect(true);
      if (state.state === 'ready') connect(state.addresses);
      reached = target;
    }
    changed();
  };
  const use = async (next: Exchange): Promise<void> => {
    leave?.();
    stopStarting?.();
    disconnect(true);
    await exchange?.dispose();
    exchange = next;
    leave = next.onState(follow);
    follow(next.state());
  };
  const wishes = (): PhoneWishes => {
    const device = config.get(settings.dongleDevice);
    return {
      ...lines.withPasswords(),
      sipPort: config.get(settings.sipPort),
      reachableFrom: config.get(settings.mobileReach),
      dongle: device === '' ? null : { device },
      country: config.get(settings.phoneCountry),
    };
  };
  const saved = (): Exchange | undefined => {
    const source = file.content().exchange;
    if (source === null) return undefined;
    if (source.kind === 'container') return deps.createOwnExchange(wishes);
    const { url, user } = source;
    return deps.createExistingExchange({ url, user, password: deps.secrets.get('phone.existing') ?? '' });
  };
  const start = (proof: SetUpProof): void => {
    exchange
      ?.setUp()
      .then(() => proof.run())
      .catch((error: unknown) => log.warn('phone.not-set-up', { ...toErrorData(error) }));
  };
  /** It runs, and calls may be going on: it is not started anew. What it has refused, or lacked, may do by now. */
  const proveAgain = (present: Exchange, proof: SetUpProof): void => {
    proof.announce();
    void present
      .apply()
      .catch((error: unknown) => log.warn('phone.not-applied', { ...toErrorData(error) }))
      .then(() => (exchange === present ? proof.run() : undefined));
  };

  return {
    state: () => exchange?.state() ?? { state: 'off' },
    steps: () => [...(exchange?.steps() ?? [])],
    control() {
      if (ari === undefined) throw phoneError('phone.not-ready');
      return ari;
    },
    begin() {
      if (!file.content().isOn || !killSwitch.gate.isOpen('call')) return;
      const present = saved();
      if (present === undefined) return;
      void use(present).then(() => {
        stopStarting = startPatiently({ exchange: present, clock, log });
      });
    },
    isControlled: () => ari?.state() === 'connected',
    async setUp(existing, proof) {
      killSwitch.gate.pass('call');
      if (existing === undefined && exchange?.state().state === 'ready') return proveAgain(exchange, proof);
      const source =
        existing === undefined ? { kind: 'container' as const } : { kind: 'existing' as const, url: existing.url, user: existing.user };
      if (existing !== undefined) await deps.secrets.set('phone.existing', existing.password);
      const isSame = exchange !== undefined && JSON.stringify(file.content().exchange) === JSON.stringify(source);
      await file.change((content) => ({ ...content, exchange: source, isOn: true }));
      await deps.audit.record({ action: 'phone.set-up', subject: source.kind });
      const next = isSame && existing === undefined ? undefined : saved();
      if (next !== undefined) await use(next);
      proof.announce();
      start(proof);
    },
    async shutDown() {
      await file.change((content) => ({ ...content, isOn: false }));
      await deps.audit.record({ action: 'phone.shut-down', subject: file.content().exchange?.kind ?? 'none' });
      await calls.stopAll();
      disconnect(false);
      await exchange?.stop();
      changed();
    },
    async apply() {
      if (exchange?.state().state !== 'ready') return;
      await exchange.apply();
      // A phone that is new is heard of from now on, and not only after the next connection. It may be there already.
      await ari?.subscribe();
      if (ari !== undefined) await lookAtPhones(ari);
    },
    kill: async () => (await exchange?.kill()) ?? [],
    softphone: () => exchange?.softphone(),
    async dispose() {
      leave?.();
      stopStarting?.();
      disconnect(false);
      await exchange?.dispose();
    },
  };
}

/** 1000, 1001 …; undefined for trunks. */
function extensionOf(endpoint: string): string | undefined {
  return /^PJSIP\/(1\d{3})$/.exec(endpoint)?.[1];
}
