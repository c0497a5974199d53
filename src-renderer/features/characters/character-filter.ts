import type { Character, CharacterStyle } from '../../../src-preload/contract/index.ts';

/** What the owner is looking for; '' and undefined = everything. */
export interface CharacterFilter {
  text: string;
  style: CharacterStyle | undefined;
  tag: string;
  createdBy: string;
}

export const NO_FILTER: CharacterFilter = { text: '', style: undefined, tag: '', createdBy: '' };

/** Those that fit all of the filter. Every word of the text has to be somewhere in the name, the line about them, the tags or the traits. */
export function filterCharacters(characters: readonly Character[], filter: CharacterFilter): Character[] {
  const words = plain(filter.text).split(/\s+/).filter(Boolean);
  return characters.filter((character) => {
    if (filter.style !== undefined && character.style !== filter.style) return false;
    if (filter.tag !== '' && !character.tags.includes(filter.tag)) return false;
    if (filter.createdBy !== '' && character.createdBy !== filter.createdBy) return false;
    const text = plain(
      [character.name, character.description.en, character.description.de, ...character.tags, ...character.personality.traits].join(' '),
    );
    return words.every((word) => text.includes(word));
  });
}

/** Tags in use, the most used first. */
export function tagsOf(characters: readonly Character[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of characters.flatMap((character) => character.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b)).map(([tag]) => tag);
}

export function creatorsOf(characters: readonly Character[]): string[] {
  return [...new Set(characters.map((character) => character.createdBy))].toSorted((a, b) => a.localeCompare(b));
}

/** Without capitals and accents: "Grossmutter" is found as it is typed. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase();
}
