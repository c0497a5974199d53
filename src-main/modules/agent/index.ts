export type { Agent, AnswerRequest, AnswerResult, CallType } from './agent.ts';
export { agentSettings } from './agent-config.ts';
export { createAgent, type AgentDeps } from './agent-service.ts';
