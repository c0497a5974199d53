/** Empty for what recognisers make of sounds that are no speech: lone punctuation, notes in brackets, one or two words over and over. */
export function cleanTranscript(text: string): string {
  const plain = text
    .replaceAll(/\[[^\]]*\]|\([^)]*\)|♪/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const words = plain.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  if (words.length === 0) return '';
  return words.length >= LOOP_WORDS && new Set(words).size <= 2 ? '' : plain;
}

/** This many words of which at most two differ are a loop of the decoder, not a sentence. */
const LOOP_WORDS = 6;

/** Joins the texts of the pieces of one speech. */
export function joinTexts(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}
