import { performance } from 'node:perf_hooks';

const MAX_PATTERNS = 100;
const MAX_CHARS = 500;

/**
 * The owner's patterns: one regular expression a line, `#` begins a comment, `(?i)` at the start ignores case. A line that is wrong, or that could take very
 * long on some text, is refused with a sentence that names it.
 */
export function parseOwnPatterns(lines: string): { patterns: RegExp[]; problems: string[] } {
  const patterns: RegExp[] = [];
  const problems: string[] = [];
  for (const [index, raw] of lines.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const result = readPattern(line);
    if (typeof result === 'string') problems.push(`Line ${index + 1} ${result}`);
    else if (patterns.length < MAX_PATTERNS) patterns.push(result);
    else problems.push(`Line ${index + 1} is one too many: at most ${MAX_PATTERNS} patterns are used.`);
  }
  return { patterns, problems };
}

function readPattern(line: string): RegExp | string {
  if (line.length > MAX_CHARS) return `is longer than ${MAX_CHARS} characters. Split it into several lines.`;
  const isAnyCase = line.startsWith('(?i)');
  let pattern: RegExp;
  try {
    pattern = new RegExp(isAnyCase ? line.slice(4) : line, isAnyCase ? 'giu' : 'gu');
  } catch (error) {
    return `is no regular expression (${error instanceof Error ? error.message.replace(/^.*: /, '') : 'it cannot be read'}). Correct it or begin the line with # to leave it out.`;
  }
  if (''.match(pattern)) return 'also matches nothing at all, so it would match everywhere. Let it ask for at least one character.';
  if (hasNestedRepetition(pattern.source) || /\\(?:[1-9]|k<)/.test(pattern.source))
    return 'repeats something that repeats itself, or refers back to a group: on some texts it would take for ever. Write the repetition only once, with an upper bound such as {1,40}.';
  if (growsTooFast(pattern)) return 'would take very long on some texts. Give its repetitions an upper bound such as {1,40}.';
  return pattern;
}

/** A group with a repetition or an alternative inside that is itself repeated without a bound: `(a+)+`, `(a|aa)*`. */
function hasNestedRepetition(source: string): boolean {
  const open: boolean[] = [];
  let inClass = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charAt(index);
    if (character === '\\') index += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') open.push(false);
    else if (character === ')') {
      const hasInside = open.pop() ?? false;
      const repetition = /^(?:[*+]|\{(\d+)(?:,(\d*))?\})/.exec(source.slice(index + 1));
      const most =
        repetition === null ? 1 : repetition[1] === undefined || repetition[2] === '' ? Infinity : Number(repetition[2] ?? repetition[1]);
      if (hasInside && most > 20) return true;
      if ((hasInside || most > 1) && open.length > 0) open[open.length - 1] = true;
    } else if ('*+|'.includes(character) || (character === '{' && /^\{\d+,/.test(source.slice(index)))) {
      if (open.length > 0) open[open.length - 1] = true;
    }
  }
  return false;
}

/** Tried on texts made of the pattern's own characters, longer each time; stopped at the first sign, so that trying takes no long time itself. */
function growsTooFast(pattern: RegExp): boolean {
  const seeds = new Set(['a', '0', ' ', '-', 'aA0', ...(pattern.source.match(/[A-Za-z0-9 @:=_-]/g) ?? []).slice(0, 12)]);
  for (const seed of seeds) {
    for (let length = 16; length <= 4096; length = length < 64 ? length + 4 : length * 2) {
      const text = `${seed.repeat(Math.ceil(length / seed.length))}\u0001`;
      const fromMs = performance.now();
      text.match(pattern);
      const tookMs = performance.now() - fromMs;
      if (tookMs > 40) return true;
    }
  }
  return false;
}
