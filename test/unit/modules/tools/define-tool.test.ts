import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../../../src-main/modules/tools/index.ts';

const definition = {
  name: 'say',
  title: 'Say',
  description: 'Says it.',
  keywords: [],
  isCommon: true,
  input: z.object({
    pattern: z.string().min(1).max(9).describe('What to say'),
    times: z.number().int().min(1).default(1),
    to: z.array(z.string().max(5)).default([]),
  }),
  rights: [],
  risk: 'none' as const,
  cost: 1,
  timeoutMs: 1_000,
  plan: async () => ({
    summary: '',
    details: [],
    sandboxed: false,
    verdict: 'allow' as const,
    reasons: [],
    rights: [],
    rememberKey: undefined,
  }),
  run: async () => ({ text: '', outside: false }),
};

describe('defineTool', () => {
  it('tells the model names, kinds and meanings, and keeps the bounds for the check', () => {
    const tool = defineTool(definition);
    expect(tool.parameters).toEqual({
      type: 'object',
      properties: {
        pattern: { type: 'string', description: 'What to say' },
        times: { type: 'integer', default: 1 },
        to: { type: 'array', items: { type: 'string' }, default: [] },
      },
      required: ['pattern'],
    });
    expect(tool.parse({ pattern: 'hello' })).toEqual({ ok: true, input: { pattern: 'hello', times: 1, to: [] } });
    expect(tool.parse({ pattern: 'hello', times: 0 })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^The input does not fit the tool: times: /),
    });
    expect(tool.parse('hello')).toMatchObject({ ok: false });
  });

  it('can be stopped by a barge-in and is there unless it says otherwise', () => {
    expect(defineTool(definition)).toMatchObject({ source: { kind: 'built-in' }, stopsOnBargeIn: true, backgroundAfterMs: undefined });
    expect(defineTool(definition).unavailable()).toBeUndefined();
  });

  it('refuses a name or a time that no tool may have', () => {
    expect(() => defineTool({ ...definition, name: 'Say it' })).toThrow('must match');
    expect(() => defineTool({ ...definition, timeoutMs: 31_000 })).toThrow('at most');
  });
});
