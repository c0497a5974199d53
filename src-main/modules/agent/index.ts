export type { Agent, AnswerResult, CallBrief, CallType, PreparedExchange } from './agent.ts';
export { agentSettings, userName } from './agent-config.ts';
export { createAgent } from './agent-service.ts';
