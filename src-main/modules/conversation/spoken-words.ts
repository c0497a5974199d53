import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { Approval } from '../../../src-preload/contract/index.ts';

/** Said once when a tool takes its time and nothing else was said. */
export function oneMoment(language: LanguageCode): string {
  return language === 'de' ? 'Einen Moment. ' : 'One moment. ';
}

/** Said once when the words over a waiting question were no answer to it. */
export function exactWords(phrase: Approval['phrase'], language: LanguageCode): string {
  return language === 'de'
    ? `Wenn ich darf, sag genau: „${phrase.de}“. Sonst sag nein.`
    : `If I may, say exactly: "${phrase.en}". Otherwise say no.`;
}
