import type { Timer } from '../../../base/clock.ts';
import { toErrorData } from '../../../base/errors.ts';
import { phoneReason } from '../telephony-errors.ts';
import type { CallContext } from './call-context.ts';
import { isAssistant } from './call-states.ts';

const LOOK_EVERY_MS = 1_000;
/** As long as the leg itself waits where it can tell. */
const NOTHING_MS = 5_000;
/** A telephone that leaves out pauses goes on to report, every five seconds at the most often. */
const NOTHING_REPORTED_MS = 15_000;
/** What their end says of itself beside the sound. */
const REPORTED = ['rtt', 'txjitter', 'txploss'] as const;

/**
 * A recording or a listening owner makes three of a call, and for three Asterisk mixes: the assistant's leg gets frames then, also where nothing comes from the
 * other end. Meanwhile the packets that Asterisk has had from there are counted, and only meanwhile.
 */
export interface FarSound {
  /** After each change of the call. */
  follow(): void;
  /** The leg cannot tell now whether something comes. */
  isInCharge(): boolean;
}

export function createFarSound(context: CallContext): FarSound {
  const { deps, parts, view } = context;
  let timer: Timer | undefined;
  let seen: { packets: unknown; reports: string } | undefined;
  let sinceMs = 0;
  let looks = 0;
  let isTold = false;

  const isNamed = (): boolean => view().trouble?.code === 'phone.one-way-sound';
  const isInCharge = (): boolean => {
    const { state } = view();
    return (
      state.state === 'talking' &&
      isAssistant(state.by) &&
      !state.held &&
      parts.guest === undefined &&
      (parts.recording !== undefined || state.listening)
    );
  };
  const tell = (isOneWay: boolean): void => {
    if (isTold === isOneWay) return;
    isTold = isOneWay;
    if (isOneWay) context.patch({ trouble: phoneReason('phone.one-way-sound') });
    else if (isNamed()) context.patch({ trouble: null });
  };
  const compare = (statistics: Readonly<Record<string, unknown>>): void => {
    const packets = statistics['rxcount'];
    const reports = JSON.stringify(REPORTED.map((name) => statistics[name]));
    const before = seen;
    seen = { packets, reports };
    const isReport = before !== undefined && reports !== before.reports;
    // Before the first sound a report is none: a firewall may let reports through, and nothing else.
    if (packets !== before?.packets || (isReport && packets !== 0) || parts.isHeldThere) {
      // The first look only tells where counting begins.
      if (before !== undefined) tell(false);
      sinceMs = deps.clock.nowMs();
      return;
    }
    const hasReported = REPORTED.some((name) => Number(statistics[name] ?? 0) !== 0);
    if (deps.clock.nowMs() - sinceMs >= (hasReported ? NOTHING_REPORTED_MS : NOTHING_MS)) tell(true);
    else if (isReport) tell(false);
  };
  const look = async (mine: number): Promise<void> => {
    try {
      const statistics = await deps.ari().rtpStatistics(parts.far);
      if (looks === mine && isInCharge()) compare(statistics);
    } catch (error) {
      // A way without packets, such as a stick: nothing can be counted there.
      deps.log.debug('call.sound-not-counted', { callId: view().id, ...toErrorData(error) });
      if (toErrorData(error).code === 'phone.refused') return;
    }
    if (looks === mine) wait();
  };
  const wait = (): void => {
    looks += 1;
    const mine = looks;
    timer = deps.clock.after(LOOK_EVERY_MS, () => void look(mine));
  };

  return {
    isInCharge,
    follow() {
      if (isInCharge() === (timer !== undefined)) return;
      timer?.cancel();
      timer = undefined;
      looks += 1;
      seen = undefined;
      if (isInCharge()) {
        isTold = isNamed();
        wait();
      } else tell(false);
    },
  };
}
