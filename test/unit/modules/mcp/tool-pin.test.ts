import { describe, expect, it } from 'vitest';
import { pinOf, proposedRights, stateOf } from '../../../../src-main/modules/mcp/tool-pin.ts';

const tool = {
  name: 'say',
  title: 'Say',
  description: 'Says it.',
  inputSchema: { type: 'object' as const, properties: { text: { type: 'string' }, loud: { type: 'boolean' } } },
};

describe('pinOf', () => {
  it('is the same when only the order of keys is another', () => {
    const other = { inputSchema: { properties: { loud: { type: 'boolean' }, text: { type: 'string' } }, type: 'object' as const } };
    expect(pinOf({ ...tool, ...other })).toBe(pinOf(tool));
  });

  it.each([
    ['title', { title: 'Say!' }],
    ['description', { description: 'Says it. ' }],
    ['hidden characters of the description', { description: 'Says it.\u200B' }],
    [
      'schema of the input',
      { inputSchema: { type: 'object' as const, properties: { text: { type: 'string', description: 'and the key' } } } },
    ],
    ['schema of the result', { outputSchema: { type: 'object' as const } }],
  ])('is another when the %s is', (_what, change) => {
    expect(pinOf({ ...tool, ...change })).not.toBe(pinOf(tool));
  });
});

describe('stateOf', () => {
  it('is new without a decision, agreed with the same pin, changed with another', () => {
    expect([stateOf('a', undefined), stateOf('a', 'a'), stateOf('b', 'a')]).toEqual(['new', 'agreed', 'changed']);
  });
});

describe('proposedRights', () => {
  it('always assumes the network, and never believes that a tool only reads', () => {
    expect(proposedRights(undefined)).toEqual(['connector', 'network']);
    expect(proposedRights({ readOnlyHint: true, openWorldHint: false })).toEqual(['connector', 'network']);
    expect(proposedRights({ destructiveHint: true })).toEqual(['connector', 'network', 'write-files']);
  });
});
