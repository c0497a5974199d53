import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelNames, serverSlug } from '../../../../src-main/modules/mcp/tool-names.ts';

/** Also halves of pairs, controls and what nobody has assigned. (The library's own `binary` takes seconds to make.) */
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

describe('modelNames', () => {
  it('returns plain names where the server’s own are plain', () => {
    expect(Object.fromEntries(modelNames('My Files', ['read_file', 'getSum', 'get-tiny-image', 'Zähler']))).toEqual({
      read_file: 'mcp_my_files_read_file',
      getSum: 'mcp_my_files_get_sum',
      'get-tiny-image': 'mcp_my_files_get_tiny_image',
      Zähler: 'mcp_my_files_zahler',
    });
  });

  it('gives every one of two look-alikes a name of its own, so that none takes the place of the other', () => {
    const before = modelNames('A', ['get_sum']).get('get_sum');
    const after = modelNames('A', ['get_sum', 'get-sum']);
    expect(before).toBe('mcp_a_get_sum');
    expect([...after.values()]).toEqual([
      expect.stringMatching(/^mcp_a_get_sum_[0-9a-f]{8}$/),
      expect.stringMatching(/^mcp_a_get_sum_[0-9a-f]{8}$/),
    ]);
  });

  it('always returns names that every back end takes, all different, whatever the server calls its tools', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        fc.uniqueArray(fc.string({ unit: anyCharacter, maxLength: 100 }), { maxLength: 30 }),
        (server, tools) => {
          const names = [...modelNames(server, tools).values()];
          expect(new Set(names).size).toBe(tools.length);
          for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
        },
      ),
    );
  });
});

describe('serverSlug', () => {
  it('is the same for names that differ only in what the model does not see', () => {
    expect([serverSlug('My Files'), serverSlug('my-files!'), serverSlug('日本')]).toEqual(['my_files', 'my_files', 'server']);
  });
});
