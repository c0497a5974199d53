import type { CallEnd, PhoneCall } from '../../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../../base/dispose.ts';
import { toErrorData } from '../../../base/errors.ts';
import { createId } from '../../../base/ids.ts';
import type { Log } from '../../../base/log.ts';
import type { Gate } from '../../killswitch/index.ts';
import { OPEN_LINE_WAY, type CallVoice, type MediaLegs } from '../calls/call-ports.ts';
import { phoneReason } from '../telephony-errors.ts';
import type { MediaEvent } from '../telephony.ts';

/**
 * Calls that the dialplan of somebody's own Asterisk hands over on the open AudioSocket port. There is no control over them, only their sound: the assistant takes
 * each at once, and nothing can be done with one but to end it. Nobody says who calls, so every caller is unknown.
 */
export interface OpenLine extends Disposable {
  active(): PhoneCall[];
  onCall(listener: (call: PhoneCall) => void): Unsubscribe;
  /** False = there is no such call here. Never rejects. */
  hangUp(callId: string): Promise<boolean>;
  /** Resolves with what was cut off. */
  stopAll(): Promise<string[]>;
}

interface OpenLineDeps {
  media: MediaLegs;
  voice: CallVoice;
  gate: Pick<Gate, 'isOpen'>;
  settings: { maxMs(): number; maxCallsAtOnce(): number };
  clock: Clock;
  log: Log;
}

interface OpenCall {
  call: PhoneCall;
  legId: string;
  longest: Timer;
  /** The caller was still there when the leg was opened. */
  isConnected: boolean;
}

export function createOpenLine(deps: OpenLineDeps): OpenLine {
  const { clock, gate, log, media, settings, voice } = deps;
  const calls = new Map<string, OpenCall>();
  const listeners = new Set<(call: PhoneCall) => void>();
  const tell = (call: PhoneCall): void => {
    for (const listener of listeners) listener(call);
  };

  const change = (open: OpenCall, patch: Partial<PhoneCall>): void => {
    open.call = { ...open.call, ...patch };
    tell(open.call);
  };

  const end = async (open: OpenCall, reason: CallEnd): Promise<void> => {
    if (!calls.delete(open.call.id)) return;
    open.longest.cancel();
    voice.end(open.call.id);
    change(open, { state: { state: 'ended', reason }, endedAtMs: clock.wallMs() });
    await media.close(open.legId);
  };

  const take = async (legId: string): Promise<void> => {
    const id = createId('call');
    if (!gate.isOpen('call') || !gate.isOpen('answer') || calls.size >= settings.maxCallsAtOnce()) {
      // The only way to hang up is to take the line first.
      await media.open({ callId: id, legId });
      await media.close(legId);
      return;
    }
    const longest = clock.after(settings.maxMs(), () => void end(open, 'limit'));
    const open: OpenCall = { call: newCall(id, clock), legId, longest, isConnected: false };
    calls.set(id, open);
    try {
      await media.open({ callId: id, legId });
      if (!calls.has(id)) return await media.close(legId);
      tell(open.call);
      if (!open.isConnected) return await end(open, 'hung-up-there');
      const begun = await voice.begin({ call: open.call, legId, role: { by: 'assistant', purpose: '' } });
      if (calls.has(id)) change(open, begun);
    } catch (error) {
      log.warn('call.assistant-not-in', { callId: id, ...toErrorData(error) });
      await end(open, 'failed');
    }
  };

  const hear = (event: MediaEvent): void => {
    if (event.type === 'leg.uninvited') {
      take(event.legId).catch((error: unknown) => log.warn('call.not-taken', { ...toErrorData(error) }));
      return;
    }
    const open = [...calls.values()].find(({ legId }) => legId === event.legId);
    if (!open) return;
    if (event.type === 'leg.connected') open.isConnected = true;
    else if (event.type === 'leg.closed') void end(open, 'hung-up-there');
    else if (event.type === 'leg.sound' && event.what === 'tone') void end(open, 'fax');
    else if (event.type === 'leg.sound' && event.what === 'nothing-comes') change(open, { trouble: phoneReason('phone.one-way-sound') });
    else if (event.type === 'leg.sound' && event.what === 'comes-again') change(open, { trouble: null });
  };

  const leave = [
    media.onEvent(hear),
    voice.onEvent((event) => {
      const open = calls.get(event.callId);
      if (open && event.type === 'wants-end') void end(open, event.reason);
    }),
  ];

  const stopAll = async (): Promise<string[]> => {
    const stopped = [...calls.values()];
    await Promise.all(stopped.map((open) => end(open, 'stopped')));
    return stopped.map(() => 'incoming call');
  };

  return {
    active: () => Array.from(calls.values(), ({ call }) => call),
    onCall(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async hangUp(callId) {
      const open = calls.get(callId);
      if (open) await end(open, 'hung-up-here');
      return open !== undefined;
    },
    stopAll,
    async dispose() {
      for (const stop of leave) stop();
      await stopAll();
    },
  };
}

function newCall(id: string, clock: Clock): PhoneCall {
  const nowMs = clock.wallMs();
  return {
    id,
    direction: 'in',
    party: { number: '', name: '', contactId: null, standing: 'unknown' },
    way: OPEN_LINE_WAY,
    state: { state: 'talking', by: 'assistant', held: false, muted: false, listening: false, recording: false },
    startedAtMs: nowMs,
    answeredAtMs: nowMs,
    endedAtMs: null,
    purpose: '',
    screeningText: '',
    conversationId: null,
    characterId: null,
    trouble: null,
  };
}
