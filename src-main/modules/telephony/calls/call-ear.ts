import { randomUUID } from 'node:crypto';
import { toErrorData } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';
import { checkGoingOn, type CallContext } from './call-context.ts';
import { isAssistant } from './call-states.ts';

/** Asterisk connects a leg within milliseconds; a busy machine takes longer. */
const EAR_PATIENCE_MS = 5_000;

/**
 * While people speak with each other and are recorded, a leg that is not heard reads along for the captions. It comes and goes beside the acts, and a call goes on
 * without it.
 */
export function createEarKeeper(context: CallContext): { follow(): void } {
  const { channels, deps, parts, view } = context;
  let isWanted = false;
  let isOpen = false;
  let channelId: string | undefined;
  let work: Promise<void> = Promise.resolve();

  const open = async (ear: NonNullable<typeof deps.ear>): Promise<void> => {
    checkGoingOn(context);
    const legId = randomUUID();
    const own = channels.newId('ear');
    channelId = own;
    const { transport, host, format } = await ear.open(view(), legId);
    const fate = await channels.bringUp(
      own,
      (ari) => ari.externalMedia({ channelId: own, transport, host, legId, format }),
      EAR_PATIENCE_MS,
    );
    if (fate.fate !== 'up') throw phoneError('phone.no-assistant');
    await deps.ari().mute(own, 'in', true);
    await channels.join(own);
  };
  const close = async (ear: NonNullable<typeof deps.ear>): Promise<void> => {
    const own = channelId;
    channelId = undefined;
    if (own === undefined) return;
    await Promise.all([channels.has(own) && channels.hangUp(own), ear.close(view().id)]);
  };

  return {
    follow() {
      const { ear } = deps;
      const { state } = view();
      const isTalk = state.state === 'talking' && !isAssistant(state.by) && state.recording && !state.held && parts.guest === undefined;
      if (ear === undefined || isTalk === isWanted) return;
      isWanted = isTalk;
      work = work.then(async () => {
        if (isOpen === isWanted) return;
        isOpen = isWanted;
        await (isOpen ? open(ear) : close(ear)).catch(async (error: unknown) => {
          isOpen = false;
          if (!context.isOver()) deps.log.warn('call.not-read-along', { callId: view().id, ...toErrorData(error) });
          await close(ear).catch(() => undefined);
        });
      });
    },
  };
}
