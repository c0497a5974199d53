import { basename, isPlainProgram } from './names.ts';
import { isKnown } from './markers.ts';

/** A program that runs another one, which follows in its arguments. */
interface Wrapper {
  /** Options whose value is the next word. */
  valued?: readonly string[];
  /** Words between the options and the program. */
  operands?: number;
  /** NAME=value words before the program. */
  assigns?: boolean;
  /** Options, with what is attached to them, that change nothing about what runs. Without it the wrapper itself is asked about. */
  harmless?: RegExp;
}

const NO_OPTION = /^(?!)/;
const TIMEOUT: Wrapper = {
  valued: ['-k', '-s', '--kill-after', '--signal'],
  operands: 1,
  harmless: /^(?:-[ks][\w.]*|--(?:kill-after|signal)(?:=[\w.]+)?|-v|--verbose|--foreground|--preserve-status)$/,
};

/** Options not listed are taken to have no value; behind an option that is not known to be harmless nothing is allowed. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: {
    valued: ['-u', '--unset', '-C', '--chdir'],
    assigns: true,
    harmless: /^(?:-|-i|--ignore-environment|-u\w*|--unset(?:=\w+)?)$/,
  },
  nice: { valued: ['-n', '--adjustment'], harmless: /^(?:-n?-?\d*|--adjustment(?:=-?\d+)?)$/ },
  nohup: { harmless: NO_OPTION },
  stdbuf: {
    valued: ['-i', '-o', '-e', '--input', '--output', '--error'],
    harmless: /^(?:-[ioe]\w*|--(?:input|output|error)(?:=\w+)?)$/,
  },
  timeout: TIMEOUT,
  gtimeout: TIMEOUT,
  setsid: { harmless: /^(?:-w|--wait)$/ },
  ionice: {
    valued: ['-c', '-n', '-p', '--class', '--classdata'],
    harmless: /^(?:-[cn]\w*|--(?:class|classdata)(?:=\w+)?|-t|--ignore)$/,
  },
  chrt: { valued: ['-T', '-P', '-D'], operands: 1 },
  taskset: { operands: 1, harmless: /^(?:-c|--cpu-list)$/ },
  time: { valued: ['-f', '-o', '--format', '--output'], harmless: /^(?:-[pv]|--portability|--verbose|-f|--format(?:=.*)?)$/ },
  command: { harmless: /^-p$/ },
  builtin: { harmless: NO_OPTION },
  exec: { valued: ['-a'], harmless: NO_OPTION },
  busybox: { harmless: NO_OPTION },
  toybox: { harmless: NO_OPTION },
  xargs: {
    valued: ['-I', '-n', '-P', '-d', '-L', '-s', '-a', '-E', '--max-args', '--max-procs', '--delimiter', '--arg-file', '--max-chars'],
    // -i, -l, -e, --replace, --max-lines and --eof take their value attached only.
    harmless:
      /^(?:-[0rtx]+|-[0rtx]*[InPdLsE].*|-[0rtx]*[iel].*|--(?:null|no-run-if-empty|verbose|exit)|--(?:max-args|max-procs|delimiter|max-chars|replace|max-lines|eof)(?:=.*)?)$/,
  },
  sudo: {
    valued: ['-u', '-g', '-h', '-p', '-C', '-T', '-r', '-t', '-U', '-D', '-R', '--user', '--group', '--host', '--prompt', '--chdir'],
    assigns: true,
  },
  doas: { valued: ['-u', '-C'] },
  pkexec: { valued: ['--user'] },
  unshare: { valued: ['-S', '-G', '-R', '-w'] },
  nsenter: { valued: ['-t', '--target', '-S', '-G'] },
  chroot: { operands: 1 },
  strace: { valued: ['-e', '-o', '-p', '-s', '-u', '-E', '-P'] },
  ltrace: { valued: ['-e', '-o', '-p', '-s', '-u'] },
  watch: { valued: ['-n', '--interval'] },
  flock: { valued: ['-w', '-E', '--timeout'], operands: 1 },
  caffeinate: { valued: ['-t', '-w'], harmless: /^-(?:[dimsu]+|t)$/ },
  unbuffer: { harmless: NO_OPTION },
  numactl: {},
  'systemd-run': { valued: ['-u', '-p', '--unit', '--property'] },
  fakeroot: {},
  proot: {},
  firejail: {},
  torsocks: {},
  proxychains: { valued: ['-f'] },
  proxychains4: { valued: ['-f'] },
  rlwrap: {},
  parallel: { valued: ['-j', '-I', '-n', '-N', '--jobs', '-a', '--joblog'] },
  'ssh-agent': {},
  'dbus-run-session': {},
  'xvfb-run': { valued: ['-n', '-s', '-e'] },
  'start-stop-daemon': {},
  script: {},
  setpriv: {},
  capsh: {},
  prlimit: {},
  cpulimit: { valued: ['-l', '-p'] },
  catchsegv: { harmless: NO_OPTION },
  entr: {},
  direnv: {},
  dotenv: {},
};

export interface Unwrapped {
  /** The wrappers in their order, by name. */
  wrappers: readonly string[];
  /** `NAME=value` given by env and sudo. */
  assignments: readonly string[];
  /** What runs in the end; empty if the wrapper was called alone. */
  argv: readonly string[];
  /** `env -S`: the text is split once more, by other rules than ours. */
  splitsText: boolean;
  /** Replaced by input in each argument of xargs: `{}` after `-I {}`. */
  placeholder: string | undefined;
  /** The first wrapper that is not known to run just what follows it, as it follows. */
  unsure: string | undefined;
}

