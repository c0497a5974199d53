import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { Caller } from '../../platform/contract-host/index.ts';
import type { SessionSnapshot } from '../../../src-preload/contract/index.ts';
import type { ConversationDeps, ConversationService } from './conversation-service.ts';
import type { CallBrief } from '../agent/index.ts';
import { askerOf, callType, type PhoneTalk } from './phone-talk.ts';

/**
 * Conversations by telephone. A call is a page of door `phone` that telephony adds to the hub, and takes back when it is over, which ends what is
 * begun here.
 */
export interface CallTalks {
  /** It rings: has the model read meanwhile what stands in front of everything that will be said. Never throws. */
  expectCall(caller: Caller, talk: { brief: CallBrief; language: LanguageCode }): void;
  /** Opens a voice session for the call, hands-free. Rejects with what the workers say. */
  beginCall(caller: Caller, options: { conversationId: string | null; talk: PhoneTalk }): Promise<SessionSnapshot>;
  /** Says it in the call, like an answer: it may be interrupted. Throws what the kill switch says. */
  sayInCall(caller: Caller, text: string, language: LanguageCode): void;
  /** Keeps a sentence that the call has heard by other means. */
  recordInCall(caller: Caller, text: string, language: LanguageCode): void;
  /** Neither hears nor speaks, or does again; what is being said is cut off. */
  pauseCall(caller: Caller, on: boolean): void;
  /** Ends what is being said. */
  silenceCall(caller: Caller): void;
  /** Spoken last by the other end. */
  languageOfCall(caller: Caller): LanguageCode | undefined;
}

export function createCallTalks(service: ConversationService, deps: Pick<ConversationDeps, 'gate' | 'agent' | 'character'>): CallTalks {
  return {
    expectCall(caller, { brief, language }) {
      void deps.agent.prepare({
        conversationId: null,
        language,
        callType: callType(caller, 'voice'),
        characterId: deps.character(caller.clientId).id,
        asker: askerOf(caller, 'voice'),
        brief,
      });
    },
    async beginCall(caller, { conversationId, talk }) {
      service.client(caller).phone = talk;
      return service.startSession(caller, { conversationId, mode: 'hands-free' });
    },
    sayInCall(caller, text, language) {
      deps.gate.pass('answer');
      service.client(caller).floor.announce(text, language, false);
    },
    recordInCall: (caller, text, language) => service.client(caller).floor.record(text, language),
    pauseCall(caller, on) {
      const { floor, voice } = service.client(caller);
      if (on) floor.stop();
      voice?.session.setMuted(on);
    },
    silenceCall: (caller) => service.client(caller).floor.stop(),
    languageOfCall: (caller) => service.client(caller).heardLanguage,
  };
}
