/** A text, so that nothing in it is hidden from the owner who reads it. */
export interface CleanOptions {
  /** UTF-16 units that are kept. */
  maxLength: number;
  /** Line breaks become spaces. */
  oneLine?: boolean;
}

/*
 * What an MCP server writes is shown to the owner and read by the model, and both must see the same. Characters without a picture are how
 * instructions are hidden from the first and told to the second: control characters (terminal escapes too), bidirectional overrides, zero-width
 * and filler letters, variation selectors, tags (U+E0000…) that spell ASCII invisibly, private use and lone surrogates.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\uE000-\uF8FF\u{E0000}-\u{E0FFF}\u{F0000}-\u{10FFFF}\p{Cs}]/gu;

/** Whole sequences of a terminal, before their escape character alone is taken away and leaves `[31m` behind. */
// oxlint-disable-next-line no-control-regex
const TERMINAL = /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]{0,2000}(?:\u0007|\u001B\\)|\u001B[ -/]*[0-~]/g;

/** Takes out what is invisible and cuts to length; an ellipsis says that something was cut. Linear in the length of the text. */
export function cleanText(text: string, { maxLength, oneLine = false }: CleanOptions): string {
  // A text of megabytes is cut before it is searched; what is taken out of it never makes it longer.
  const bounded = text.slice(0, maxLength * 2 + 1000);
  let cleaned = bounded
    .replaceAll(TERMINAL, '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u2028\u2029\u0085]/g, '\n')
    .replaceAll(HIDDEN, '');
  if (oneLine) cleaned = cleaned.replaceAll(/\s+/g, ' ');
  cleaned = cleaned.trim();
  return cleaned.length > maxLength || text.length > bounded.length
    ? `${cleaned.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
    : cleaned;
}
