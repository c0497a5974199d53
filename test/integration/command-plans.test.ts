import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../src-main/modules/tools/command-filter/index.ts';

/** What real bash passes to a program, word by word: the plan must hold exactly that. Nothing is run but printf. */
function wordsOfBash(words: string): string[] {
  const output = execFileSync('/bin/bash', ['--norc', '-c', `cd /var/empty 2>/dev/null || cd /; printf '%s\\0' ${words}`], {
    encoding: 'utf8',
    env: { HOME: '/workspace', PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
  });
  return output.split('\0').slice(0, -1);
}

const WORDS = [
  `a b`,
  `'a b' "c d"`,
  `a\\ b \\$x \\"`,
  `"a\\"b" "a\\$b" "a\\nb" "back\\\\slash"`,
  `$'a\\tb' $'\\x41\\102\\u00e9' $'it\\'s'`,
  `{a,b}{1,2} x{1..3}y {01..03} {c..a} {1..9..4}`,
  `{a} {a,} "{a,b}" {a,'b c'} \\{a,b} pre{x,{y,z}}post {,}`,
  `~ ~/x "~" a~ x=~/y`,
  `$HOME/x "$HOME" '$HOME'`,
  `$((1+2*3)) $((7/2)) "$((10-4))"`,
  `'' "" a''b`,
  `a"b"'c'\\d`,
  `"$@" x $* y`,
  `é "ü ß" 日本`,
  `-- -x --y=z`,
  `"a
b"`,
  `a\\
b`,
  `"\\a\\\`b"`,
  `'a'\\''b'`,
  `!x "a!b"`,
  `#not a#b`.slice(5),
  `a=b c+=d`,
  `[a] x]y`,
];

describe.skipIf(!existsSync('/bin/bash'))('the plan of a command', () => {
  it.each(WORDS)('holds the words that bash makes of %j', (words) => {
    const { plan } = judgeCommand(`foo ${words}`);
    const planned = plan?.pipelines[0]?.processes[0];
    const argv = planned?.argv.slice(1).map((word, index) => (planned.patterns?.includes(index + 1) ? word.replace(/\\(.)/g, '$1') : word));
    expect(argv).toEqual(wordsOfBash(words));
  });

  it.each([
    [`a=1; b="x y"`, `$a "$b" $b "\${b}z" \${a}2`],
    [`p=/usr/local/lib/x.tar.gz`, `\${p##*/} \${p%.*} \${p%%.*} \${p#/} \${p/local/LOCAL} \${p//l/L} \${p:5:5} \${p: -2} \${#p} \${p^^}`],
    [`e=`, `$e "$e" \${e:-d} \${e-d} x$e`],
  ])('follows constant variables: %s', (assignments, words) => {
    const planned = judgeCommand(`${assignments}; foo ${words}`).plan?.pipelines[0]?.processes[0];
    const output = execFileSync('/bin/bash', ['--norc', '-c', `${assignments}; printf '%s\\0' ${words}`], { encoding: 'utf8' });
    expect(planned?.argv.slice(1)).toEqual(output.split('\0').slice(0, -1));
  });
});
