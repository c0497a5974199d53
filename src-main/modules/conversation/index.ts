export { conversationSettings } from './conversation-config.ts';
export type { ConversationDeps, ConversationObserver } from './conversation-service.ts';
export { createConversation, type Conversation } from './conversation.ts';
export { createMessageLog, type MessageLog } from './message-log.ts';
export { createHistoryHandlers, type HistoryDependencies } from './history-handlers.ts';
