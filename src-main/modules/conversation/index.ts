export { conversationSettings } from './conversation-config.ts';
export { createConversation, type Conversation } from './conversation.ts';
export { createMessageLog } from './message-log.ts';
export { createHistoryHandlers } from './history-handlers.ts';
