import { describe, expect, it } from 'vitest';
import { createTemporaryKeyring } from '../../../../src-main/platform/secrets/index.ts';
import { createFilter, createProbe, filterKeyId } from '../../../../src-main/platform/store/search-filter.ts';
import { queryTerms } from '../../../../src-main/platform/store/search-words.ts';

const keys = createTemporaryKeyring({ wallMs: () => 0 });
const TEXT = 'The umbrella stood in the corner beside the door while the rain went on';

const mayHold = (query: string, filters: readonly Buffer[], keyring = keys): boolean[] => createProbe(queryTerms(query), keyring)(filters);

describe('createFilter', () => {
  it('looks different for the same text each time, so that equal texts are not told apart from others', () => {
    const [first, second] = [createFilter(TEXT, keys), createFilter(TEXT, keys)];
    expect(first.length).toBe(second.length);
    const differing = [...first].filter((byte, index) => index >= 12 && byte !== second[index]).length;
    expect(differing).toBeGreaterThan(first.length / 2);
  });

  it('grows with the number of different words only', () => {
    expect(createFilter(`${TEXT} `.repeat(50), keys).length).toBe(createFilter(TEXT, keys).length);
    expect(createFilter('', keys).length).toBe(20);
  });
});

describe('createProbe', () => {
  it('never excludes a text that holds the words, and excludes nearly all others', () => {
    const others = Array.from({ length: 400 }, (_value, index) => createFilter(`entry ${index} about boats, harbours and tides`, keys));
    const filters = [createFilter(TEXT, keys), ...others];
    for (const query of ['umbrella', 'umb', 'corner door', 'RAIN']) {
      const verdicts = mayHold(query, filters);
      expect(verdicts[0], query).toBe(true);
      expect(verdicts.filter(Boolean).length, query).toBeLessThan(filters.length * 0.1);
    }
  });

  it('lets everything pass when the words are too short to be excluded', () => {
    expect(mayHold('a ?', [createFilter(TEXT, keys), createFilter('', keys)])).toEqual([true, true]);
  });

  it('says nothing to who has other keys: their filters pass and must be opened', () => {
    const strangers = createTemporaryKeyring({ wallMs: () => 0 });
    const filter = createFilter(TEXT, keys);
    expect(filterKeyId(filter)).toBe(keys.activeKeyId());
    expect(mayHold('umbrella', [filter], strangers)).toEqual([true]);
  });

  it('reads filters of old and new keys in one go', async () => {
    const rotating = createTemporaryKeyring({ wallMs: () => 0 });
    const old = createFilter(TEXT, rotating);
    await rotating.rotate();
    const recent = createFilter(TEXT, rotating);
    expect(filterKeyId(old)).not.toBe(filterKeyId(recent));
    expect(mayHold('umbrella', [old, recent], rotating)).toEqual([true, true]);
    expect(mayHold('zeppelins airborne', [old, recent], rotating)).toEqual([false, false]);
  });
});
