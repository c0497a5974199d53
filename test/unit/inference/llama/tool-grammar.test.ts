import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { grammarSchema, toolFunctions, withoutAbsent } from '../../../../src-main/inference/llama/tool-grammar.ts';

describe('toolFunctions', () => {
  it('names each tool with its description, and gives input only to those that take some', () => {
    expect(
      toolFunctions([
        { name: 'time', description: 'Tells the time.', parameters: { type: 'object', properties: {} } },
        { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] } },
      ]),
    ).toEqual({
      time: { description: 'Tells the time.' },
      look: { description: 'Looks.', params: { type: 'object', properties: { at: { type: 'string' } } } },
    });
  });
});

describe('grammarSchema', () => {
  it('takes over what the grammar knows and leaves the rest to the check of the tool', () => {
    const schema = z.toJSONSchema(
      z.object({
        path: z.string().min(1).max(4000).regex(/^\//).describe('Where'),
        kind: z.enum(['file', 'folder']),
        lines: z.array(z.number().int().positive()).max(5),
        depth: z.union([z.number(), z.literal('all')]),
      }),
    );
    expect(grammarSchema(schema)).toEqual({
      type: 'object',
      properties: {
        path: { type: 'string', description: 'Where' },
        kind: { enum: ['file', 'folder'] },
        lines: { type: 'array', items: { type: 'integer' }, maxItems: 5 },
        depth: { oneOf: [{ type: 'number' }, { const: 'all' }] },
      },
    });
  });

  it('lets what may be missing be null, since the grammar demands every property', () => {
    const schema = z.toJSONSchema(z.object({ name: z.string(), note: z.string().describe('A note').optional() }));
    expect(grammarSchema(schema)).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string' },
        note: { oneOf: [{ type: 'string', description: 'A note' }, { type: 'null' }], description: 'A note' },
      },
    });
  });

  it('follows references, also those that never end', () => {
    const tree = {
      type: 'object',
      properties: { root: { $ref: '#/$defs/node' } },
      required: ['root'],
      $defs: { node: { type: 'object', properties: { child: { $ref: '#/$defs/node' } }, required: ['child'] } },
    };
    const text = JSON.stringify(grammarSchema(tree));
    expect(text).toContain('"child"');
    expect(text).not.toContain('$ref');
    expect(grammarSchema({ $ref: '#' })).toEqual({ type: ['string', 'number', 'boolean', 'null'] });
  });

  it.each([[{}], [{ type: 'whatever' }], [{ enum: [] }], [{ const: { a: 1 } }]])('leaves %j open', (schema) => {
    expect(grammarSchema(schema)).toEqual({ type: ['string', 'number', 'boolean', 'null'] });
  });

  it('takes several types, with those that have parts as alternatives', () => {
    expect(grammarSchema({ type: ['string', 'null'] })).toEqual({ type: ['string', 'null'] });
    expect(grammarSchema({ type: ['string', 'array'], items: { type: 'number' } })).toEqual({
      oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'number' } }],
    });
  });
});

describe('withoutAbsent', () => {
  const schema = {
    type: 'object',
    required: ['name', 'parts'],
    properties: {
      name: { type: 'string' },
      note: { type: 'string' },
      nothing: { type: ['string', 'null'] },
      parts: { type: 'array', items: { type: 'object', properties: { size: { type: 'number' } } } },
    },
  };

  it('takes out what the model left out by writing null, at every depth, and nothing else', () => {
    expect(withoutAbsent({ name: null, note: null, nothing: null, other: null, parts: [{ size: null }, { size: 0 }] }, schema)).toEqual({
      name: null,
      nothing: null,
      other: null,
      parts: [{}, { size: 0 }],
    });
  });

  it.each([['text'], [null], [7], [undefined]])('gives back %j as it is', (input) => {
    expect(withoutAbsent(input, schema)).toBe(input);
  });
});
