import { secretIn } from './guarded-paths.ts';
import type { Findings } from './judging.ts';
import { ask, deny, reading } from './opinion.ts';

/*
 * PowerShell and cmd have no parser here. Their verdict is a conservative one: a short list of commands that read, without any special character, is allowed;
 * known tricks and destruction are refused; everything else is asked about. There is never a plan.
 */

const LONGEST_CHARACTERS = 16_000;

const POWERSHELL_READERS =
  /^(?:get-(?:childitem|content|date|location|process|service|item|itemproperty|host|culture|timezone|command|help|alias|volume|psdrive|filehash|computerinfo|uptime|member|history|random|unique|variable)|test-path|resolve-path|split-path|join-path|select-string|measure-object|select-object|sort-object|where-object|group-object|format-table|format-list|out-string|write-output|compare-object|dir|ls|gci|cat|gc|type|pwd|gl|echo|date|ps|gps|whoami|hostname|ipconfig|systeminfo|tree|ver)$/i;
const POWERSHELL_TRICKS =
  /(?:^|\s)[-/–—]e(?:nc?|nco(?:d(?:e(?:d(?:c(?:o(?:m(?:m(?:a(?:n(?:d)?)?)?)?)?)?)?)?)?)?)?(?:\s|$)|frombase64string|\biex\b|invoke-expression|-join\b|-replace\b.*\biex\b|\[char\]|\[convert\]|\[scriptblock\]|\[system\.text\.encoding\]|downloadstring|\breverse\b|`[a-z]|[a-z]`|['"]\s*\+\s*['"]|\{\d\}.*-f\s|&\s*\(|\.\s*\(|\$\{?env:\w+\}?\[|\$(?:pshome|shellid|verbosepreference)\[|-bxor|\biwr\b.*\|\s*iex|::(?:decompress|getstring)|deflatestream|gzipstream|\[[a-z.]*runtime\.|-w(?:indowstyle)?\s+hidden|\bset-alias\b|\bsal\b|\bgcm\b|\bget-command\b.*\*|\binvoke-command\b.*\$|\$executioncontext/i;
const CMD_TRICKS =
  /[a-z0-9]\^[a-z0-9]|\^[a-z]\^|%[^%\s]+:~|%[^%\s]+:[^%]*=|!\w+:~|!\w+!|""[a-z]|[a-z]""|\bfor\s+\/f\b.*\bdo\b|\bset\s+(?:\/a\s+)?"?\w{1,3}=.*&.*%\w{1,3}%|%\w{1,2}%%\w{1,2}%|\bcall\s+%|cmd(?:\.exe)?\s+\/v|certutil.*-decode|powershell|mshta|rundll32|regsvr32|\bwscript\b|\bcscript\b/i;
const DESTROYS =
  /\bformat(?:\.com)?\s+[a-z]:|\b(?:del|erase)\b.*\/[sqf]|\brd\b.*\/s|\brmdir\b.*\/s|remove-item\b.*-(?:r|fo)|\b(?:rm|ri|del)\b.*-(?:r|fo)|\bdiskpart\b|clear-disk|format-volume|initialize-disk|vssadmin|\bwbadmin\b|bcdedit|\bcipher\s+\/w|stop-computer|restart-computer|\bshutdown\b|reg(?:\.exe)?\s+(?:delete|add)|set-executionpolicy|add-mppreference|set-mppreference|disable-|new-localuser|net\s+user\s+\S+\s+\S+|takeown|icacls.*\/grant|-exec(?:utionpolicy)?\s+bypass|-ep\s+bypass|%0\|%0/i;
const WINDOWS_SECRETS =
  /\\\.(?:ssh|aws|gnupg|kube)(?:\\|$)|\\appdata\\|\\sam$|\\ntds\.dit|\\config\\system|id_(?:rsa|ed25519)|login data|hklm\\sam|\benv:|\bvault\b|get-credential|\bcmdkey\b/i;
const CMD_READERS =
  /^(?:dir|type|echo|cd|ver|vol|date|time|tree|find|findstr|more|where|whoami|hostname|ipconfig|systeminfo|tasklist|help|chcp|fc|comp|driverquery|getmac|netstat|path)$/i;

export function judgePowerShell(text: string, findings: Findings): void {
  judge(text, findings, {
    name: 'PowerShell',
    tricks: POWERSHELL_TRICKS,
    readers: POWERSHELL_READERS,
    words: /^[\w\s.,:*?=/\\-]*$/,
    separators: /\|/,
  });
}

export function judgeCmd(text: string, findings: Findings): void {
  judge(text, findings, { name: 'cmd', tricks: CMD_TRICKS, readers: CMD_READERS, words: /^[\w\s.,:*?=/\\-]*$/, separators: /\|/ });
}

interface Language {
  name: string;
  tricks: RegExp;
  readers: RegExp;
  /** What the words of a reading command may consist of. */
  words: RegExp;
  separators: RegExp;
}

function judge(text: string, findings: Findings, { name, tricks, readers, words, separators }: Language): void {
  findings.interpreter = true;
  if (text.trim() === '') {
    findings.opinions.push(deny('command.empty', 'There is no command.'));
    return;
  }
  if (text.length > LONGEST_CHARACTERS) {
    findings.opinions.push(deny('command.too-large', 'The command is too long to be judged: put it into a file.'));
    return;
  }
  // Quotes and escapes inside a word hide a name from every list below.
  const plain = text.replace(/[`^]|(?<=\w)["']+(?=\w)/g, '');
  // eslint-disable-next-line no-control-regex
  if (tricks.test(text) || /[\0-\x08\x0e-\x1f\u202A-\u202E]/.test(text))
    findings.tricks.push({ kind: 'computed', what: `encoded or broken words for ${name}` });
  if (DESTROYS.test(text) || DESTROYS.test(plain))
    findings.opinions.push(deny('command.destroys', 'It deletes, formats, switches off or takes protection away.'));
  const secret = secretIn(plain.replaceAll('\\', '/'));
  if (secret !== undefined || WINDOWS_SECRETS.test(plain))
    findings.opinions.push(deny('command.secret', 'It would touch a place where secrets are kept.'));
  const parts = text.split(separators).map((part) => part.trim());
  const isReading = words.test(text.replace(separators, ' ').replaceAll('|', ' ')) && parts.every((part) => isReader(part, readers, name));
  findings.opinions.push(
    isReading
      ? reading(parts[0]?.split(/\s/)[0] ?? name)
      : ask('command.unknown-syntax', `${name} commands are only understood when they are very simple.`),
  );
}

function isReader(part: string, readers: RegExp, name: string): boolean {
  const [program = '', ...args] = part.split(/\s+/);
  if (!readers.test(program)) return false;
  // `date 01-01-2026` sets the clock, `cd x` does nothing for the next command.
  if (name === 'cmd' && /^(?:date|time)$/i.test(program)) return args.length === 1 && /^\/t$/i.test(args[0] ?? '');
  return !/^(?:get-variable|get-history)$/i.test(program) || args.length === 0;
}
