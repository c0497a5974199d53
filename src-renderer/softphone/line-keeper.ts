import type { Bridge, ErrorData, PhoneStatus } from '../../src-preload/contract/index.ts';
import { errorDataOf } from '../bridge/index.ts';
import type { OpenSipLine, SipInvitation, SipLine } from './sip-line.ts';
import type { SoftphoneLine } from './softphone-port.ts';

export interface LineKeeperDeps {
  bridge: Pick<Bridge, 'door' | 'call' | 'on' | 'onConnection'>;
  /** Where this page reaches the exchange, if not straight at its own address. */
  exchangeUrl?: string | undefined;
  /** SIP is loaded when it is first needed. */
  loadLine: () => Promise<OpenSipLine>;
  onLine: (line: SoftphoneLine) => void;
  onInvite: (invitation: SipInvitation) => void;
  /** The line broke: its calls have no end any more that could hang up. */
  onLost: () => void;
}

/** Keeps this page registered at the exchange for as long as there is one, and no other page is the telephone. */
export interface LineKeeper {
  /** Makes this page the telephone instead of another one. Rejects with what the core says against it. */
  takeOver(): Promise<void>;
  dispose(): void;
}

/** After these pauses it is tried again; the last one counts for ever. A page is back well within the time that a start of the exchange takes. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000] as const;
/** Fewer failures in a row are how a start looks from here; that the exchange is not ready yet is none, however often it is said. */
const FAILED_AFTER = 3;
/** The window is the telephone where there is one, and a page that is loaded anew gets its place back. */
const BROWSER_WAITS_MS = 2000;

const REFUSED: ErrorData = {
  code: 'phone.softphone-refused',
  message: 'The telephone exchange refuses this window. Start the phone again under Settings, Phone.',
  details: {},
};
const UNREACHABLE: ErrorData = {
  code: 'phone.softphone-unreachable',
  message: 'The window does not reach the telephone exchange. It keeps trying; if that lasts, start the phone again under Settings, Phone.',
  details: {},
};

export function keepLine({ bridge, exchangeUrl, loadLine, onLine, onInvite, onLost }: LineKeeperDeps): LineKeeper {
  let line: SipLine | undefined;
  let shown: SoftphoneLine = { state: 'off' };
  let exchange: PhoneStatus['state'] = 'off';
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Each connecting and each end outdates what was under way. */
  let attempt = 0;

  const show = (next: SoftphoneLine): void => {
    if (JSON.stringify(next) === JSON.stringify(shown)) return;
    const wasRegistered = shown.state === 'registered';
    shown = next;
    onLine(next);
    const registered = next.state === 'registered';
    if (registered !== wasRegistered) bridge.call('phone.reportSoftphone', { registered }).catch(() => undefined);
  };

  const drop = (): void => {
    attempt += 1;
    clearTimeout(timer);
    if (line === undefined) return;
    line.close();
    line = undefined;
    onLost();
  };

  const tryAgain = (error: ErrorData): void => {
    drop();
    const pauseMs = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
    failures += 1;
    const isStarting = error.code === 'phone.not-ready';
    // Until it is told that this has changed.
    if (error.code === 'phone.softphone-elsewhere') return show({ state: 'elsewhere' });
    if (error === REFUSED || (failures >= FAILED_AFTER && !isStarting)) show({ state: 'failed', error });
    else show({ state: 'connecting' });
    timer = setTimeout(() => void connect(), pauseMs);
  };

  const connect = async (takeOver = false): Promise<void> => {
    drop();
    const own = attempt;
    const isCurrent = (): boolean => own === attempt;
    if (shown.state !== 'elsewhere' && (shown.state !== 'failed' || failures === 0)) show({ state: 'connecting' });
    try {
      // Anew each time: an exchange that was started again has another password, and often another port.
      const [access, open] = await Promise.all([bridge.call('phone.softphone', takeOver ? { takeOver } : {}), loadLine()]);
      if (!isCurrent()) return;
      if (shown.state === 'elsewhere') show({ state: 'connecting' });
      line = open({
        access: { ...access, url: exchangeUrl ?? access.url },
        onInvite,
        onRegistered() {
          if (!isCurrent()) return;
          failures = 0;
          show({ state: 'registered' });
        },
        onLost: (why) => isCurrent() && tryAgain(why === 'refused' ? REFUSED : UNREACHABLE),
      });
    } catch (error) {
      if (!isCurrent()) return;
      const data = errorDataOf(error);
      if (data.code === 'phone.softphone-in-call') throw error;
      tryAgain(data.code === 'internal.unexpected' ? UNREACHABLE : data);
    }
  };

  const follow = ({ state }: PhoneStatus): void => {
    if (state === exchange) return;
    exchange = state;
    if (state === 'off' || state === 'broken') {
      drop();
      failures = 0;
      return show({ state: 'off' });
    }
    failures = 0;
    // From its first start on it is asked, because the set-up itself waits for this page to register.
    if (shown.state !== 'registered' && shown.state !== 'elsewhere') void connect();
  };
  /** A page that comes back is a new one to the core. Its line, and a call on it, have nothing to do with that. */
  const claimAgain = async (): Promise<void> => {
    try {
      await bridge.call('phone.softphone', {});
      await bridge.call('phone.reportSoftphone', { registered: true });
    } catch (error) {
      if (errorDataOf(error).code === 'phone.softphone-elsewhere') moved({ free: false });
    }
  };
  function moved({ free }: { free: boolean }): void {
    const isOff = exchange === 'off' || exchange === 'broken';
    if (!free) {
      drop();
      return show({ state: isOff ? 'off' : 'elsewhere' });
    }
    if (shown.state !== 'elsewhere' || isOff) return;
    clearTimeout(timer);
    timer = setTimeout(() => void connect(), bridge.door === 'window' ? 0 : BROWSER_WAITS_MS);
  }
  let wasLost = false;
  const stops = [
    bridge.on('phone.status', follow),
    bridge.on('phone.softphoneMoved', moved),
    bridge.onConnection((connection) => {
      if (connection === 'open' && wasLost) {
        if (shown.state === 'registered') void claimAgain();
        if (shown.state === 'elsewhere') void connect();
      }
      wasLost = connection !== 'open';
    }),
  ];
  // A core without a phone answers with an error and will never tell of one either.
  bridge.call('phone.status', {}).then(follow, () => undefined);

  return {
    takeOver: () => connect(true),
    dispose() {
      for (const stop of stops) stop();
      drop();
    },
  };
}
