import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { SpokenRule } from './mapped-text.ts';

/** How the signs in an address are said. */
const ADDRESS_WORDS: Record<string, { dot: string; at: string }> = {
  en: { dot: ' dot ', at: ' at ' },
  de: { dot: ' Punkt ', at: ' ät ' },
  fr: { dot: ' point ', at: ' arobase ' },
  es: { dot: ' punto ', at: ' arroba ' },
  it: { dot: ' punto ', at: ' chiocciola ' },
};
const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  euro: '€',
};
const NUMBERED_ENTITY = /^#(x?)([\da-f]+)$/iu;

const LABEL = String.raw`\[((?:[^[\]\n]|\[[^[\]\n]*\])*)\]`;
const TARGET = String.raw`\((?:[^()\n]|\([^()\n]*\))*\)`;
const HOST = String.raw`((?:[\p{L}\d-]+\.)+[\p{L}\d-]+|localhost)`;
/** Path, query and fragment; the punctuation of the sentence is not part of it. */
const PATH = String.raw`(?::\d{2,5})?(?:[/?#](?:[^\s<>"'\u0060|\\^{}[\]()*]|\([^\s()]*\))*(?<![.,;:!?…]))?`;

const emoji = String.raw`(?:\p{Regional_Indicator}{2}|[#*\d]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})*(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})*)*[\u{E0020}-\u{E007F}]*)`;

/** Takes away everything that is there for the eye: markup, targets of links, sources, emoji. */
export function inlineRules(language: LanguageCode): readonly SpokenRule[] {
  const words = ADDRESS_WORDS[language] ?? { dot: '.', at: '@' };
  const host = (name: string): string => name.split('.').map(label).join(words.dot);
  return [
    [/<!--[\s\S]*?-->/dgu, []],
    [new RegExp(`!?${LABEL}${TARGET}`, 'dgu'), [1]],
    [new RegExp(`(?!\\[\\d+\\])${LABEL}\\[[^\\]\\n]*\\]`, 'dgu'), [1]],
    [/\[\^[^\]\s]{1,40}\]:?|【[^】]*】|\s?\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\](?!\()/dgu, []],
    [/<(?=(?:https?:|mailto:)?[^\s<>]+[.@][^\s<>]*>)(?:mailto:)?([^\s<>]+)>/dgu, [1]],
    [new RegExp(`([\\p{L}\\d._+-]+)@${HOST}`, 'dgu'), (match) => [1, words.at, host(match[2] ?? '')]],
    [new RegExp(`(?:https?:\\/\\/(?:www\\.)?|\\bwww\\.)${HOST}${PATH}`, 'dgiu'), (match) => [host(match[1] ?? '')]],
    [
      /(?<![\p{L}\d@./-])((?:[\p{L}\d-]+\.)+(?:com|org|net|de|at|ch|eu|io|dev|ai|app|uk|us))(?![\p{L}\d])/dgiu,
      (match) => [host(match[1] ?? '')],
    ],
    [/(`+)([^`]+)\1/dgu, [2]],
    [/<\/?[a-z][^<>]*>/dgiu, [' ']],
    [/&(#?\w{1,8});/dgu, (match) => entity(match[1] ?? '')],
    [/\\[()[\]]|\$\$/dgu, []],
    [/\\([\\`*_{}[\]()#+.!|>~-])/dgu, [1]],
    [/\*\*|__|~~|`/dgu, []],
    [/(?<![\p{L}\p{N}*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\p{L}\p{N}*])/dgu, []],
    [/(?<![\p{L}\p{N}_])_(?=[^\s_])|(?<=[^\s_])_(?![\p{L}\p{N}_])/dgu, []],
    [new RegExp(emoji, 'dgu'), (match) => (/^[©®™‼⁉]/u.test(match[0]) && !match[0].includes('\uFE0F') ? undefined : [' '])],
    [/[©®™]|\uFE0E|\uFE0F/dgu, []],
  ];
}

/** A country's ending is spelled. */
function label(part: string, index: number, parts: readonly string[]): string {
  const isCountry = index === parts.length - 1 && /^[a-z]{2}$/iu.test(part);
  return isCountry ? part.toUpperCase().split('').join(' ') : part;
}

function entity(name: string): readonly string[] | undefined {
  const known = ENTITIES[name];
  if (known !== undefined) return [known];
  const [, hex, digits = ''] = NUMBERED_ENTITY.exec(name) ?? [];
  const code = Number.parseInt(digits, hex === '' ? 10 : 16);
  return code > 0x1f && code < 0x110000 && !(code >= 0xd800 && code < 0xe000) ? [String.fromCodePoint(code)] : undefined;
}
