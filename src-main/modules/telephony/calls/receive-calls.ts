import { toErrorData } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';
import type { AriChannel } from '../telephony.ts';
import { admit } from './admission.ts';
import type { Arriving } from './arrivals.ts';
import { OWN_PREFIX } from './call-channels.ts';
import type { CallRegister, RegisterDeps } from './call-register.ts';
import { readCaller } from './phone-numbers.ts';
import { routeTo } from './routes.ts';

/** What becomes of channels that come by themselves. Never throws. */
export function createReceiver(deps: RegisterDeps, register: CallRegister): (channel: AriChannel, arriving: Arriving) => void {
  const { book, gate, lines, log, settings } = deps;
  const background = (work: Promise<unknown>, what: string): void =>
    void work.catch((error: unknown) => log.warn(what, { ...toErrorData(error) }));
  /** Without those at which somebody speaks, be it the one that calls. */
  const ringingMobiles = (): string[] =>
    lines
      .mobiles()
      .filter(({ rings, registered, extension }) => rings && registered && !register.phones.has(extension))
      .map(({ extension }) => extension);

  const receive = (channel: AriChannel, way: string, wantsAssistant: boolean): void => {
    const trunk = lines.trunks().find(({ id }) => id === way);
    const isInternal = way === 'internal';
    const told = channel.caller.number;
    const number = isInternal
      ? told.replaceAll(/[^\d*#]/g, '').slice(0, 40)
      : readCaller(told, trunk?.countryPrefix ?? lines.countryPrefix());
    const party = register.partyOf(number, channel.caller.name);
    const admission = admit({
      contact: party.contactId === null ? undefined : book.find(number),
      isBlocked: party.standing === 'blocked',
      isInternal,
      wantsAssistant,
      callsUnderWay: register.calls.size,
      maxCallsAtOnce: settings.maxCallsAtOnce(),
      isGateOpen: gate.isOpen('call'),
      isQuiet: settings.isQuiet(),
      screensUnknown: settings.screensUnknown(),
      whenNobodyAnswers: settings.whenNobodyAnswers(),
    });
    const call = register.newCall('in', party, way);
    const live = register.begin({ call, far: channel.id, farIsUp: channel.state === 'Up' }, { hushed: true });
    log.info('call.arrived', { callId: call.id, way, act: admission.act });
    switch (admission.act) {
      case 'refuse':
        return background(live.end(admission.reason, admission.cause), 'call.not-refused');
      case 'ring':
        return live.ring(ringingMobiles);
      case 'screen':
        return background(live.screen(ringingMobiles), 'call.not-screened');
      case 'take':
        return background(
          live.answer(admission.by).catch(async (error: unknown) => {
            await live.end('failed', 41);
            throw error;
          }),
          'call.not-taken',
        );
    }
  };

  /** The owner dials on a phone of their own. */
  const placeFrom = (channel: AriChannel, phone: string, number: string): void => {
    const by = phone === '1000' ? 'owner' : 'mobile';
    try {
      gate.pass('call');
      if (register.calls.size >= settings.maxCallsAtOnce()) throw phoneError('phone.busy-here');
      const route = routeTo(number, 'owner', lines);
      const call = register.newCall('out', register.partyOf(route.number, ''), route.way);
      const live = register.begin({ call, far: `${OWN_PREFIX}${call.id}.far.0`, farIsUp: false, here: { by, channelId: channel.id } });
      live.place({ by, endpoint: route.endpoint, callerId: route.callerId });
    } catch (error) {
      log.info('call.not-placed', { phone, ...toErrorData(error) });
      background(register.control().hangUp(channel.id, 21), 'call.not-hung-up');
    }
  };

  return (channel, arriving) =>
    arriving.kind === 'in' ? receive(channel, arriving.way, arriving.wantsAssistant) : placeFrom(channel, arriving.phone, arriving.number);
}
