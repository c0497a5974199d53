/** A text of which every character knows where in the original it came from. `offsets` never decreases. */
export interface MappedText {
  text: string;
  offsets: number[];
}

/** A piece of a replacement: text of our own, or the number of a capture group that keeps its characters and offsets. Groups come in order. */
export type Replacement = readonly (string | number)[];

/** Gives what stands in a match's place; undefined leaves it as it is. */
export type Replacer = (match: RegExpExecArray) => Replacement | undefined;

/** `start` is the offset of the first character. */
export function mapText(text: string, start: number): MappedText {
  return { text, offsets: Array.from({ length: text.length }, (_, index) => start + index) };
}

/**
 * Replaces every match. Characters of our own get offsets spread evenly over what they stand for, so that half of "42 dollars" heard is half
 * of "$42" heard. `pattern` needs the flags `d` and `g`.
 */
export function replaceMapped(source: MappedText, pattern: RegExp, replacer: Replacer | Replacement): MappedText {
  const result: MappedText = { text: '', offsets: [] };
  let at = 0;
  for (const match of source.text.matchAll(pattern)) {
    const replacement = typeof replacer === 'function' ? replacer(match) : replacer;
    if (!replacement) continue;
    append(result, source, at, match.index);
    at = match.index + match[0].length;
    appendReplacement(result, source, match, replacement);
  }
  if (at === 0) return source;
  append(result, source, at, source.text.length);
  return result;
}

/** A step on the way from written to spoken; the steps of a list are taken in order. */
export type SpokenRule = readonly [pattern: RegExp, replacement: Replacer | Replacement];

export function applyRules(source: MappedText, rules: readonly SpokenRule[]): MappedText {
  return rules.reduce((mapped, [pattern, replacement]) => replaceMapped(mapped, pattern, replacement), source);
}

/** The characters `start..end`. */
export function sliceMapped(source: MappedText, start: number, end: number = source.text.length): MappedText {
  return { text: source.text.slice(start, end), offsets: source.offsets.slice(start, end) };
}

export function joinMapped(parts: readonly MappedText[]): MappedText {
  return { text: parts.map((part) => part.text).join(''), offsets: parts.flatMap((part) => part.offsets) };
}

/** Adds text of our own behind; it counts to the last character. */
export function withEnding(source: MappedText, ending: string): MappedText {
  const last = source.offsets.at(-1);
  if (last === undefined) return source;
  return { text: source.text + ending, offsets: [...source.offsets, ...Array.from(ending, () => last)] };
}

/** The text without blanks at its ends. */
export function trimMapped(source: MappedText): MappedText {
  const start = source.text.length - source.text.trimStart().length;
  const end = Math.max(start, source.text.trimEnd().length);
  return sliceMapped(source, start, end);
}

function append(result: MappedText, source: MappedText, from: number, to: number): void {
  result.text += source.text.slice(from, to);
  for (let index = from; index < to; index += 1) result.offsets.push(source.offsets[index] ?? 0);
}

function appendReplacement(result: MappedText, source: MappedText, match: RegExpExecArray, replacement: Replacement): void {
  const end = match.index + match[0].length;
  const spanOf = (group: number): [number, number] => match.indices?.[group] ?? [end, end];
  let at = match.index;
  let own = '';
  for (const part of replacement) {
    if (typeof part === 'string') {
      own += part;
      continue;
    }
    const [from, to] = spanOf(part);
    appendSpread(result, source, own, at, from);
    own = '';
    append(result, source, from, to);
    at = to;
  }
  appendSpread(result, source, own, at, end);
}

/** `own` stands for the characters `from..to`; where there are none it counts to the one before. */
function appendSpread(result: MappedText, source: MappedText, own: string, from: number, to: number): void {
  const length = Math.max(1, to - from);
  const start = Math.min(from, source.text.length - 1);
  for (let index = 0; index < own.length; index += 1) {
    const within = own.length === 1 ? length - 1 : Math.round((index * (length - 1)) / (own.length - 1));
    result.offsets.push(source.offsets[start + within] ?? 0);
  }
  result.text += own;
}
