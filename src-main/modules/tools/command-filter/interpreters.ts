import { secretIn } from './guarded-paths.ts';
import { ask, deny, type Opinion } from './opinion.ts';

const INTERPRETERS =
  /^(?:python(?:[23](?:\.\d+)?)?|pypy3?|ipython3?|node|nodejs|deno|bun|tsx|ts-node|perl(?:5[\d.]*)?|ruby|irb|jruby|php(?:[78][\d.]*)?|lua(?:jit|5[.\d]*)?|rscript|r|julia|osascript|tclsh|wish|expect|guile|racket|sbcl|clisp|scala|groovy|kotlin|jshell|elixir|iex|erl|escript|ghci|runghc|swift|awk|gawk|mawk|nawk|gdb|lldb|vim?|nvim|ed|ex|emacs|nano|make|gmake|ninja|cmake|rake|gradle|mvn|ant|npm|npx|yarn|pnpm|bunx|pipx|uvx|uv|poetry|cargo|go|dotnet|java|msbuild|m4|bc|dc|sqlite3|psql|mysql|mongo|mongosh|redis-cli|ansible|ansible-playbook|cscript|wscript|mshta|tmux|screen|at|batch|crontab|ssh|su|script|parallel|watch|entr|expect|socat|nmap|tcpdump|zip|sed|vimdiff|less|man|jq|xterm|gnome-terminal|systemd-run|dotenv|direnv)$/;

export const isInterpreter = (program: string): boolean => INTERPRETERS.test(program);

/** Options that bring the code along. */
const INLINE: Readonly<Record<string, RegExp>> = {
  python: /^-[a-zA-Z]*c$|^-c./,
  pypy: /^-[a-zA-Z]*c$|^-c./,
  ipython: /^-c/,
  node: /^-[a-zA-Z]*[ep]$|^--(?:eval|print)(?:=|$)/,
  deno: /^eval$/,
  bun: /^-e|^--eval|^-p/,
  perl: /^-[a-zA-Z0-9]*[eE]/,
  ruby: /^-[a-zA-Z0-9]*e/,
  php: /^-[a-zA-Z]*r|^-[BER]/,
  lua: /^-e/,
  rscript: /^-e/,
  r: /^-e/,
  julia: /^-[eE]/,
  osascript: /^-e/,
  elixir: /^-e/,
  guile: /^-c/,
};

const inlineOf = (program: string): RegExp | undefined => INLINE[program] ?? INLINE[program.replace(/[\d.]+$/, '').replace(/js$/, '')];

/** The code that an interpreter is given in its arguments. */
export function inlineCode(program: string, args: readonly string[]): string | undefined {
  const pattern = inlineOf(program);
  if (/^(?:[gmn]?awk|sed|jq|bc|dc)$/.test(program)) return args.filter((arg) => !arg.startsWith('-'))[0];
  if (!pattern) return undefined;
  const at = args.findIndex((arg) => pattern.test(arg));
  return at < 0 ? undefined : args.slice(at).join('\n');
}

const RUNS =
  /\b(?:exec|eval|system|popen|spawn|execl|execv\w*|subprocess|child_process|__import__|getattr|compile|Function|backtick|qx|passthru|shell_exec|os\.|Kernel|IO\.popen|syscall|require|globals|proc_open|call)\b|`/;
const DECODES =
  /base64|b64decode|b32decode|b85decode|fromhex|unhexlify|decode\s*\(|decode64|\bdecode\b|pack\s*\(|unpack1?\b|\bpack\b|chr\s*\(|fromCharCode|atob|codecs|rot.?13|zlib|gzinflate|marshal|\[::-1\]|\.reverse|reversed\s*\(|scalar reverse|\breverse\b|strrev|(?:\\x[0-9a-fA-F]{2}){2}|(?:\\[0-7]{3}){2}|(?:\\u00[0-9a-fA-F]{2}){2}|Buffer\.from|str_rot13|convert_uu|%c|sprintf\s*\(|\.join\s*\(|0x[0-9a-f]{2}\s*,\s*0x/i;
const DESTROYS =
  /\brm\s+-[a-zA-Z]*[rf]|rmtree\s*\(\s*['"]?[/~]|rimraf|unlink\s*\(?\s*['"][/~]|mkfs|dd\s+if=|\/dev\/sd|:\(\)\s*\{|shutdown|reboot|rmSync\s*\(\s*['"][/~]|fork\s+while|while\s*\(?\s*(?:1|True|true)\s*\)?\s*:?\s*\{?\s*(?:os\.)?fork|curl[^|]*\|\s*(?:ba)?sh|\/dev\/tcp|pty\.spawn|dup2\s*\(|socket.*(?:\/bin\/)?(?:ba)?sh\b/;

/** Whether the code is carried in disguise: it decodes something and runs it. */
export const isDisguisedCode = (code: string): boolean => code.length < 20_000 && DECODES.test(code) && RUNS.test(code);

/** Code in another language is not judged, only searched for what gives it away. */
export function judgeInlineCode(program: string, code: string): Opinion {
  if (code.length >= 20_000) return deny('command.too-large', 'The code is too long to be judged: put it into a file.');
  const secret = secretIn(code.replace(/\s+/g, ' '));
  if (secret !== undefined)
    return deny('command.secret', `The code for ${program} mentions ${secret}, where secrets are kept.`, { path: secret });
  if (DESTROYS.test(code))
    return deny('command.destroys', `The code for ${program} would delete things or hand the machine over.`, { program });
  return ask('command.interpreter', `${program} runs code of its own; look at it before you allow it.`, { program });
}
