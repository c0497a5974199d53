import type { Disposable } from '../../base/dispose.ts';
import type { Handlers } from '../../platform/contract-host/index.ts';
import { createConversationHandlers, type ConversationCalls } from './conversation-handlers.ts';
import { createSpeechSamples, type SpeechSamples } from './speech-samples.ts';
import { createConversationService, type ConversationDeps, type ConversationService } from './conversation-service.ts';

/** Everything that is said: sessions, turns, barge-in, and the calls about them. */
export interface Conversation
  extends
    Disposable,
    SpeechSamples,
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
  return { ...service, ...createSpeechSamples(service, deps), handlers: createConversationHandlers(service, deps) };
}
