import type { Bridge, ErrorData, PhoneStatus } from '../../src-preload/contract/index.ts';
import { errorDataOf } from '../bridge/index.ts';
import type { OpenSipLine, SipInvitation, SipLine } from './sip-line.ts';
import type { SoftphoneLine } from './softphone-port.ts';

export interface LineKeeperDeps {
  bridge: Pick<Bridge, 'call' | 'on'>;
  /** SIP is loaded when it is first needed. */
  loadLine: () => Promise<OpenSipLine>;
  onLine: (line: SoftphoneLine) => void;
  onInvite: (invitation: SipInvitation) => void;
  /** The line broke: its calls have no end any more that could hang up. */
  onLost: () => void;
}

/** Keeps this page registered at the exchange for as long as there is one. */
export interface LineKeeper {
  dispose(): void;
}

/** After these pauses it is tried again; the last one counts for ever. A page is back well within the time that a start of the exchange takes. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000] as const;
/** Fewer failures in a row are how a start looks from here; that the exchange is not ready yet is none, however often it is said. */
const FAILED_AFTER = 3;

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

export function keepLine({ bridge, loadLine, onLine, onInvite, onLost }: LineKeeperDeps): LineKeeper {
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
    if (error === REFUSED || (failures >= FAILED_AFTER && !isStarting)) show({ state: 'failed', error });
    else show({ state: 'connecting' });
    timer = setTimeout(() => void connect(), pauseMs);
  };

  const connect = async (): Promise<void> => {
    drop();
    const own = attempt;
    const isCurrent = (): boolean => own === attempt;
    if (shown.state !== 'failed' || failures === 0) show({ state: 'connecting' });
    try {
      // Anew each time: an exchange that was started again has another password, and often another port.
      const [access, open] = await Promise.all([bridge.call('phone.softphone', {}), loadLine()]);
      if (!isCurrent()) return;
      line = open({
        access,
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
    if (shown.state !== 'registered') void connect();
  };
  const stopListening = bridge.on('phone.status', follow);
  // A core without a phone answers with an error and will never tell of one either.
  bridge.call('phone.status', {}).then(follow, () => undefined);

  return {
    dispose() {
      stopListening();
      drop();
    },
  };
}
