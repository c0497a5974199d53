import { forEachChild, type Command, type SyntaxNode, type Word } from 'unbash';
import { hidesLetters } from './letter-codes.ts';

/** Where text comes from that is going to be run as code, or that becomes a command's name. */
export interface CodeSource {
  /** Nothing in it, or only `:` and `true`. */
  isEmpty: boolean;
  /** Some of the text is written in the command itself (echo, printf, here-strings): it is carried there in disguise. */
  hasText: boolean;
  /** A text that nothing but `echo` or `printf` carries, without variables or patterns. */
  isPlainEcho: boolean;
  /** hasText, and nothing but tools for text. */
  isWritten: boolean;
  /** A decoder works on it: base64, xxd, rev, tr, gzip, printf with codes … */
  isDecoded: boolean;
  /** The decoder is one that ordinary work with names and words does not use. */
  isStrong: boolean;
  /** It comes from the network. */
  isDownload: boolean;
  /** Loops, groups and the like write it. */
  isCompound: boolean;
  /** `which`, `command -v`, `brew --prefix`: programs that say where programs are. */
  findsPrograms: boolean;
}

const FINDERS =
  /^(?:which|command|type|whence|brew|npm|yarn|pnpm|go|git|pwd|dirname|realpath|readlink|rustup|pyenv|rbenv|nvm|xcrun|xcode-select|gem|python3?|find|ls|java_home|llvm-config|pg_config|asdf|mise|poetry|composer)$/;
const DOWNLOADERS = /^(?:curl|wget|fetch|lynx|links|w3m|aria2c|http|https|nc|ncat|socat|ftp|tftp|scp|ssh|dig|nslookup)$/;
const TEXT_TOOLS =
  /^(?:echo|printf|cat|tr|rev|cut|sed|awk|gawk|mawk|head|tail|tac|fold|paste|sort|base64|base32|basenc|xxd|od|hexdump|openssl|gzip|gunzip|zcat|bzip2|bunzip2|xz|perl|python3?|ruby|node|php|bc|dc|seq|expr|grep|nl|shuf|column|iconv|dd|tee|read|uudecode|:|true|xargs|set|eval|bash|sh)$/;

export function findCode(source: SyntaxNode | readonly SyntaxNode[] | undefined, rawText: string): CodeSource {
  const commands: Command[] = [];
  let isCompound = false;
  let hereText = false;
  const visit = (node: SyntaxNode, depth: number): void => {
    if (commands.length > 200 || depth > 40) {
      isCompound = true;
      return;
    }
    if (node.type === 'Command') commands.push(node);
    if (/^(?:For|ArithmeticFor|Select|While|Case|If|Function|Coproc)$/.test(node.type)) isCompound = true;
    if (node.type === 'HereString' && /[A-Za-z0-9]/.test(literalOf(node.target))) hereText = true;
    if (node.type === 'HereDoc') hereText = true;
    forEachChild(node, (child) => visit(child, depth + 1));
  };
  const nodes = source === undefined ? [] : 'type' in source ? [source] : source;
  for (const node of nodes) visit(node, 0);
  const names = commands.map((command) => nameOf(command));
  const hasText = hereText || commands.some((command) => writesText(command));
  const decoders = commands.map((command) => decoding(command));
  const only = commands.length === 1 ? commands[0] : undefined;
  return {
    isEmpty:
      source !== undefined && !hereText && commands.every((command) => /^(?::|true|)$/.test(nameOf(command))) && !/[<>]/.test(rawText),
    hasText,
    isPlainEcho: only !== undefined && !isCompound && /^(?:echo|printf)$/.test(nameOf(only)) && isPlainEcho(only),
    isWritten: hasText && names.every((name) => TEXT_TOOLS.test(name)),
    isDecoded: decoders.some((decoder) => decoder !== 'none'),
    isStrong: decoders.includes('strong'),
    isDownload: names.some((name) => DOWNLOADERS.test(name)),
    isCompound,
    findsPrograms: names.length > 0 && FINDERS.test(names[0] ?? ''),
  };
}

