import { isLongOption } from './long-options.ts';

/** Settings of git whose value is a program, or leads to one. */
const RUNS =
  /^(?:core\.(?:pager|editor|sshcommand|hookspath|fsmonitor|askpass|gitproxy|alternaterefscommand|worktree|attributesfile)|alias\.|pager\.|diff\.|difftool\.|mergetool\.|merge\.|filter\.|credential\.|gpg\.|sequence\.editor|uploadpack\.|receive\.|remote\.|url\.|protocol\.|http\.(?:proxy|sslverify|cookiefile)|include\.|includeif\.|init\.templatedir|submodule\.|web\.browser|browser\.|man\.|sendemail\.|ssh\.|trailer\.|tar\.|interactive\.difffilter|blame\.ignorerevsfile|safe\.directory)/i;

const READING: Readonly<Record<string, RegExp | true>> = {
  status: true,
  log: true,
  show: true,
  diff: true,
  shortlog: true,
  describe: true,
  'rev-parse': true,
  'rev-list': true,
  'ls-files': true,
  'ls-tree': true,
  blame: true,
  annotate: true,
  'cat-file': true,
  grep: true,
  'merge-base': true,
  'name-rev': true,
  'count-objects': true,
  whatchanged: true,
  'diff-tree': true,
  'diff-index': true,
  'diff-files': true,
  cherry: true,
  'show-ref': true,
  'show-branch': true,
  'for-each-ref': true,
  'check-ignore': true,
  version: true,
  var: true,
  branch: /^(?:-[avvr]+|--(?:all|list|remotes|show-current|verbose|sort=.*|format=.*|merged|no-merged|contains|points-at=.*))$/,
  tag: /^(?:-l|-n\d*|--list|--sort=.*|--contains|--merged|--format=.*)$/,
  remote: /^(?:-v|--verbose|get-url)$/,
  stash: /^(?:show|-p|--stat|stash@\{\d+\})$/,
  reflog: /^(?:show|--all|-n?\d*|HEAD|--date=.*|--oneline)$/,
  worktree: /^(?:list|--porcelain)$/,
  config:
    /^(?:--get|--get-all|--get-regexp|--global|--local|--system|--show-origin|--show-scope|--name-only|-l|--list|list|get|--type=.*)$/,
  notes: /^(?:list|show)$/,
};

/** They write, or run a program; `--help` opens a pager or a browser. */
const FORBIDDEN =
  'output output-directory ext-diff open-files-in-pager textconv exec upload-pack receive-pack filters pager edit no-index stdin help'.split(
    ' ',
  );

/** They read, but by starting more of git or scripts of it, which obey the settings of the repository that they stand in. */
const READS_BY_OTHERS = /^(?:stash list|range-diff|submodule|bisect (?:log|view)|lfs)\b/;

/**
 * Why a call of git is more than reading; undefined = it only reads. A repository's own settings may name programs for nearly everything (filters, textconv,
 * diff.external, gpg.program …), so a call that only reads is one that can do without any: it is run unable to start another process.
 */
export function gitReads(args: readonly string[]): string | undefined {
  const call = readGitCall(args);
  if (call.settings.length > 0 || call.isOdd) return 'it is told settings of its own';
  if (call.command === undefined)
    return args.length === 1 && /^--(?:version|help)$/.test(args[0] ?? '') ? undefined : 'there is no command';
  if (READS_BY_OTHERS.test([call.command, ...call.rest].join(' ')))
    return `git ${call.command} starts other programs, which the repository may choose`;
  const rule = Object.hasOwn(READING, call.command) ? READING[call.command] : undefined;
  if (rule === undefined || (call.command === 'stash' && call.rest[0] !== 'show')) return `git ${call.command} changes something`;
  const isGrep = call.command === 'grep';
  if (
    args.some((arg) => isLongOption(arg, FORBIDDEN, call.command === 'cat-file' ? [] : ['text', 'filter'])) ||
    (isGrep && call.rest.some((arg) => /^-[a-zA-Z]*O/.test(arg)))
  ) {
    return 'this option writes a file or runs another program';
  }
  if (call.rest.some((arg) => /^--(?:out|ext-d|open|textc|exec|upload|receive|filters|pager|edit|no-index|stdin)|^-O/.test(arg))) {
    return 'this option writes a file or runs another program';
  }
  if (rule === true) return undefined;
  if (call.command === 'config') return configReads(call.rest) ? undefined : 'it changes settings';
  const values = call.rest.filter(
    (arg, index) =>
      !rule.test(arg) && !/^--(?:contains|merged|no-merged|sort|list|format)$|^-l$|^(?:show|get-url)$/.test(call.rest[index - 1] ?? ''),
  );
  return values.length === 0 ? undefined : `git ${call.command} changes something`;
}

const configReads = (rest: readonly string[]): boolean => {
  const rule = READING['config'];
  const isQuery = rest.some((arg) => /^(?:--get|--get-all|--get-regexp|-l|--list|list|get)$/.test(arg));
  const names = rest.filter((arg) => !(rule instanceof RegExp && rule.test(arg)));
  // `git config user.name` reads, `git config user.name Eve` writes.
  return isQuery ? names.every((name) => !name.startsWith('-')) : names.length === 1 && /^[\w.-]+\.[\w-]+$/.test(names[0] ?? '');
};

interface GitCall {
  command: string | undefined;
  rest: readonly string[];
  /** `-c name=value` and `--config-env`. */
  settings: readonly string[];
  isOdd: boolean;
}

function readGitCall(args: readonly string[]): GitCall {
  const settings: string[] = [];
  let isOdd = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) return { command: arg, rest: args.slice(at + 1), settings, isOdd };
    if (arg === '-c' || arg === '--config-env') {
      settings.push(args[at + 1] ?? '');
      at += 1;
    } else if (/^-c.|^--config-env=/.test(arg)) settings.push(arg.replace(/^-c|^--config-env=/, ''));
    else if (arg === '-C') at += 1;
    else if (/^--(?:git-dir|work-tree|namespace|exec-path)$/.test(arg)) {
      isOdd = true;
      at += 1;
    } else if (!/^(?:--no-pager|-P|--no-optional-locks|--literal-pathspecs|--version|--help|--bare)$/.test(arg)) isOdd = true;
  }
  return { command: undefined, rest: [], settings, isOdd };
}

/** A setting that makes git run something, given by `-c` or stored with `git config`. */
export function gitRunsBySetting(args: readonly string[]): string | undefined {
  const { command, rest, settings } = readGitCall(args);
  const given = settings.find((setting) => RUNS.test(setting));
  if (given !== undefined) return given.replace(/=[\s\S]*/, '');
  if (command === 'config' && !configReads(rest))
    return rest.find(
      (arg) => RUNS.test(arg) && !/^(?:remote|submodule|diff\.algorithm|diff\.colormoved|merge\.conflictstyle|safe\.)/i.test(arg),
    );
  return [command ?? '', ...rest].find((arg) => /^--(?:upload-pack|receive-pack|exec-path|exec|extcmd)(?:=|$)|^ext::/.test(arg));
}

export const gitReachesOut = (args: readonly string[]): boolean =>
  /^(?:clone|fetch|pull|push|ls-remote|submodule|archive|remote|send-email|lfs)$/.test(readGitCall(args).command ?? '') &&
  gitReads(args) !== undefined;
