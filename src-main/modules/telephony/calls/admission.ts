import type { CallEnd, PhoneContact } from '../../../../src-preload/contract/index.ts';

/** What is known when a call comes in. */
export interface Arrival {
  contact: PhoneContact | undefined;
  isBlocked: boolean;
  /** From a phone of the owner's own. */
  isInternal: boolean;
  /** Asked for the assistant: extension 100. */
  wantsAssistant: boolean;
  callsUnderWay: number;
  maxCallsAtOnce: number;
  isGateOpen: boolean;
  /** By the clock or by hand: nothing rings. */
  isQuiet: boolean;
  screensUnknown: boolean;
  whenNobodyAnswers: 'assistant' | 'message' | 'nothing';
}

export type Admission =
  | { act: 'ring' }
  | { act: 'screen' }
  | { act: 'take'; by: 'assistant' | 'message' }
  /** `cause` of Q.850: 17 busy, 21 rejected, 16 declined, 19 no answer. */
  | { act: 'refuse'; cause: number; reason: CallEnd };

/** Decides what becomes of a call that comes in. Pure. */
export function admit(arrival: Arrival): Admission {
  if (!arrival.isGateOpen) return { act: 'refuse', cause: 21, reason: 'stopped' };
  if (arrival.isBlocked || arrival.contact?.blocked === true) return { act: 'refuse', cause: 21, reason: 'blocked' };
  if (arrival.callsUnderWay >= arrival.maxCallsAtOnce) return { act: 'refuse', cause: 17, reason: 'limit' };
  if (arrival.wantsAssistant) return { act: 'take', by: 'assistant' };
  if (arrival.isQuiet && arrival.contact?.isFavourite !== true && !arrival.isInternal) {
    return arrival.whenNobodyAnswers === 'nothing'
      ? { act: 'refuse', cause: 19, reason: 'quiet-hours' }
      : { act: 'take', by: arrival.whenNobodyAnswers };
  }
  const isUnknown = arrival.contact === undefined && !arrival.isInternal;
  return { act: isUnknown && arrival.screensUnknown ? 'screen' : 'ring' };
}

/** Whether the local time lies in quiet hours, also over midnight. Equal or empty times are none. */
export function isQuietTime(date: Date, from: string, to: string): boolean {
  const begin = minutesOf(from);
  const end = minutesOf(to);
  if (begin === undefined || end === undefined || begin === end) return false;
  const now = date.getHours() * 60 + date.getMinutes();
  return begin < end ? now >= begin && now < end : now >= begin || now < end;
}

function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^(\d{2}):(\d{2})$/.exec(time) ?? [];
  return hours === undefined || minutes === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}