/** Text that comes from a script: hidden if it was written in disguise or decoded. */
export function isHiddenCode(code: CodeSource): boolean {
  return code.hasText || code.isStrong || code.isCompound;
}

export function nameOf({ name }: Command): string {
  return (name?.value ?? '').replace(/^.*\//, '').replace(/^\\/, '');
}

const wordsOf = (command: Command): Word[] => command.suffix.filter((word): word is Word => word.type === 'Word');

/** The letters of a word that are written there and then. */
function literalOf(word: Word | undefined): string {
  if (!word) return '';
  if (!word.parts) return word.value;
  return word.parts
    .map((part) =>
      part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted'
        ? part.value
        : part.type === 'DoubleQuoted'
          ? part.parts.map((child) => (child.type === 'Literal' ? child.value : '')).join('')
          : part.type === 'BraceExpansion'
            ? part.text
            : '',
    )
    .join('');
}

function writesText(command: Command): boolean {
  if (!/^(?:echo|printf)$/.test(nameOf(command))) return false;
  const words = wordsOf(command).map((word) => literalOf(word));
  return words.some((word) => !/^-[neE]+$/.test(word) && /[A-Za-z0-9]/.test(word.replace(/%[-\d.]*[a-z]|\\[nt]/g, '')));
}

const isPlainEcho = (command: Command): boolean => {
  const words = wordsOf(command);
  return (
    words.length > 0 &&
    writesText(command) &&
    words.every(
      (word) =>
        !word.parts ||
        word.parts.every(
          (part) =>
            /^(?:Literal|SingleQuoted|AnsiCQuoted)$/.test(part.type) ||
            (part.type === 'DoubleQuoted' && part.parts.every((child) => child.type === 'Literal')),
        ),
    )
  );
};

/** strong: nobody needs it for names and words. weak: tr, cut, sed, awk, which people use on words every day. */
function decoding(command: Command): 'none' | 'weak' | 'strong' {
  const name = nameOf(command);
  const words = wordsOf(command).map((word) => word.value);
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  if (/^(?:base64|base32|basenc|gbase64)$/.test(name)) return has(/^-[a-zA-Z]*[dD]|^--d/) ? 'strong' : 'none';
  if (name === 'xxd') return has(/^-[a-z]*r|^-revert/) ? 'strong' : 'none';
  if (name === 'openssl') return has(/^(?:enc|base64)$/) || has(/^-(?:d|A|a)$/) ? 'strong' : 'none';
  if (/^(?:gunzip|zcat|bunzip2|bzcat|unxz|xzcat|lzcat|unzstd|zstdcat|uudecode|uncompress|unlzma)$/.test(name)) return 'strong';
  if (/^(?:gzip|bzip2|xz|zstd|lzma|lz4|pigz)$/.test(name)) return has(/^-[a-z]*d|^--d/) ? 'strong' : 'none';
  if (name === 'rev') return 'strong';
  if (/^(?:printf|echo)$/.test(name))
    return wordsOf(command).some((word) => hidesLetters(word.text.replaceAll('\\\\', '\\'))) ? 'strong' : 'none';
  if (name === 'tr') return translatesOddly(words) ? 'strong' : 'weak';
  if (/^(?:cut|sed|awk|gawk|mawk|perl|python3?|ruby|node|php|dc|fold|tac|shuf|iconv|od|dd)$/.test(name)) return 'weak';
  return 'none';
}

/** Upper and lower case, classes and single characters are ordinary; rot13 and sets of chosen letters are not. */
function translatesOddly(words: readonly string[]): boolean {
  if (words.some((word) => /^-[a-zA-Z]*[dDsScC]/.test(word))) return false;
  return words.some((word) => {
    const rest = word.replace(/a-z|A-Z|0-9|\[:\w+:\]/g, '');
    return /[!-~]-[!-~]/.test(rest) || rest.replace(/[^A-Za-z0-9]/g, '').length >= 4;
  });
}
