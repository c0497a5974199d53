/**
 * One kind of credential. Written from what the vendors publish about their formats. A rule costs nothing until one of its keywords is met, and then
 * looks at a bounded piece of text around it: that keeps the whole linear.
 */
export interface Rule {
  /** What stands in `[secret:NAME]`. */
  name: string;
  /** In lower case, found in any case. One of them stands in every match: at its start, or at most `behindChars` after it. */
  keywords: readonly string[];
  /**
   * Without flags other than `i` and `s`, every repetition bounded, and without \s* across more gaps than `gaps`. The group `secret` is what is taken out, or
   * `quoted`, or `bare`; without them the whole match and what is glued to its end.
   */
  pattern: RegExp;
  /** Default 0: a match starts with the keyword. */
  behindChars?: number;
  /** How far after the start of the keyword a match may go; default 400. */
  reachChars?: number;
  /** How many gaps of blanks a match may go over after the keyword, so that a stream need not wait longer; default 2. `far`: waits for `reachChars`. */
  gaps?: number | 'far';
  /**
   * What stands at the keyword in every match, for rules that look far: where it fails, a stream need not wait. Goes over at most four gaps.
   */
  opening?: RegExp;
  /** Behind the opening stands one value, up to a blank or in quotation marks, and nothing else. */
  endsWithValue?: boolean;
  /** A last look at what would be taken out; `whole` is the match. */
  accept?: (secret: string, whole: string) => boolean;
}

/** A token with a prefix of its own: the prefix says it all. Not in the middle of a word. */
export function tokenRule(name: string, keywords: string | readonly string[], shape: string, accept?: Rule['accept']): Rule {
  return {
    name,
    keywords: typeof keywords === 'string' ? [keywords] : keywords,
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${shape})`),
    ...(accept ? { accept } : {}),
  };
}

/** Quotation marks with the backslashes that JSON in JSON puts before them. */
const QUOTE = '\\\\{0,7}["\'`]';
/** Between a name and its value: `=`, `:`, `:=`, `=>`, `->`, and the rest of a quoted or bracketed name. */
export const ASSIGN = `(?:${QUOTE})?\\]?\\s{0,4}(?:=>|:=|->|==?|:)\\s{0,4}`;
/** A value in quotation marks, or up to a blank or a separator. */
export const VALUE = `(?:(?<quote>${QUOTE})(?<quoted>[^\\r\\n]{1,300}?)(?<!\\\\)\\k<quote>|(?:${QUOTE})?(?<bare>[^\\s"'\`\\\\<>&,;]{1,400}))`;

/** Without a prefix of its own: `name … = value` where the name tells the vendor, and the value has its shape. */
export function namedRule(name: string, keywords: string | readonly string[], shape: string, accept?: Rule['accept']): Rule {
  const list = typeof keywords === 'string' ? [keywords] : keywords;
  const escaped = list.map((keyword) => keyword.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return {
    name,
    keywords: list,
    pattern: new RegExp(
      `(?:${escaped.join('|')})[\\w.-]{0,40}(?: [\\w-]{1,20}){0,2}${ASSIGN}(?:${QUOTE})?(?<secret>${shape})(?![A-Za-z0-9])`,
      'i',
    ),
    gaps: 5,
    ...(accept ? { accept } : {}),
  };
}
