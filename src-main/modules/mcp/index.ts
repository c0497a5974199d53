export { createMcp } from './create-mcp.ts';
export type { Abilities, Mcp, McpDeps } from './mcp.ts';
export { bridgeMcp } from './stdio-bridge.ts';