/** Takes the wrappers off one after the other. */
export function unwrap(argv: readonly string[]): Unwrapped {
  const wrappers: string[] = [];
  const assignments: string[] = [];
  let rest = argv;
  let splitsText = false;
  let placeholder: string | undefined;
  let unsure: string | undefined;
  while (wrappers.length < 32) {
    const name = basename(rest[0] ?? '');
    const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    if (!wrapper) break;
    // `command -v ls` asks where ls is and runs nothing.
    if (name === 'command' && /^-[vV]/.test(rest[1] ?? '')) break;
    wrappers.push(name);
    const inner = skipOptions(name, wrapper, rest);
    if (name === 'env') splitsText ||= inner.options.some((option) => /^-[a-zA-Z0]*S|^--s/.test(option));
    if (name === 'xargs') placeholder = placeholderOf(inner.options) ?? placeholder;
    if (!inner.isSure || !isPlainProgram(rest[0] ?? '')) unsure ??= name;
    assignments.push(...inner.assignments);
    rest = rest.slice(inner.length);
  }
  return { wrappers, assignments, argv: rest, splitsText, placeholder, unsure };
}

function skipOptions(
  name: string,
  wrapper: Wrapper,
  argv: readonly string[],
): { length: number; options: string[]; assignments: string[]; isSure: boolean } {
  const options: string[] = [];
  const assignments: string[] = [];
  let isSure = wrapper.harmless !== undefined;
  let at = 1;
  for (; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') {
      at += 1;
      break;
    }
    if (!/^-./.test(word) && !(name === 'env' && word === '-')) break;
    options.push(word);
    isSure &&= wrapper.harmless?.test(word) === true && isKnown(word);
    if (wrapper.valued?.includes(word) || (name === 'xargs' && /^-[0rtxop]+[InPdLsaE]$/.test(word))) {
      at += 1;
      options.push(argv[at] ?? '');
    }
  }
  if (wrapper.assigns) {
    while (/^[A-Za-z_]\w*=/.test(argv[at] ?? '')) {
      assignments.push(argv[at] ?? '');
      at += 1;
    }
  }
  const length = at + (wrapper.operands ?? 0);
  isSure &&= argv.slice(at, length).every((operand) => /^[\w.,:-]+$/.test(operand) && !operand.startsWith('-'));
  return { length, options, assignments, isSure };
}

/** The last one counts. `-i` and `--replace` take theirs attached only. */
function placeholderOf(options: readonly string[]): string | undefined {
  let placeholder: string | undefined;
  for (const [index, option] of options.entries()) {
    const short = /^-[0rtxop]*(I|i)([\s\S]*)$/.exec(option);
    if (short) placeholder = short[2] || (short[1] === 'I' && options[index + 1]) || '{}';
    else if (option.startsWith('--rep')) placeholder = option.replace(/^[^=]*=?/, '') || '{}';
  }
  return placeholder;
}

export const SHELLS = /^(?:sh|bash|zsh|dash|ksh|mksh|ksh93|ash|fish|csh|tcsh|rbash|pwsh|powershell|nu|elvish|xonsh)$/;

/** What a shell is told to do: `-c code`, also within `-lxc`; a script file; or to read its standard input. */
export type ShellCall =
  | { reads: 'code'; code: string; parameters: readonly string[] }
  | { reads: 'file'; path: string }
  | { reads: 'input' }
  | { reads: 'nothing' };

export function readShellCall(argv: readonly string[]): ShellCall {
  let takesCode = false;
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--' || word === '-') {
      const next = argv[at + 1];
      if (takesCode && next !== undefined) return { reads: 'code', code: next, parameters: argv.slice(at + 2) };
      return next === undefined ? { reads: 'input' } : { reads: 'file', path: next };
    }
    if (/^--(?:version|help)$/.test(word)) return { reads: 'nothing' };
    if (/^--(?:rcfile|init-file)$/.test(word)) {
      at += 1;
      continue;
    }
    if (word.startsWith('--')) continue;
    if (/^[-+]./.test(word)) {
      const letters = word.slice(1);
      if (word.startsWith('-') && letters.includes('c')) takesCode = true;
      // -o and -O take a name, which follows the whole cluster.
      if (/[oO]/.test(letters)) at += 1;
      continue;
    }
    if (takesCode) return { reads: 'code', code: word, parameters: argv.slice(at + 1) };
    return { reads: 'file', path: word };
  }
  return { reads: 'input' };
}

const LOOKED_FOR =
  /^(?:rm|rmdir|dd|shred|wipefs|mkfs(?:\.\w+)?|shutdown|reboot|halt|poweroff|chmod|chown|find|sh|bash|zsh|dash|ksh|ash|busybox|sudo|env|eval|python3?|perl|ruby|node|truncate|mv|cat|su|xargs)$/;

/** Every place in the arguments of an unknown program where a known dangerous one could begin. Only ever used to deny. */
export function innerPrograms(argv: readonly string[]): (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (let at = 1; at < argv.length && found.length < 4; at += 1) {
    const word = argv[at] ?? '';
    if (isKnown(word) && LOOKED_FOR.test(basename(word))) found.push(argv.slice(at));
  }
  return found;
}
