import { describe, expect, it } from 'vitest';
import type { Character } from '../../../../src-preload/contract/index.ts';
import { creatorsOf, filterCharacters, NO_FILTER, tagsOf } from '../../../../src-renderer/features/characters/character-filter.ts';
import { inventedCharacter } from '../../../doubles/fake-core-characters.ts';

const nova = inventedCharacter('default', 'Nova', { tags: ['assistant'], description: { en: 'Warm and calm.', de: 'Warm und ruhig.' } });
const rex = inventedCharacter('rex', 'Rex', {
  style: 'cyberpunk',
  tags: ['host', 'night'],
  personality: { traits: ['ironic'], speechPatterns: [] },
});
const grandmother = inventedCharacter('own', 'Großmutter Émilie', { tags: ['assistant', 'night'], createdBy: 'Jonas' });
const all: Character[] = [nova, rex, grandmother];
const names = (characters: readonly Character[]): string[] => characters.map(({ name }) => name);

describe('filterCharacters', () => {
  it('leaves everyone when nothing is asked', () => {
    expect(filterCharacters(all, NO_FILTER)).toEqual(all);
  });

  it.each([
    ['a part of a name', 'ov', ['Nova']],
    ['a name without its accents and sharp s', 'grossmutter emilie', ['Großmutter Émilie']],
    ['a word of the line about them, in either language', 'ruhig', ['Nova']],
    ['a trait', 'IRONIC', ['Rex']],
    ['words that are in different places', 'night rex', ['Rex']],
    ['what nobody is', 'pirate', []],
  ])('finds by %s', (_what, text, found) => {
    expect(names(filterCharacters(all, { ...NO_FILTER, text }))).toEqual(found);
  });

  it('asks for style, tag and creator together', () => {
    expect(names(filterCharacters(all, { ...NO_FILTER, style: 'cyberpunk' }))).toEqual(['Rex']);
    expect(names(filterCharacters(all, { ...NO_FILTER, tag: 'night' }))).toEqual(['Rex', 'Großmutter Émilie']);
    expect(names(filterCharacters(all, { ...NO_FILTER, tag: 'night', createdBy: 'Jonas' }))).toEqual(['Großmutter Émilie']);
    expect(filterCharacters(all, { ...NO_FILTER, style: 'cyberpunk', createdBy: 'Jonas' })).toEqual([]);
  });
});

describe('tagsOf', () => {
  it('names each tag once, the most used first, then by letter', () => {
    expect(tagsOf(all)).toEqual(['assistant', 'night', 'host']);
  });
});

describe('creatorsOf', () => {
  it('names each creator once', () => {
    expect(creatorsOf(all)).toEqual(['Jonas', 'OpenClaw']);
  });
});
