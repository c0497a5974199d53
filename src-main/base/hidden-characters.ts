/*
 * Characters without a picture of their own, or with that of another: control characters, direction marks, letters of no width, fillers, variation selectors,
 * tags (U+E0000…) that spell ASCII invisibly, private use, half characters, and blanks that look like a space and are none. With them a person reads one
 * thing and a program another. A line break, a tab and the parts of an emoji are as they look.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class
  /(?<=\p{Extended_Pictographic})\uFE0F|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})|(?<=[0-9#*])\uFE0F(?=\u20E3)|\r\n|([\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u2800\u3000\uFFF0-\uFFFC\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}])/gu;

/** Blanks with a picture, which is that of a space. */
const LOOKS_LIKE_SPACE = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]/;

export function hasHidden(text: string): boolean {
  // Nearly every text: nothing in it is beyond what a keyboard has.
  if (/^[\t\n\u0020-\u007E]*$/.test(text)) return false;
  for (const [, hidden] of text.matchAll(HIDDEN)) if (hidden !== undefined) return true;
  return false;
}

/** Each of them as its code, so that it can be seen: `⟨U+202E⟩`. */
export function showHidden(text: string): string {
  return text.replaceAll(HIDDEN, (all, hidden: string | undefined) => (hidden === undefined ? all : `⟨${codeOf(hidden)}⟩`));
}

/** Without them; look-alikes of a space become one. */
export function withoutHidden(text: string): string {
  return text.replaceAll(HIDDEN, (all, hidden: string | undefined) =>
    hidden === undefined ? all : LOOKS_LIKE_SPACE.test(hidden) ? ' ' : '',
  );
}

const codeOf = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
