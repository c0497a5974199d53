/** A glob as a regular expression without nested repeats, so that no text makes it slow. `*` and `?` match `/` only where `crossesFolders`. */
export function globToRegExp(pattern: string, options: { crossesFolders: boolean; greedy?: boolean }): RegExp | undefined {
  // Each star multiplies the work of a text that does not match.
  if (pattern.split('*').length > 6 || pattern.length > 200) return undefined;
  const any = options.crossesFolders ? '[\\s\\S]' : '[^/]';
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    if (character === '\\') {
      at += 1;
      source += escapeRegExp(pattern[at] ?? '\\');
    } else if (character === '*') source += `${any}*${options.greedy === false ? '?' : ''}`;
    else if (character === '?') source += any;
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) source += '\\[';
      else {
        const inside = pattern.slice(at + 1, end).replace(/^!/, '^');
        if (/\[[:.=]/.test(inside)) return undefined;
        source += `[${inside.replaceAll('\\', '\\\\').replaceAll('[', '\\[')}]`;
        at = end;
      }
    } else source += escapeRegExp(character);
  }
  try {
    return new RegExp(source, 'u');
  } catch {
    return undefined;
  }
}

/** Whether the pattern could be that name, as far as can be told; a pattern that cannot be read could be anything. */
export function couldMatch(pattern: string, name: string): boolean {
  const expression = globToRegExp(pattern, { crossesFolders: false });
  return expression === undefined || new RegExp(`^(?:${expression.source})$`, 'u').test(name);
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
