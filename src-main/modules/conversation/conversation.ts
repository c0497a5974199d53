import type { Disposable } from '../../base/dispose.ts';
import type { Handlers } from '../../platform/contract-host/index.ts';
import { createCallTalks, type CallTalks } from './call-talks.ts';
import { createConversationHandlers, type ConversationCalls } from './conversation-handlers.ts';
import { createSpeechSamples, type SpeechSamples } from './speech-samples.ts';
import { createConversationService, type ConversationDeps, type ConversationService } from './conversation-service.ts';

/** Everything that is said: sessions, turns, barge-in, and the calls about them. */
export interface Conversation
  extends
    Disposable,
    SpeechSamples,
    CallTalks,
    Pick<
      ConversationService,
      | 'clientGone'
      | 'reopenSessions'
      | 'reconnectAudio'
      | 'isTalking'
      | 'whenQuiet'
      | 'characterChanged'
      | 'historyReplaced'
      | 'announce'
      | 'speakQuestion'
      | 'stopAllAnswers'
      | 'endSessions'
    > {
  handlers: Pick<Handlers, ConversationCalls>;
}

export function createConversation(deps: ConversationDeps): Conversation {
  const service = createConversationService(deps);
  return {
    ...service,
    ...createSpeechSamples(service, deps),
    ...createCallTalks(service, deps),
    handlers: createConversationHandlers(service, deps),
  };
}
