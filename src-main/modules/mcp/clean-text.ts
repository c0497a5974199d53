import { withoutHidden } from '../../base/hidden-characters.ts';

/** A text, so that nothing in it is hidden from the owner who reads it. */
export interface CleanOptions {
  /** UTF-16 units that are kept. */
  maxLength: number;
  /** Line breaks become spaces. */
  oneLine?: boolean;
}

/* What an MCP server writes is shown to the owner and read by the model, and both must see the same: what is hidden from one of them is taken out. */

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
    .replaceAll(/[\u2028\u2029\u0085]/g, '\n');
  cleaned = withoutHidden(cleaned);
  if (oneLine) cleaned = cleaned.replaceAll(/\s+/g, ' ');
  cleaned = cleaned.trim();
  return cleaned.length > maxLength || text.length > bounded.length
    ? `${cleaned.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
    : cleaned;
}
