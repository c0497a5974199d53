export { conversationSettings } from './conversation-config.ts';
export { createConversation, type Conversation } from './conversation.ts';
export type { SpeakingCharacter } from './speaking-character.ts';
export { createMessageLog } from './message-log.ts';
export { createHistoryHandlers } from './history-handlers.ts';
