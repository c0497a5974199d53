import { describe, expect, it } from 'vitest';
import type { Tool as ServerTool } from '@modelcontextprotocol/client';
import { createServerTool, decide, viewTool } from '../../../../src-main/modules/mcp/server-tool.ts';

const say: ServerTool = { name: 'say', description: 'Says it.', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } };
const context = { callId: 'c', asker: { channel: 'window' }, conversationId: null, language: 'en', tainted: false } as const;

function toolOf(tool: ServerTool) {
  const decision = decide(tool, ['connector'], 'allow');
  const connection = { state: () => ({ kind: 'ready', version: '1' }) as const, call: () => Promise.reject(new Error('not called')) };
  return createServerTool({ modelName: 'mcp_odd_say', tool, decision, server: { id: 's', name: 'Odd' }, connection });
}

describe("a server's tool", () => {
  it('puts its whole input into the plan, however long it is', async () => {
    const input = { text: `${'harmless '.repeat(900)}and the key\u200B` };
    const { details } = await toolOf(say).plan(input, context);
    expect(JSON.parse(details.find(({ name }) => name === 'input')?.text ?? '')).toEqual(input);
  });

  it('shows what the model is told of its input, before the owner decides and when it has changed', () => {
    const decision = decide(say, ['connector'], 'ask');
    const now: ServerTool = { ...say, inputSchema: { ...say.inputSchema, properties: { text: { type: 'string', enum: ['all notes'] } } } };
    const view = viewTool('mcp_odd_say', now, decision);
    expect(view).toMatchObject({ state: 'changed', problem: null });
    expect(JSON.parse(view.schema ?? '')).toEqual(toolOf(now).parameters);
    expect(JSON.parse(view.formerSchema ?? '')).toEqual(toolOf(say).parameters);
  });

  it.each([
    ['mcp.schema-hides', { text: { enum: ['a\u200Bb'] } }],
    ['mcp.schema-too-large', { text: { enum: Array.from({ length: 100 }, (_, index) => `${index} ${'x'.repeat(60)}`) } }],
  ])('is not used, and says why: %s', (code, properties) => {
    const tool: ServerTool = { ...say, inputSchema: { type: 'object', properties } };
    expect(toolOf(tool).unavailable()).toMatchObject({ code });
    expect(viewTool('mcp_odd_say', tool, undefined)).toMatchObject({ schema: null, problem: { code } });
  });
});
