import { describe, expect, it } from 'vitest';
import type { PromptMessage } from '../../../../src-main/inference/contracts/index.ts';
import { createToolCalls, inputObject, withoutToolCalls } from '../../../../src-main/inference/remote/tool-messages.ts';

function calls() {
  let count = 0;
  return createToolCalls(() => `own-${(count += 1)}`);
}

describe('createToolCalls', () => {
  it('puts calls together that come in pieces, one among the other', () => {
    const collected = calls();
    collected.take({ kind: 'tool', index: 0, id: 'a', name: 'read', input: '' });
    collected.take({ kind: 'tool', index: 1, id: 'b', name: 'list' });
    collected.take({ kind: 'tool', index: 0, input: '{"path":' });
    collected.take({ kind: 'tool', index: 1, input: '{}' });
    collected.take({ kind: 'tool', index: 0, input: '"/x"}' });
    expect(collected.requests()).toEqual([
      { id: 'a', name: 'read', input: { path: '/x' } },
      { id: 'b', name: 'list', input: {} },
    ]);
  });

  it('tells calls apart that a server numbers alike', () => {
    const collected = calls();
    collected.take({ kind: 'tool', index: 0, id: 'a', name: 'one', input: '{}' });
    collected.take({ kind: 'tool', index: 0, id: 'b', name: 'two', input: '{}' });
    expect(collected.requests().map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('gives an id to calls that have none, or one that is taken', () => {
    const collected = calls();
    collected.take({ kind: 'tool', index: 0, name: 'one' });
    collected.take({ kind: 'tool', index: 1, id: 'a', name: 'two' });
    collected.take({ kind: 'tool', index: 2, id: 'a', name: 'three' });
    expect(collected.requests().map(({ id }) => id)).toEqual(['own-1', 'a', 'own-2']);
  });

  it('keeps input that is not JSON as text, and drops a call without a name', () => {
    const collected = calls();
    collected.take({ kind: 'tool', index: 0, id: 'a', name: 'read', input: '{"path": /x' });
    collected.take({ kind: 'tool', index: 1, id: 'b', input: '{}' });
    expect(collected.requests()).toEqual([{ id: 'a', name: 'read', input: '{"path": /x' }]);
  });
});

describe('inputObject', () => {
  it('is the input, or an object that shows what could not be read', () => {
    expect(inputObject({ path: '/x' })).toEqual({ path: '/x' });
    expect(inputObject('{"path": /x')).toEqual({ unreadable: '{"path": /x' });
    expect(inputObject([1])).toEqual({ unreadable: [1] });
  });
});

describe('withoutToolCalls', () => {
  it('tells in words what was called and what came back', () => {
    const messages: PromptMessage[] = [
      { role: 'system', text: 'S' },
      { role: 'user', text: 'Q' },
      {
        role: 'assistant',
        text: '',
        toolRequests: [
          { id: '1', name: 'read', input: {} },
          { id: '2', name: 'list', input: {} },
        ],
      },
      { role: 'tool', requestId: '1', name: 'read', text: 'R1' },
      { role: 'tool', requestId: '2', name: 'list', text: 'R2' },
    ];
    expect(withoutToolCalls(messages)).toEqual([
      { role: 'system', text: 'S' },
      { role: 'user', text: 'Q' },
      { role: 'assistant', text: '(read, list)' },
      { role: 'user', text: 'R1\nR2' },
    ]);
    expect(withoutToolCalls(messages.slice(0, 2))).toEqual(messages.slice(0, 2));
  });
});
