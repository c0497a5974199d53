import type { LanguageCode } from '../../inference/contracts/index.ts';

/** One sentence per language to judge a voice by. */
const samples: Record<string, string> = {
  en: 'Hello, this is how I sound. I live on your computer, and nothing you say leaves it.',
  de: 'Hallo, so klinge ich. Ich wohne auf deinem Rechner, und nichts, was du sagst, verlässt ihn.',
  fr: 'Bonjour, voici ma voix. Je vis sur votre ordinateur, et rien de ce que vous dites ne le quitte.',
  es: 'Hola, así es mi voz. Vivo en tu ordenador y nada de lo que dices sale de él.',
  it: 'Ciao, questa è la mia voce. Vivo sul tuo computer e niente di ciò che dici lo lascia.',
};

export function voiceSample(language: LanguageCode): string {
  return samples[language] ?? samples['en'] ?? '';
}
