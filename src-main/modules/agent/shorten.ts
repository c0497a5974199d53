import type { LanguageModel } from '../../inference/contracts/index.ts';
import { firstCharacters, lastCharacters } from './text-ends.ts';

/** A text that would not fit loses its middle: what it is about stands at the beginning or at the end. */
export async function shorten(
  text: string,
  model: Pick<LanguageModel, 'countTokens'>,
  limitTokens: number,
): Promise<{ text: string; tokens: number }> {
  let shortened = text;
  for (let length = text.length; ;) {
    const [tokens = 0] = await model.countTokens([shortened]);
    if (tokens <= limitTokens || length === 0) return { text: shortened, tokens };
    // The ends may be denser than the whole, so once may not be enough; each time it gets shorter.
    length = Math.floor(length * Math.min(limitTokens / tokens, 0.9));
    const half = Math.floor(length / 2);
    shortened = `${firstCharacters(text, half)} … ${lastCharacters(text, half)}`;
  }
}
