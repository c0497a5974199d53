import { gitReads } from './git-rules.ts';
import { isLongOption } from './long-options.ts';

/** Says why these arguments are more than reading; undefined = they only read. */
type Check = (args: readonly string[]) => string | undefined;

/** Words that are not options. Values of options count as operands, too, which makes a check stricter, never laxer. */
export const operandsOf = (args: readonly string[]): string[] => {
  const end = args.indexOf('--');
  return end < 0
    ? args.filter((arg) => !/^-./.test(arg))
    : [...args.slice(0, end).filter((arg) => !/^-./.test(arg)), ...args.slice(end + 1)];
};

const anything: Check = () => undefined;
const without =
  (pattern: RegExp, what: string): Check =>
  (args) =>
    args.some((arg) => pattern.test(arg)) ? what : undefined;
const only =
  (pattern: RegExp, what: string): Check =>
  (args) =>
    args.every((arg) => pattern.test(arg)) ? undefined : what;
const atMostOperands =
  (count: number, what: string, pattern?: RegExp): Check =>
  (args) =>
    operandsOf(args).length > count || (pattern && args.some((arg) => pattern.test(arg))) ? what : undefined;

const WRITES_A_FILE = 'this option writes a file';
const RUNS_A_PROGRAM = 'this option runs another program';
const CHANGES = 'these arguments change something';

const sortCheck: Check = (args) =>
  without(/^-[A-Za-z0-9]*o|^--o/, WRITES_A_FILE)(args) ?? without(/^--co|^-[A-Za-z0-9]*T|^--te|^--files0/, RUNS_A_PROGRAM)(args);

const findCheck: Check = (args) =>
  without(/^-(?:exec|execdir|ok|okdir)$/, RUNS_A_PROGRAM)(args) ??
  without(/^-(?:delete|fprint0?|fprintf|fls)$/, 'this option deletes or writes')(args);

