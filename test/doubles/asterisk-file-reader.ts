/** One line of a section as Asterisk understands it. */
export interface ReadSection {
  name: string;
  options: [key: string, value: string][];
}

/**
 * Reads a configuration file as Asterisk 22 does (main/config.c): comments begin at a `;` that no backslash precedes, `;--` begins one of many lines, blanks at
 * both ends go, the first `=` (or `=>`) parts key from value, `#` at the beginning of a line is a directive.
 */
export function readAsteriskFile(text: string): ReadSection[] {
  const sections: ReadSection[] = [];
  let inComment = false;
  for (const raw of text.split(/\r?\n/)) {
    let line = '';
    for (let at = 0; at < raw.length; at += 1) {
      if (inComment) {
        if (raw.startsWith('--;', at)) {
          inComment = false;
          at += 2;
        }
        continue;
      }
      if (raw[at] !== ';') line += raw[at];
      else if (at > 0 && raw[at - 1] === '\\') line = `${line.slice(0, -1)};`;
      else if (raw.startsWith(';--', at) && raw[at + 3] !== '-') inComment = true;
      else break;
    }
    line = line.trim();
    if (line === '') continue;
    if (line.startsWith('#')) throw new Error(`a directive: ${line}`);
    if (line.startsWith('[')) sections.push({ name: line.slice(1, line.indexOf(']')), options: [] });
    else {
      const at = line.indexOf('=');
      if (at < 0) throw new Error(`neither a section nor an option: ${line}`);
      const value = line.slice(line[at + 1] === '>' ? at + 2 : at + 1).trim();
      sections.at(-1)?.options.push([line.slice(0, at).trim(), value]);
    }
  }
  return sections;
}
