import type { HandlersFor } from '../../platform/contract-host/index.ts';
import type { AuditLog } from '../../platform/observability/index.ts';
import { guardedFromPrograms } from './records/program-access.ts';
import type { SoftphoneDesk } from './softphone-desk.ts';
import { phoneReason } from './telephony-errors.ts';
import type { Telephony } from './telephony-service.ts';

type TelephonyCalls =
  | 'phone.status'
  | 'phone.setUp'
  | 'phone.shutDown'
  | 'phone.softphone'
  | 'phone.reportSoftphone'
  | 'phone.active'
  | 'phone.dial'
  | 'phone.answer'
  | 'phone.reject'
  | 'phone.hangUp'
  | 'phone.takeOver'
  | 'phone.handOver'
  | 'phone.listenIn'
  | 'phone.whisper'
  | 'phone.hold'
  | 'phone.mute'
  | 'phone.record'
  | 'phone.sendDigits'
  | 'phone.transfer'
  | 'phone.finishTransfer'
  | 'phone.setQuiet'
  | 'phone.setPin'
  | 'phone.contacts'
  | 'phone.saveContact'
  | 'phone.removeContact'
  | 'phone.block'
  | 'phone.saveTrunk'
  | 'phone.removeTrunk'
  | 'phone.addMobile'
  | 'phone.saveMobile'
  | 'phone.removeMobile';

/** The contract's side of the telephone, without its records. Programs with the owner's token may look and hang up, and dial when `askOwner` has a yes. */
export function createTelephonyHandlers(parts: {
  telephony: Telephony;
  audit: Pick<AuditLog, 'record'>;
  desk: SoftphoneDesk;
  askOwner?: Parameters<typeof guardedFromPrograms>[1];
}): HandlersFor<TelephonyCalls> {
  const { telephony, audit, desk } = parts;
  const { calls, openLine, book, lines } = telephony;
  const handlers: HandlersFor<TelephonyCalls> = {
    'phone.status': () => telephony.status(),
    'phone.setUp': ({ existing }) => telephony.setUp(existing),
    'phone.shutDown': () => telephony.shutDown(),
    'phone.softphone': ({ takeOver = false }, { clientId }) => {
      desk.claim(clientId, { takeOver });
      return telephony.softphone();
    },
    'phone.reportSoftphone': ({ registered, callId, sound }, { clientId }) => {
      if (desk.isElsewhere(clientId)) return;
      telephony.setSoftphone(registered);
      if (callId === undefined || sound === undefined || !calls.active().some(({ id }) => id === callId)) return;
      const live = calls.get(callId);
      const { trouble } = live.view();
      const isOurs = trouble?.code === 'phone.one-way-sound' || trouble?.code === 'phone.no-microphone';
      if (sound === 'hears') {
        if (isOurs) live.setTrouble(null);
      } else live.setTrouble(phoneReason(sound === 'nothing-comes' ? 'phone.one-way-sound' : 'phone.no-microphone'));
    },
    'phone.active': () => [...calls.active(), ...openLine.active()],
    'phone.dial': (request) => calls.dial(request),
    'phone.answer': ({ callId, by }) => calls.answer(callId, by),
    'phone.reject': ({ callId, reason }) => calls.reject(callId, reason),
    'phone.hangUp': async ({ callId }) => {
      if (await openLine.hangUp(callId)) return;
      const live = calls.get(callId);
      const { state } = live.view();
      await live.end('hung-up-here', state.state === 'ringing' ? 16 : undefined);
    },
    'phone.takeOver': ({ callId }) => calls.takeOver(callId),
    'phone.handOver': async ({ callId }) => {
      const live = calls.get(callId);
      await live.handOver();
      return live.view();
    },
    'phone.listenIn': async ({ callId, on }) => {
      const live = calls.get(callId);
      await live.listenIn(on);
      return live.view();
    },
    'phone.whisper': ({ callId, text }) => calls.get(callId).whisper(text),
    'phone.hold': async ({ callId, on }) => {
      const live = calls.get(callId);
      await live.hold(on);
      return live.view();
    },
    'phone.mute': async ({ callId, on }) => {
      const live = calls.get(callId);
      await live.mute(on);
      return live.view();
    },
    'phone.record': async ({ callId, on }) => {
      const live = calls.get(callId);
      await live.record(on);
      return live.view();
    },
    'phone.sendDigits': ({ callId, digits }) => calls.get(callId).sendDigits(digits),
    'phone.transfer': ({ callId, ...request }) => calls.transfer(callId, request),
    'phone.finishTransfer': ({ callId, how }) => calls.finishTransfer(callId, how),
    'phone.setQuiet': async ({ untilMs }) => {
      await telephony.setQuiet(untilMs);
      return telephony.status();
    },
    'phone.setPin': async ({ pin }) => {
      await telephony.setPin(pin);
      await audit.record({ action: pin === '' ? 'phone.pin-remove' : 'phone.pin-set', subject: 'owner' });
      return telephony.status();
    },

    'phone.contacts': () => book.list(),
    'phone.saveContact': (draft) => book.save(draft),
    'phone.removeContact': ({ id }) => book.remove(id),
    'phone.block': ({ number, blocked }) => book.block(number, blocked),

    'phone.saveTrunk': async (draft) => {
      const view = await lines.saveTrunk(draft, telephony.apply);
      await audit.record({ action: 'phone.trunk-save', subject: view.id, details: { host: view.host } });
      return view;
    },
    'phone.removeTrunk': async ({ id }) => {
      await lines.removeTrunk(id, telephony.apply);
      await audit.record({ action: 'phone.trunk-remove', subject: id });
    },
    'phone.addMobile': async ({ name }) => {
      const { mobile, password } = await lines.addMobile(name, telephony.apply);
      await audit.record({ action: 'phone.mobile-add', subject: mobile.id });
      return { mobile, password, ...telephony.mobileAccess(mobile.extension) };
    },
    'phone.saveMobile': async (change) => {
      const mobile = await lines.saveMobile(change, telephony.apply);
      await audit.record({ action: 'phone.mobile-save', subject: mobile.id });
      return mobile;
    },
    'phone.removeMobile': async ({ id }) => {
      await lines.removeMobile(id, telephony.apply);
      await audit.record({ action: 'phone.mobile-remove', subject: id });
    },
  };
  return guardedFromPrograms(handlers, parts.askOwner);
}