/** `-n 5p`, `s/a/b/g`, `/from/,/to/d`: no `w`, `e`, `r`, `i\` or anything longer. */
const SED_COMMAND =
  /^(?:(?:\d+~\d+|\d+|\$|\/(?:[^/\\\n]|\\.)*\/I?)\s*(?:,\s*(?:[+~]?\d+|\$|\/(?:[^/\\\n]|\\.)*\/I?)\s*)?)?(?:!\s*)?(?:[pdqPDhHgGxnNl=]|q\d+|s([/|,#@:!%_])(?:(?!\1)[^\\\n]|\\.)*\1(?:(?!\1)[^\\\n]|\\[^\n])*\1[gpiI0-9]*|y\/(?:[^/\\\n]|\\.)*\/(?:[^/\\\n]|\\.)*\/)$/;

const sedCheck: Check = (args) => {
  const scripts: string[] = [];
  let hasScript = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (/^(?:-e|--expression)$/.test(arg)) {
      scripts.push(args[at + 1] ?? '');
      hasScript = true;
      at += 1;
    } else if (arg.startsWith('--expression=')) {
      scripts.push(arg.slice(13));
      hasScript = true;
    } else if (
      /^-[nErsuz]+$/.test(arg) ||
      /^--(?:quiet|silent|regexp-extended|posix|debug|null-data|separate|unbuffered|sandbox|version|help)$/.test(arg)
    )
      continue;
    else if (/^-[nErsuz]*e$/.test(arg)) {
      scripts.push(args[at + 1] ?? '');
      hasScript = true;
      at += 1;
    } else if (arg.startsWith('-') && arg !== '-') return 'this option changes files or reads a script';
    else if (!hasScript) {
      scripts.push(arg);
      hasScript = true;
    }
  }
  return scripts.every((script) => script.length < 2_000 && isReadingSed(script)) ? undefined : 'its script is not one of the simple ones';
};

/** Commands are split at `;` and newlines outside of `s///`; where that goes wrong the piece does not match and the answer is no. */
const isReadingSed = (script: string): boolean =>
  SED_COMMAND.test(script.trim()) || script.split(/[;\n]/).every((piece) => piece.trim() === '' || SED_COMMAND.test(piece.trim()));

/** Awk that only prints: no system(), getline, pipes, files or extensions. */
const awkCheck: Check = (args) => {
  let program: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (/^-(?:F|v)$/.test(arg)) at += 1;
    else if (/^-(?:F|v)./.test(arg)) continue;
    else if (arg.startsWith('-') && arg !== '-') return 'this option reads a program or runs one';
    else {
      program = arg;
      break;
    }
  }
  if (program === undefined) return 'there is no program';
  if (program.length > 4_000) return 'its program is long';
  // In a program that is read loosely, a quote inside of a regular expression hides what follows: the raw text is searched.
  const code = program.replace(/^\s*(?:\$\d+|NR|NF)\s*>=?\s*\d+(?:\.\d+)?\s*(?=\{|$)/, '');
  if (/system|getline|[|@]|fflush|close|ENVIRON|PROCINFO|ARGV|ARGC|\\\r?\n/.test(code))
    return 'its program may run other programs or read more files';
  if (code.includes('>')) return 'its program may write files';
  if (code.includes('"') && code.split('/').length > 2) return 'its program has quotes and regular expressions';
  return undefined;
};

const dateCheck: Check = (args) => {
  // BSD: with -j nothing is set.
  const isDry = args.some((arg) => /^-[uRn]*j/.test(arg));
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    // GNU has `-I` with an attached value; `-d`, `-r`, `-f` and `-v` take the next word.
    if (/^-[uRjn]*[drfv]$|^--(?:date|reference)$/.test(arg)) at += 1;
    else if (!DATE_WORD.test(arg) && (arg.startsWith('-') || !isDry)) return 'this could set the clock';
  }
  return undefined;
};
const DATE_WORD =
  /^(?:\+[\s\S]*|-[uRjn]+|-[uRjn]*I[a-z]*|-[uRjn]*[drfv][\s\S]+|--(?:utc|universal|rfc-email|iso-8601|debug|version|help)|--(?:date|reference|iso-8601|rfc-3339|file)=[\s\S]*)$/;

const tarCheck: Check = (args) => {
  const [first = ''] = args;
  const cluster = first.replace(/^-/, '');
  const isList = /^[vzjJaf]*t[vzjJaf]*$/.test(cluster) || (first === '--list' && args.length > 0);
  const rest = args.slice(1);
  // `host:archive` is fetched by another program.
  return isList &&
    !args.some((arg) => arg.includes(':')) &&
    rest.every((arg) => !arg.startsWith('-') || /^-[fvzjJ]+$|^--(?:file=.*|verbose|gzip|xz)$/.test(arg))
    ? undefined
    : 'it unpacks, packs or runs something';
};

const JOURNAL_CHANGES =
  'vacuum-size vacuum-time vacuum-files rotate flush sync relinquish-var smart-relinquish-var setup-keys update-catalog cursor-file root image machine'.split(
    ' ',
  );

const SYSTEMCTL_CHANGES = 'host machine now root image'.split(' ');
const DMESG_CHANGES = 'clear read-clear console-off console-on console-level'.split(' ');

const only1 = (pattern: RegExp): Check => only(pattern, CHANGES);

/** Programs that read, each with what would make it do more. Whoever is not here is asked about. */
const READING: Readonly<Record<string, Check>> = {
  git: gitReads,
  sort: sortCheck,
  find: findCheck,
  sed: sedCheck,
  gsed: sedCheck,
  awk: awkCheck,
  gawk: awkCheck,
  mawk: awkCheck,
  nawk: awkCheck,
  date: dateCheck,
  gdate: dateCheck,
  tar: tarCheck,
  rg: without(/^--pre(?:=|$)|^--hostname-bin|^-[a-zA-Z]*z|^--search-zip/, RUNS_A_PROGRAM),
  fd: without(/^-[a-zA-Z]*[xX]|^--exec/, RUNS_A_PROGRAM),
  fdfind: without(/^-[a-zA-Z]*[xX]|^--exec/, RUNS_A_PROGRAM),
  uniq: atMostOperands(1, 'its second file is written'),
  tree: without(/^-[a-zA-Z]*o|^--output|^-R$/, WRITES_A_FILE),
  file: (args) => (args.some((arg) => /^-[a-zA-Z]*[Cm]/.test(arg) || isLongOption(arg, ['compile', 'magic-file'])) ? CHANGES : undefined),
  hostname: only1(/^-/),
  less: only1(/^-[NSRXFEeiIMmnqrsJ~]+$|^[^-+]/),
  more: only1(/^-[dlfpcsu0-9]+$|^[^-+]/),
  man: only1(/^-[kfwaK]$|^[^-]/),
  xxd: (args) =>
    without(/^-[a-z]*r|^-revert/, CHANGES)(args) ??
    (args.filter((arg, index) => !arg.startsWith('-') && !/^-[lscog]$|^-(?:len|seek|cols)$/.test(args[index - 1] ?? '')).length > 1
      ? WRITES_A_FILE
      : undefined),
  bat: without(/^--pager|^--paging=always|^cache$/, RUNS_A_PROGRAM),
  batcat: without(/^--pager|^cache$/, RUNS_A_PROGRAM),
  unzip: (args) => (/^-(?:l|v|Z|Z1|t|lv)$/.test(args[0] ?? '') ? undefined : 'it unpacks'),
  gzip: (args) =>
    args.every((arg) => /^-[lt]+$|^--list$|^--test$|^[^-]/.test(arg)) && args.some((arg) => arg.startsWith('-'))
      ? undefined
      : 'it packs or unpacks',
  crontab: (args) => (args.length === 1 && args[0] === '-l' ? undefined : CHANGES),
  mount: (args) => (args.length === 0 || (args.length === 1 && args[0] === '-l') ? undefined : CHANGES),
  ip: (args) =>
    args.some(
      (arg) =>
        /^(?:add|del|delete|set|change|replace|append|flush|exec|-b|-batch|--?force|netns|up|down|restore|save)$/.test(arg) ||
        arg.startsWith('-b'),
    )
      ? CHANGES
      : undefined,
  ifconfig: atMostOperands(1, CHANGES),
  route: only1(/^-[ne46v]+$/),
  arp: only1(/^-[an]+$/),
  netstat: anything,
  ss: (args) => (args.some((arg) => /^-[a-zA-Z]*[KDF]/.test(arg) || isLongOption(arg, ['kill', 'diag', 'filter'])) ? CHANGES : undefined),
  systemctl: (args) =>
    /^(?:status|is-active|is-enabled|is-failed|list-units|list-unit-files|list-timers|show|cat|get-default)$/.test(
      operandsOf(args)[0] ?? 'list-units',
    ) && !args.some((arg) => /^-[HM]/.test(arg) || isLongOption(arg, SYSTEMCTL_CHANGES))
      ? undefined
      : CHANGES,
  journalctl: (args) => (args.some((arg) => isLongOption(arg, JOURNAL_CHANGES, ['cursor'])) ? CHANGES : undefined),
  timedatectl: only1(/^(?:status|show|list-timezones)$/),
  hostnamectl: only1(/^(?:status)$/),
  dmesg: (args) => (args.some((arg) => /^-[a-zA-Z]*[cCDEn]/.test(arg) || isLongOption(arg, DMESG_CHANGES)) ? CHANGES : undefined),
  dpkg: (args) => (/^-(?:l|L|s|S|-list|-listfiles|-status|-search|-version)$/.test(args[0] ?? '') ? undefined : CHANGES),
  apt: (args) =>
    /^(?:list|show|search|policy|depends|--version)$/.test(args[0] ?? '') && !args.some((arg) => /^-[oc]|^--option|^--config/.test(arg))
      ? undefined
      : CHANGES,
  'apt-cache': (args) => (args.some((arg) => /^-[oc]|^--option|^--config/.test(arg)) ? CHANGES : undefined),
  brew: (args) => (/^(?:list|info|--version|--prefix|deps|leaves|config)$/.test(args[0] ?? '') ? undefined : CHANGES),
  pip: (args) => (/^(?:list|show|freeze|check|--version|-V)$/.test(args[0] ?? '') ? undefined : CHANGES),
  pip3: (args) => (/^(?:list|show|freeze|check|--version|-V)$/.test(args[0] ?? '') ? undefined : CHANGES),
  npm: (args) =>
    /^(?:ls|list|root|prefix|bin|-v|--version|version|help)$/.test(args[0] ?? '') &&
    args.length <= 3 &&
    !(args[0] === 'version' && args.length > 1)
      ? undefined
      : CHANGES,
  printenv: (args) =>
    args.length > 0 && args.every((arg) => /^[A-Z_a-z]\w*$/.test(arg) && !/key|token|secret|pass|auth|cred/i.test(arg))
      ? undefined
      : 'it shows the whole environment',
  lsof: without(/^-[a-zA-Z]*[DkmA]/, CHANGES),
  top: only1(/^-(?:b|n|n\d+|bn\d+|l|l\d+|\d+|o|[a-zA-Z]{1,2})$|^\d+$|^[a-zA-Z%]+$/),
  jq: without(/^-[a-zA-Z]*L|^--library/, 'it loads code'),
  yq: without(/^-[a-zA-Z]*[is]|^--inplace|^--in-place|^--split|^-(?:e|-eval)/, WRITES_A_FILE),
  printf: without(/^-v/, 'it sets a variable'),
  locate: anything,
  // macOS: arch runs a program. A cow file is code.
  arch: atMostOperands(0, RUNS_A_PROGRAM, /^-/),
  cowsay: only(/^[^-]/, RUNS_A_PROGRAM),
  ag: (args) => (args.some((arg) => isLongOption(arg, ['pager'])) ? RUNS_A_PROGRAM : undefined),
  sensors: without(/^-[a-zA-Z]*s|^--s/, CHANGES),
  lastlog: without(/^-[a-zA-Z]*[CSR]|^--[csr]/, CHANGES),
  diff: without(/^--(?:to|from)-file|^-l$|^--paginate/, RUNS_A_PROGRAM),
  sleep: (args) => (args.every((arg) => /^\d{1,2}(?:\.\d+)?s?$/.test(arg)) ? undefined : 'it waits for long'),
  seq: (args) => (args.every((arg) => arg.length <= 7 || arg.startsWith('-')) ? undefined : 'it writes very much'),
  who: anything,
  zgrep: anything,
  column: anything,
  kubectl: () => 'it reaches a cluster',
  rev: anything,
  base64: anything,
  split: () => 'it writes files',
};

const PLAIN_READERS =
  'ls dir vdir cat head tail wc grep egrep fgrep zcat zgrep zegrep zless bzcat bzgrep xzcat xzgrep zstdcat cut tr tac nl od hexdump hd strings md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum md5 shasum base32 expand unexpand pr fold fmt join paste comm cmp stat du df pwd whoami uname echo true false basename dirname realpath readlink id groups users w last uptime free ps pstree pgrep pidof lscpu lsblk lsusb lspci lsmod nproc tty cal ncal locale getconf expr factor test [ which whereis whatis apropos vmstat iostat mpstat acpi lsb_release sw_vers exa eza lsd numfmt tput getent logname hostid vm_stat findmnt tsort units figlet fortune toilet';
const plainReaders = new Set(PLAIN_READERS.split(' '));

/** Reads whatever files it is given, and no argument makes it do anything else: safe behind xargs and `find -exec`. */
export const readsAnyArgument = (program: string): boolean => plainReaders.has(program);

const VERSIONED =
  /^(?:node|npm|npx|yarn|pnpm|bun|deno|python|python2|python3|pip|pip3|ruby|gem|perl|php|go|rustc|cargo|java|javac|gcc|g\+\+|clang|make|cmake|docker|bash|zsh|sh|curl|wget|ssh|vim|nvim|emacs|code|tmux|ffmpeg|sqlite3|psql|mysql|redis-server|kubectl|terraform|ansible|aws|gcloud|gh|dotnet|swift|lua|R|julia|ghc|rg|fd|jq|openssl|gpg|convert|magick|pandoc)$/;

/** undefined = a plain reading command; `unknown` = not in the list; otherwise why these arguments do more than read. */
export function moreThanReading(program: string, args: readonly string[]): { why: string } | 'unknown' | undefined {
  if (args.length === 1 && VERSIONED.test(program) && /^(?:--version|-version|--help|-V|version)$/.test(args[0] ?? '')) {
    // `docker version` and the like ask a server; `-V` has other meanings, too, but none that does anything.
    if (args[0] !== 'version' || /^(?:go|docker|terraform|openssl|kubectl)$/.test(program)) return undefined;
  }
  if (program === 'node' && args.length === 1 && args[0] === '-v') return undefined;
  if (program === 'go' && args.length === 1 && args[0] === 'version') return undefined;
  const check = Object.hasOwn(READING, program) ? READING[program] : undefined;
  if (check) {
    const why = check(args);
    return why === undefined ? undefined : { why };
  }
  return plainReaders.has(program) ? undefined : 'unknown';
}

/** Programs whose words are text, not names of files. */
export const takesText = (program: string): boolean =>
  /^(?:echo|printf|expr|cal|seq|sleep|true|false|figlet|cowsay|toilet|tr)$/.test(program);
