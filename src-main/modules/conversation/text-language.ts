import type { LanguageCode } from '../../inference/contracts/index.ts';

/** Short words that are common in one language and rare in the others. */
const markers: Record<string, ReadonlySet<string>> = {
  en: new Set('the is are what who how where when why you your and of to in it this that can do does please tell my with have'.split(' ')),
  de: new Set(
    'der die das ist sind was wer wie wo wann warum du dein und von zu in es dies kann können bitte mir mein mit haben ich nicht ein eine auf für'.split(
      ' ',
    ),
  ),
  fr: new Set(
    "le la les est sont que qui comment où quand pourquoi tu vous et de je ne pas une un pour avec mon s'il quelle quel".split(' '),
  ),
  es: new Set('el la los las es son qué quién cómo dónde cuándo por tú usted y de yo no una un para con mi cuál'.split(' ')),
  it: new Set('il lo la gli è sono che chi come dove quando perché tu e di io non una un per con mio qual'.split(' ')),
  nl: new Set('de het is zijn wat wie hoe waar wanneer waarom jij je en van te in ik niet een voor met mijn'.split(' ')),
};

/** Language of typed text by its commonest words; `fallback` when they do not tell. Good enough to choose a voice, nothing more. */
export function textLanguage(text: string, fallback: LanguageCode): LanguageCode {
  const words = text.toLowerCase().match(/[\p{L}']+/gu) ?? [];
  let best = { language: fallback, score: 0 };
  for (const [language, set] of Object.entries(markers)) {
    const score = words.filter((word) => set.has(word)).length + (language === fallback ? 0.5 : 0);
    if (score > best.score) best = { language, score };
  }
  return best.score >= 1 ? best.language : fallback;
}
