import type { Log } from '../../../base/log.ts';
import { toErrorData } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';
import type { AriClient } from '../telephony.ts';
import type { ChannelFate, ChannelWatch } from './channel-watch.ts';

/** Ids that we give begin so; the rest is `<call id>.<role>.<number>`. */
export const OWN_PREFIX = 'oc.';

/** The channels of one call and the bridge that they meet in. */
export interface CallChannels {
  readonly bridgeId: string;
  newId(role: string): string;
  has(channelId: string): boolean;
  /** Those that are with us; not those that are being called. */
  upIds(): string[];
  /** Belongs to this call from now on: it is hung up with it. */
  adopt(channelId: string): void;
  /** It has gone by itself. */
  forget(channelId: string): void;
  /** Asks for a channel and waits until it is with us. Whatever comes up after the end of the call is hung up. */
  bringUp(channelId: string, ask: (ari: AriClient) => Promise<unknown>, patienceMs: number): Promise<ChannelFate>;
  join(channelId: string): Promise<void>;
  leave(channelId: string): Promise<void>;
  /** Never rejects. */
  hangUp(channelId: string, cause?: number): Promise<void>;
  /** Ends them all, at once and for good; later ones as soon as they come. Those that are kept go on in their bridge without this call. Never rejects. */
  close(options?: { cause?: number | undefined; keep?: readonly string[] }): Promise<void>;
}

export function createCallChannels(deps: { callId: string; ari: () => AriClient; watch: ChannelWatch; log: Log }): CallChannels {
  const { callId, ari, watch, log } = deps;
  const bridgeId = `${OWN_PREFIX}${callId}`;
  const channels = new Set<string>();
  const joined = new Set<string>();
  const up = new Set<string>();
  let bridge: Promise<void> | undefined;
  let count = 0;
  let isClosed = false;

  const drop = (channelId: string): void => {
    for (const set of [channels, joined, up]) set.delete(channelId);
  };
  const hangUp = async (channelId: string, cause?: number): Promise<void> => {
    drop(channelId);
    try {
      await ari().hangUp(channelId, cause);
    } catch (error) {
      log.warn('call.not-hung-up', { callId, channelId, ...toErrorData(error) });
    }
  };
  const withBridge = (): Promise<void> => {
    bridge ??= ari()
      .createBridge(bridgeId)
      .catch((error: unknown) => {
        bridge = undefined;
        throw error;
      });
    return bridge;
  };

  return {
    bridgeId,
    newId(role) {
      count += 1;
      return `${bridgeId}.${role}.${count}`;
    },
    has: (channelId) => channels.has(channelId),
    upIds: () => [...up],
    adopt(channelId) {
      channels.add(channelId);
      up.add(channelId);
    },
    forget: drop,
    async bringUp(channelId, ask, patienceMs) {
      if (isClosed) throw phoneError('phone.no-call');
      channels.add(channelId);
      const coming = watch.expect(channelId, patienceMs);
      try {
        await ask(ari());
      } catch (error) {
        watch.forget(channelId);
        // It may have come to life all the same: an answer can be lost on its way.
        await hangUp(channelId);
        throw error;
      }
      const fate = isClosed ? undefined : await coming;
      if (isClosed) {
        await hangUp(channelId);
        throw phoneError('phone.no-call');
      }
      if (fate?.fate === 'up') up.add(channelId);
      else await hangUp(channelId);
      return fate ?? { fate: 'late' };
    },
    async join(channelId) {
      await withBridge();
      if (isClosed) throw phoneError('phone.no-call');
      await ari().addToBridge(bridgeId, channelId);
      joined.add(channelId);
    },
    async leave(channelId) {
      if (!joined.has(channelId)) return;
      await ari().removeFromBridge(bridgeId, channelId);
      joined.delete(channelId);
    },
    hangUp,
    async close({ cause, keep = [] } = {}) {
      isClosed = true;
      await Promise.all([...channels].filter((channelId) => !keep.includes(channelId)).map((channelId) => hangUp(channelId, cause)));
      if (bridge === undefined || keep.length > 0) return;
      await bridge
        .then(() => ari().destroyBridge(bridgeId))
        .catch((error: unknown) => log.warn('call.bridge-left', { callId, ...toErrorData(error) }));
    },
  };
}
