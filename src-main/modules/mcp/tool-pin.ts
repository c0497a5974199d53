import { createHash } from 'node:crypto';
import type { Tool as ServerTool } from '@modelcontextprotocol/client';
import type { McpTool, ToolRight } from '../../../src-preload/contract/index.ts';

/** What the owner agreed to, word for word: a server that says something else of a tool afterwards is asked about anew. */
export function pinOf(tool: Pick<ServerTool, 'name' | 'title' | 'description' | 'inputSchema' | 'outputSchema'>): string {
  const { name, title, description, inputSchema, outputSchema } = tool;
  return createHash('sha256')
    .update(canonical({ name, title: title ?? null, description: description ?? null, inputSchema, outputSchema: outputSchema ?? null }))
    .digest('hex');
}

/** The state of a tool that the server offers now. */
export function stateOf(pin: string, agreedPin: string | undefined): Exclude<McpTool['state'], 'gone'> {
  if (agreedPin === undefined) return 'new';
  return agreedPin === pin ? 'agreed' : 'changed';
}

/**
 * What is proposed to the owner for a tool that was never decided. Its annotations are the server's own words and make nothing milder: a tool that says it
 * only reads is still another program that may use the network.
 */
export function proposedRights(annotations: ServerTool['annotations']): ToolRight[] {
  return annotations?.destructiveHint === true || annotations?.readOnlyHint === false
    ? ['connector', 'network', 'write-files']
    : ['connector', 'network'];
}

/** The same JSON whatever the order of keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
