import type { Clock, Timer } from '../../../base/clock.ts';
import { toErrorData, type ErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { phoneReason } from '../telephony-errors.ts';
import type { AriClient } from '../telephony.ts';
import { OWN_PREFIX } from './call-channels.ts';
import type { JoinedPair } from './call-context.ts';
import { readRecordingName } from './call-recording.ts';
import type { CallRegister } from './call-register.ts';
import type { ChannelWatch } from './channel-watch.ts';

/** The owner is told of a lost connection within two seconds; one that comes again at once is nobody's business. */
const TELL_LOST_MS = 1_500;
/** Without control for so long, nobody knows of the calls any more. */
const GIVE_UP_MS = 20_000;
/** News of a channel and the list of all channels come by different ways, in any order. */
const GHOST_GRACE_MS = 1_000;
/** Until what failed is asked again. */
const COMPARE_AGAIN_MS = 2_000;
/** Recordings of ghosts have ended by then. */
const COLLECT_AFTER_MS = 5_000;

/** Sees to it that what we believe of calls is what Asterisk has. */
export interface ControlWatch {
  state(state: 'connecting' | 'connected' | 'lost', client: AriClient): void;
  /** Everything ends with `engine-lost`. */
  engineLost(): void;
  /** A channel has gone: the one that was joined with it goes as well. */
  channelGone(channelId: string): void;
  endPair(pair: JoinedPair): Promise<void>;
  /** This exchange is let go of: its lost connection is nobody's trouble any more. */
  leave(): void;
  dispose(): void;
}

export function createControlWatch(deps: {
  register: CallRegister;
  watch: ChannelWatch;
  trouble: (error: ErrorData | null) => void;
  clock: Clock;
  log: Log;
}): ControlWatch {
  const { register, watch, clock, log } = deps;
  let timers: Timer[] = [];
  let isLossTold = false;
  /** Whose connection is there. */
  let current: AriClient | undefined;
  const calm = (): void => {
    for (const timer of timers) timer.cancel();
    timers = [];
  };

  const endPair = async (pair: JoinedPair): Promise<void> => {
    register.pairs.delete(pair);
    try {
      const { hangUp, destroyBridge } = register.control();
      await Promise.all(pair.channelIds.map((channelId) => hangUp(channelId)));
      await destroyBridge(pair.bridgeId);
    } catch (error) {
      log.warn('call.pair-left', { ...toErrorData(error) });
    }
  };
  const engineLost = (): void => {
    calm();
    watch.giveUp();
    const isTalk = register.calls.size + register.pairs.size > 0;
    register.pairs.clear();
    if (isTalk) deps.trouble(phoneReason('phone.engine-lost'));
    for (const live of register.all()) void live.end('engine-lost');
  };
  const bridgeIsKnown = (bridgeId: string): boolean =>
    register.calls.has(bridgeId.slice(OWN_PREFIX.length)) ||
    [...register.pairs, ...register.tests].some((each) => each.bridgeId === bridgeId);

  /** What an earlier life of the app or of Asterisk has left, or could not be fetched. One that is being written will tell of itself. */
  const collectRecordings = async (client: AriClient): Promise<void> => {
    const names = await client.storedRecordings();
    const ours = names.flatMap((name) => readRecordingName(name) ?? []).toSorted((left, right) => left.startMs - right.startMs);
    for (const { name } of ours) if (!(await client.isRecording(name))) register.recordingFinished(name);
  };

  /** What is left after the connection was away, or from another life of the app. */
  const reconcile = async (client: AriClient): Promise<void> => {
    // Taken before the question: what begins while Asterisk answers is none of the lost.
    const before = register.all().map((live) => ({ live, channelIds: live.upChannelIds() }));
    const pairs = [...register.pairs];
    const phones = register.phones.channelIds();
    const [channels, bridges] = await Promise.all([client.channels(), client.bridges()]);
    const present = new Set(channels.map(({ id }) => id));
    register.phones.forget(phones.filter((channelId) => !present.has(channelId)));
    for (const { live, channelIds } of before) live.lose(channelIds.filter((channelId) => !present.has(channelId)));
    for (const pair of pairs) if (!pair.channelIds.every((channelId) => present.has(channelId))) await endPair(pair);
    const suspects = channels.filter(({ id, isOurs }) => id.startsWith(OWN_PREFIX) || isOurs === true);
    timers.push(
      clock.after(COLLECT_AFTER_MS, () => {
        collectRecordings(client).catch((error: unknown) => log.warn('call.recordings-left', { ...toErrorData(error) }));
      }),
      clock.after(GHOST_GRACE_MS, () => {
        const ghosts = suspects.filter(({ id }) => !register.isKnown(id));
        const left = bridges.filter(({ id }) => id.startsWith(OWN_PREFIX) && !bridgeIsKnown(id));
        if (ghosts.length + left.length > 0) log.warn('call.ghosts-ended', { channels: ghosts.length, bridges: left.length });
        const ends = [...ghosts.map(({ id }) => client.hangUp(id)), ...left.map(({ id }) => client.destroyBridge(id))];
        for (const end of ends) end.catch((error: unknown) => log.warn('call.ghost-left', { ...toErrorData(error) }));
      }),
    );
  };

  /** As long as it takes: whoever is believed to speak and does not would be so for ever. */
  const compare = (client: AriClient): void =>
    void reconcile(client).catch((error: unknown) => {
      log.warn('call.not-compared', { ...toErrorData(error) });
      if (client === current) timers.push(clock.after(COMPARE_AGAIN_MS, () => compare(client)));
    });

  return {
    state(state, client) {
      calm();
      current = state === 'connected' ? client : undefined;
      if (state === 'connected') {
        isLossTold = false;
        deps.trouble(null);
        for (const live of register.all()) if (live.view().trouble?.code === 'phone.control-lost') live.setTrouble(null);
        compare(client);
      } else if (state === 'lost') {
        const tellLost = (): void => {
          const error = phoneReason('phone.control-lost');
          isLossTold = true;
          deps.trouble(error);
          for (const live of register.all()) live.setTrouble(error);
        };
        timers = [clock.after(TELL_LOST_MS, tellLost), clock.after(GIVE_UP_MS, engineLost)];
      }
    },
    engineLost,
    channelGone(channelId) {
      for (const pair of register.pairs) if (pair.channelIds.includes(channelId)) void endPair(pair);
    },
    endPair,
    leave() {
      calm();
      current = undefined;
      if (isLossTold) deps.trouble(null);
      isLossTold = false;
    },
    dispose() {
      calm();
      current = undefined;
    },
  };
}
