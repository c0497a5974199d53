import type { LanguageCode, RecognitionEvent } from '../../inference/contracts/index.ts';
import type { Caller } from '../../platform/contract-host/index.ts';
import type { Asker } from '../../../src-preload/contract/index.ts';
import type { CallBrief, CallType } from '../agent/index.ts';

/** What makes a telephone call of a conversation. Asked anew for every turn: a caller may prove to be the owner in the middle of it. */
export interface PhoneTalk {
  brief(): CallBrief;
  /** Language to begin in, until words were heard. */
  language(): LanguageCode;
  /** Everything that the recogniser tells about this call, before the conversation looks at it. Returns what the conversation may hear of it. */
  heard(event: RecognitionEvent): RecognitionEvent;
}

/** Where the exchange takes place. */
export function callType({ door }: Caller, medium: 'voice' | 'text'): CallType {
  if (door === 'phone') return 'phone-voice';
  return `${door === 'window' ? 'desktop' : 'browser'}-${medium}`;
}

/** Who asks, as tools see it. A caller who has proved to be the owner counts as the owner's voice. */
export function askerOf({ door }: Caller, medium: 'voice' | 'text', phone?: PhoneTalk): Asker {
  if (door === 'phone') {
    const brief = phone?.brief();
    if (brief?.isOwner === true) return { channel: 'voice' };
    return { channel: 'phone', ...(brief && brief.name !== '' ? { name: brief.name.slice(0, 120) } : {}) };
  }
  return { channel: medium === 'voice' ? 'voice' : door === 'window' ? 'window' : 'browser' };
}

/** The words of a call are somebody else's, until the owner has proved who they are. */
export function outsideWords(phone: PhoneTalk | undefined): boolean {
  return phone !== undefined && !phone.brief().isOwner;
}
