export type { Agent, AnswerResult, CallType } from './agent.ts';
export { agentSettings } from './agent-config.ts';
export { createAgent } from './agent-service.ts';
