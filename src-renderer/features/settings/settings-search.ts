import type { Setting } from '../../../src-preload/contract/index.ts';

/** Order of the pages; a subject of a newer core comes last. */
export const SUBJECTS = [
  'talk',
  'voice',
  'languageModel',
  'characters',
  'tools',
  'phone',
  'appearance',
  'shortcuts',
  'privacy',
  'advanced',
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** Subjects that have settings, in their order. */
export function subjectsOf(settings: readonly Setting[]): Subject[] {
  const present = new Set(settings.map((setting) => setting.subject));
  return SUBJECTS.filter((subject) => present.has(subject));
}

/** Settings in which every typed word begins a word of the title, the hint, a choice or the key. */
export function searchSettings(settings: readonly Setting[], query: string, textOf: (setting: Setting) => string): Setting[] {
  const wanted = wordsOf(query);
  return settings.filter((setting) => {
    const words = wordsOf(`${textOf(setting)} ${setting.key}`);
    return wanted.every((part) => words.some((word) => word.startsWith(part) || word.includes(part)));
  });
}

/** Lower case, without accents: "Lautstärke" is found by "lautstarke". */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
