import type { PhoneCall, PhoneStatus, SoftphoneAccess } from '../../src-preload/contract/index.ts';
import { AppError } from '../../src-main/base/errors.ts';
import type { Desktop } from '../../src-main/modules/shell/index.ts';
import type { HandlersFor, PageHub } from '../../src-main/platform/contract-host/index.ts';

/** How a test steers it, from Playwright's `electron.evaluate`. */
export interface PlainPhoneControls {
  /** An exchange is there, or none any more. */
  setAccess(access: SoftphoneAccess | undefined): void;
  tellCall(call: PhoneCall): void;
  tellStatus(patch: Partial<PhoneStatus>): void;
  /** What the page has reported, and what it has asked for. */
  reports: unknown[];
  asked: unknown[];
}

type Calls = 'phone.status' | 'phone.softphone' | 'phone.reportSoftphone' | 'phone.answer' | 'phone.hangUp';

const OFF: PhoneStatus = {
  state: 'off',
  source: null,
  steps: [],
  error: null,
  version: '',
  softphone: false,
  trunks: [],
  mobiles: [],
  quietUntilMs: null,
};

/** The telephone's side of the contract in a plain core: says what the test tells it. */
export function createPlainPhone({ hub, desktop }: { hub: PageHub; desktop: Desktop | undefined }): Pick<HandlersFor<Calls>, Calls> {
  let access: SoftphoneAccess | undefined;
  let status = OFF;
  const calls = new Map<string, PhoneCall>();
  const controls: PlainPhoneControls = {
    reports: [],
    asked: [],
    setAccess(next) {
      access = next;
      desktop?.allowExchange(next?.url);
      controls.tellStatus({ state: next === undefined ? 'off' : 'ready' });
    },
    tellCall(call) {
      calls.set(call.id, call);
      hub.tell('phone.call', call);
    },
    tellStatus(patch) {
      status = { ...status, ...patch };
      hub.tell('phone.status', status);
    },
  };
  Object.assign(globalThis, { plainPhone: controls });
  const found = (callId: string): PhoneCall => {
    const call = calls.get(callId);
    if (!call) throw new AppError('phone.no-call', 'This call is over.');
    return call;
  };
  return {
    'phone.status': () => status,
    'phone.softphone'() {
      if (access === undefined) throw new AppError('phone.not-ready', 'The phone is not ready.');
      return access;
    },
    'phone.reportSoftphone': (report) => void controls.reports.push(report),
    'phone.answer'(input) {
      controls.asked.push(['answer', input]);
      return found(input.callId);
    },
    'phone.hangUp': (input) => void controls.asked.push(['hangUp', input]),
  };
}
