import { basename } from './names.ts';
import { isKnown } from './markers.ts';

/** A program that runs another one, which follows in its arguments. */
interface Wrapper {
  /** Options whose value is the next word. */
  valued?: readonly string[];
  /** Words between the options and the program. */
  operands?: number;
  /** NAME=value words before the program. */
  assigns?: boolean;
}

/** Options not listed are taken to have no value; where that is wrong the scan of {@link innerPrograms} still finds the program. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: { valued: ['-u', '--unset', '-C', '--chdir'], assigns: true },
  nice: { valued: ['-n', '--adjustment'] },
  nohup: {},
  stdbuf: { valued: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  timeout: { valued: ['-k', '-s', '--kill-after', '--signal'], operands: 1 },
  gtimeout: { valued: ['-k', '-s', '--kill-after', '--signal'], operands: 1 },
  setsid: {},
  ionice: { valued: ['-c', '-n', '-p', '--class', '--classdata'] },
  chrt: { valued: ['-T', '-P', '-D'], operands: 1 },
  taskset: { operands: 1 },
  time: { valued: ['-f', '-o', '--format', '--output'] },
  command: {},
  builtin: {},
  exec: { valued: ['-a'] },
  busybox: {},
  toybox: {},
  xargs: {
    valued: [
      '-I',
      '-n',
      '-P',
      '-d',
      '-L',
      '-s',
      '-a',
      '-E',
      '--max-args',
      '--max-procs',
      '--delimiter',
      '--arg-file',
      '--replace',
      '--max-lines',
      '--max-chars',
    ],
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
  caffeinate: { valued: ['-t', '-w'] },
  unbuffer: {},
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
  catchsegv: {},
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
}

/** Takes the wrappers off one after the other. */
export function unwrap(argv: readonly string[]): Unwrapped {
  const wrappers: string[] = [];
  const assignments: string[] = [];
  let rest = argv;
  let splitsText = false;
  let placeholder: string | undefined;
  while (wrappers.length < 32) {
    const name = basename(rest[0] ?? '');
    const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    if (!wrapper) break;
    // `command -v ls` asks where ls is and runs nothing.
    if (name === 'command' && /^-[vV]/.test(rest[1] ?? '')) break;
    wrappers.push(name);
    const inner = skipOptions(name, wrapper, rest);
    if (name === 'env') splitsText ||= inner.options.some((option) => /^-[a-zA-Z0]*S|^--s/.test(option));
    if (name === 'xargs') placeholder = placeholderOf(inner.options);
    assignments.push(...inner.assignments);
    rest = rest.slice(inner.length);
  }
  return { wrappers, assignments, argv: rest, splitsText, placeholder };
}

function skipOptions(
  name: string,
  wrapper: Wrapper,
  argv: readonly string[],
): { length: number; options: string[]; assignments: string[] } {
  const options: string[] = [];
  const assignments: string[] = [];
  let at = 1;
  for (; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') {
      at += 1;
      break;
    }
    if (!/^-./.test(word) && !(name === 'env' && word === '-')) break;
    options.push(word);
    if (wrapper.valued?.includes(word)) {
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
  return { length: at + (wrapper.operands ?? 0), options, assignments };
}

function placeholderOf(options: readonly string[]): string | undefined {
  for (const [index, option] of options.entries()) {
    if (option === '-I' || option === '--replace') return options[index + 1] || '{}';
    if (/^-I./.test(option)) return option.slice(2);
    if (option === '-i') return '{}';
  }
  return undefined;
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
