import { toErrorData } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';
import { checkGoingOn, speakerChannel, talkingState, type CallContext } from './call-context.ts';
import { sayNotice } from './call-legs.ts';
import { stopRecording } from './call-recording.ts';
import { isAssistant } from './call-states.ts';

export interface TransferOrder {
  endpoint: string;
  callerId: string | undefined;
  /** As the owner typed it, for the sentence when nobody answers. */
  number: string;
  kind: 'blind' | 'attended';
  briefing: string;
}

const RING_SECONDS = 40;

/**
 * Hands the other end on. The third is called while the other end waits and hears that it rings; then either both are joined (blind), or the third is told first what
 * it is about (attended). Both stay in a bridge of ours, so that whoever stops everything ends this as well. Rejects with `phone.transfer-failed`, and
 * the call goes on as it was.
 */
export async function transferCall(context: CallContext, order: TransferOrder): Promise<void> {
  const { by, held } = talkingState(context);
  const { channels, deps, parts } = context;
  const guest = channels.newId('guest');
  checkGoingOn(context);
  if (isAssistant(by)) {
    await sayNotice(context, { kind: 'one-moment' });
    deps.voice.pause(context.view().id, true);
  }
  const here = speakerChannel(context, by);
  try {
    await channels.leave(parts.far);
    await deps.ari().ring(parts.far, true);
    if (order.kind === 'blind' && here !== undefined) await channels.leave(here);
    const fate = await channels.bringUp(
      guest,
      (ari) =>
        ari.originate({
          channelId: guest,
          endpoint: order.endpoint,
          args: ['leg'],
          ...(order.callerId === undefined || order.callerId === '' ? {} : { callerId: order.callerId }),
          timeoutSeconds: RING_SECONDS,
        }),
      (RING_SECONDS + 5) * 1000,
    );
    talkingState(context);
    if (fate.fate !== 'up') throw phoneError('phone.transfer-failed', { number: order.number });
    await channels.join(guest);
    if (order.kind === 'attended') await brief(context, order.briefing);
    talkingState(context);
    await deps.ari().ring(parts.far, false);
    await channels.join(parts.far);
  } catch (error) {
    await takeBack(context, { guest, here, by, held });
    throw toErrorData(error).code === 'phone.refused' ? phoneError('phone.transfer-failed', { number: order.number }, error) : error;
  }
  if (parts.recording !== undefined) await stopRecording(context);
  deps.joined({ callId: context.view().id, bridgeId: channels.bridgeId, channelIds: [parts.far, guest] });
  await context.end('transferred', { keep: [parts.far, guest] });
}

async function brief(context: CallContext, text: string): Promise<void> {
  if (text === '') return;
  const { party } = context.view();
  await sayNotice(context, { kind: 'briefing', text, party });
}

async function takeBack(
  context: CallContext,
  former: { guest: string; here: string | undefined; by: ReturnType<typeof talkingState>['by']; held: boolean },
): Promise<void> {
  const { channels, deps, parts } = context;
  await channels.hangUp(former.guest);
  if (context.isOver()) return;
  try {
    await deps.ari().ring(parts.far, false);
    await channels.join(parts.far);
    if (former.here !== undefined && !former.held) await channels.join(former.here);
    if (isAssistant(former.by) && !former.held) deps.voice.pause(context.view().id, false);
  } catch (error) {
    deps.log.warn('call.not-taken-back', { callId: context.view().id, ...toErrorData(error) });
  }
}
