import { randomUUID } from 'node:crypto';
import { createDeferred } from '../../../base/deferred.ts';
import { AppError, toErrorData } from '../../../base/errors.ts';
import { createId } from '../../../base/ids.ts';
import { phoneError } from '../telephony-errors.ts';
import { createCallChannels } from './call-channels.ts';
import type { CallRegister, RegisterDeps } from './call-register.ts';
import type { ChannelWatch } from './channel-watch.ts';

/** A tone that the exchange plays to whoever calls it; see its dialplan. */
const TONE = 'Local/tone@test';
const CHANNEL_PATIENCE_MS = 5_000;
const SOUND_PATIENCE_MS = 5_000;
/** The tone is near full scale; whatever a line without it brings stays far below. */
const LOUD = 0.5;

/**
 * A call of the exchange to itself: control, sound and everything between them as in any call, but nobody is rung and nothing is kept. Resolves when the tone has
 * arrived at the media worker. Rejects with `phone.test-call-failed`, `phone.test-call-silent`, or what forbids calls.
 */
export async function placeTestCall(deps: RegisterDeps, watch: ChannelWatch, register: CallRegister): Promise<void> {
  const { clock, gate, log, media } = deps;
  gate.pass('call');
  const callId = createId('call');
  const legId = randomUUID();
  const channels = createCallChannels({ callId, ari: register.control, watch, log });
  const ear = listenForTone(deps, legId);
  register.tests.add(channels);
  const bring = async (channelId: string, ask: Parameters<typeof channels.bringUp>[1]): Promise<void> => {
    const { fate } = await channels.bringUp(channelId, ask, CHANNEL_PATIENCE_MS);
    gate.pass('call');
    if (fate !== 'up') throw new Error('a channel did not come up.');
    await channels.join(channelId);
  };
  try {
    const { transport, host, format } = await media.open({ callId, legId });
    const [leg, far] = [channels.newId('media'), channels.newId('far')];
    await bring(leg, (ari) => ari.externalMedia({ channelId: leg, transport, host, legId, format }));
    await bring(far, (ari) => ari.originate({ channelId: far, endpoint: TONE, args: ['leg'], timeoutSeconds: CHANNEL_PATIENCE_MS / 1000 }));
    const patience = createDeferred<false>();
    const timer = clock.after(SOUND_PATIENCE_MS, () => patience.resolve(false));
    const isHeard = await Promise.race([ear.heard, patience.promise]);
    timer.cancel();
    gate.pass('call');
    if (!isHeard) throw phoneError('phone.test-call-silent');
  } catch (error) {
    gate.pass('call');
    if (error instanceof AppError && error.code === 'phone.test-call-silent') throw error;
    throw phoneError('phone.test-call-failed', { problem: toErrorData(error).message }, error);
  } finally {
    ear.stop();
    await Promise.all([channels.close(), media.close(legId)]);
    register.tests.delete(channels);
  }
}

function listenForTone({ media }: RegisterDeps, legId: string): { heard: Promise<true>; stop: () => void } {
  const ear = createDeferred<true>();
  const stop = media.onEvent((event) => {
    if (event.type === 'leg.levels' && event.legId === legId && event.caller > LOUD) ear.resolve(true);
  });
  return { heard: ear.promise, stop };
}
