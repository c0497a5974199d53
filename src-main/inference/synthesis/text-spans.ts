/** A stretch of a text: UTF-16 offsets, end exclusive. */
export interface TextSpan {
  start: number;
  end: number;
}

/** Punctuation that is not said and does not belong to a word. Symbols such as % & + $ are said, so they are not here. */
const SILENT = /[.,;:!?…¡¿"'()[\]{}«»‹›„“”‟‚‘’‛–—‐‑_*`~\\|<>。、，．！？：；「」『』（）《》【】·・-]/u;
/** Scripts that put no space between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The words of a text in order, punctuation around them left out. "42", "3.5", "well-known" and "don't" are one word each. */
export function wordsOf(text: string): TextSpan[] {
  const words: TextSpan[] = [];
  for (const match of text.matchAll(/[^\s—–…]+/gu)) {
    const token = { start: match.index, end: match.index + match[0].length };
    if (UNSPACED.test(match[0])) words.push(...segmentWords(text, token));
    else words.push(...trimmed(text, token));
  }
  return words;
}

/** Replaces what a voice must never see (control characters, lone surrogates, invisible marks) by blanks, so that offsets stay as they are. */
export function withoutControls(text: string): string {
  // U+0001 starts a command inside espeak's text; U+0000 ends it.
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Variation_Selector}]/gu, (found) => ' '.repeat(found.length));
}

function trimmed(text: string, span: TextSpan): TextSpan[] {
  let { start, end } = span;
  while (start < end && SILENT.test(text.charAt(start))) start += 1;
  while (end > start && SILENT.test(text.charAt(end - 1))) end -= 1;
  return start < end ? [{ start, end }] : [];
}

let segmenter: Intl.Segmenter | undefined;

function segmentWords(text: string, span: TextSpan): TextSpan[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  const words: TextSpan[] = [];
  for (const part of segmenter.segment(text.slice(span.start, span.end))) {
    const start = span.start + part.index;
    if (part.isWordLike) words.push({ start, end: start + part.segment.length });
  }
  return words;
}
