import type { Assignment } from 'unbash';
import { judgeBuiltin, nameForPeople } from './builtins.ts';
import { findCode } from './code-source.ts';
import { destroys } from './destroying.ts';
import { judgeVariable } from './environment-rules.ts';
import { gitReachesOut, gitRunsBySetting } from './git-rules.ts';
import { secretIn } from './guarded-paths.ts';
import { inlineCode, isInterpreter } from './interpreters.ts';
import { createFindings, unplannable, type Item, type Judging, type Planned } from './judging.ts';
import { asJudged, isKnown } from './markers.ts';
import { basename, isPlainProgram } from './names.ts';
import { ask, deny, reading } from './opinion.ts';
import { moreThanReading, operandsOf, readsAnyArgument, takesText } from './reading-programs.ts';
import { isPlainShellCall, judgeCode, judgeInterpreter, judgeShell } from './shell-code.ts';
import { innerPrograms, SHELLS, unwrap, type Unwrapped } from './wrappers.ts';
import { wordTricks } from './word-tricks.ts';

const NETWORK =
  /^(?:curl|wget|http|https|httpie|ping|ping6|traceroute|mtr|dig|nslookup|host|whois|ssh|scp|sftp|rsync|ftp|tftp|nc|ncat|netcat|socat|telnet|openssl|lynx|links|w3m|aria2c|axel|youtube-dl|yt-dlp|gh|glab|aws|gcloud|az|kubectl|helm|terraform|docker|podman|apt|apt-get|yum|dnf|pacman|apk|zypper|brew|snap|flatpak|pip|pip3|npm|npx|yarn|pnpm|gem|cargo|go|composer|nmap|rclone|svn|hg|mail|mailx|sendmail|mutt|msmtp|heroku|vercel|ansible|smbclient|ldapsearch|redis-cli|psql|mysql|mongo)$/;
const WRITES =
  /^(?:cp|mv|rm|rmdir|mkdir|touch|ln|tee|truncate|install|chmod|chown|chgrp|tar|zip|unzip|gzip|gunzip|bzip2|bunzip2|xz|unxz|zstd|7z|rar|unrar|sed|patch|dd|split|csplit|shred|unlink|mkfifo|mktemp|cpio|ar|rename|convert|magick|ffmpeg|pandoc|sort|uniq|git|tree|xxd)$/;
/** Any number of files is read, wherever they stand, as long as none of them looks like an option. */
const READS_NAMED_FILES = /^(?:sort|file|rg|tree)$/;
/** They hand their arguments to a shell, which reads them once more. */
const READS_AGAIN = /^(?:watch|parallel|script|flock|su|ssh|entr|direnv|dotenv|strace|systemd-run|firejail|torsocks)$/;

/** Judges one program with its arguments, through all its wrappers, and says what of it can be executed as it is. */
export function judgeProgram(items: readonly Item[], assignments: readonly Assignment[], judging: Judging): Planned {
  judging.budget.spend(items.length);
  const { findings } = judging;
  const unwrapped = unwrap(items.map((item) => item.field.text));
  const inner = items.slice(items.length - unwrapped.argv.length);
  judgeWrappers(unwrapped, inner, judging);
  if (items.slice(0, items.length - inner.length).some(({ field }) => field.pattern !== undefined || !isKnown(field.text))) {
    findings.opinions.push(ask('command.computed', 'A word in front of the program could become several, one of them another program.'));
    findings.unplanned ??= 'A word in front of the program is only known when it runs.';
  }
  const [first] = inner;
  if (!first) {
    const last = unwrapped.wrappers.at(-1) ?? '';
    if (/^(?:nice|xargs|nohup|time)$/.test(last)) findings.opinions.push(reading(last));
    else findings.opinions.push(ask('command.state', `${last} alone shows or changes the state of the machine.`));
    return last === 'exec' || last === 'command' || last === 'builtin' ? unplannable(judging, `${last} belongs to a shell.`) : { items };
  }
  if (first.word !== items[0]?.word) findings.tricks.push(...wordTricks(first.word, 'command', judging.scope, judging.budget));
  if (!isKnown(first.field.text) || first.field.pattern !== undefined) return judgeComputed(first, inner, judging);
  const planned = judgeNamed(basename(first.field.text), inner, assignments, unwrapped, judging);
  if (!planned) return undefined;
  if ('pipelines' in planned) return unwrapped.wrappers.length === 0 ? planned : undefined;
  if (unwrapped.splitsText) return unplannable(judging, 'env -S splits its text by rules of its own.');
  // These belong to the shell and mean no more than the command itself.
  const isShellWord = unwrapped.wrappers.length > 0 && unwrapped.wrappers.every((name) => /^(?:command|builtin|exec)$/.test(name));
  if (isShellWord) return { items: inner };
  return unwrapped.wrappers.some((name) => /^(?:command|builtin|exec)$/.test(name) || READS_AGAIN.test(name))
    ? unplannable(judging, 'A program in front of it reads the text once more.')
    : { items };
}

function judgeWrappers(unwrapped: Unwrapped, inner: readonly Item[], judging: Judging): void {
  const { findings } = judging;
  const { wrappers, placeholder, unsure } = unwrapped;
  for (const assignment of unwrapped.assignments) {
    const at = assignment.indexOf('=');
    const opinion = judgeVariable(assignment.slice(0, at), assignment.slice(at + 1));
    if (opinion) findings.opinions.push(opinion);
  }
  if (unwrapped.splitsText) findings.tricks.push({ kind: 'computed', what: 'a command inside env -S' });
  if (wrappers.some((name) => /^(?:sudo|doas|pkexec|chroot|unshare|nsenter)$/.test(name))) {
    findings.opinions.push(
      ask('command.privileged', `${wrappers[0] ?? ''} asks for the rights of somebody else.`, { program: wrappers[0] ?? '' }),
    );
  }
  if (unsure !== undefined) {
    findings.opinions.push(ask('command.more-than-reading', `${unsure} may do more than run the command behind it.`, { program: unsure }));
  }
  if (wrappers.some((name) => READS_AGAIN.test(name) || /^(?:start-stop-daemon|capsh|proot|fakeroot|setpriv|numactl)$/.test(name))) {
    findings.interpreter = true;
  }
  const shellInside = SHELLS.test(basename(inner[0]?.field.text ?? ''));
  if (wrappers.length >= 4 || (wrappers.length >= 3 && shellInside) || (wrappers.includes('busybox') && shellInside)) {
    findings.tricks.push({ kind: 'disguised', what: 'a command behind many others' });
  }
  if (!wrappers.includes('xargs')) return;
  const source = findCode(judging.before, '|');
  const isTemplate = placeholder !== undefined && (inner[0]?.field.text ?? '').includes(placeholder);
  if (isTemplate || (source.isStrong && source.hasText))
    findings.tricks.push({ kind: 'computed', what: 'a command that comes through xargs' });
  if (source.hasText && shellInside) findings.tricks.push({ kind: 'computed', what: 'code that comes through xargs' });
}

/** The program's name is not known before it runs. */
function judgeComputed(first: Item, inner: readonly Item[], judging: Judging): undefined {
  const { findings } = judging;
  const last = basename(first.field.text.split('\uFDD0').join(''));
  const opinion = destroys(
    last,
    inner.slice(1).map((item) => item.field),
  );
  if (opinion) findings.opinions.push(opinion);
  judgeSecrets('', inner, judging);
  findings.opinions.push(ask('command.computed', 'Which program it would run is only known when it runs: name the program instead.'));
  return unplannable(judging, 'The name of the program is not written in the command.');
}

function judgeNamed(
  program: string,
  items: readonly Item[],
  assignments: readonly Assignment[],
  unwrapped: Unwrapped,
  judging: Judging,
): Planned {
  const { findings } = judging;
  const args = items.slice(1);
  const texts = args.map((item) => item.field.text);
  judgeSecrets(program, items, judging);
  if (judging.scope.get(`alias ${program}`)) findings.tricks.push({ kind: 'computed', what: 'a command under another name' });
  const opinion = destroys(
    program,
    args.map((item) => item.field),
  );
  if (opinion) findings.opinions.push(opinion);
  if (judgeBuiltin(program, items, assignments, judging)) return unplannable(judging, `${program} works on the state of a shell.`);
  if (NETWORK.test(program) || (program === 'git' && gitReachesOut(texts))) findings.network = true;
  if (SHELLS.test(program)) {
    const pipelines = judgeShell(program, items, judging);
    if (pipelines && judging.isSole && unwrapped.wrappers.length === 0 && isPlainShellCall(items)) return { pipelines };
    return unplannable(judging, `${program} would read the text once more: give the command itself instead.`);
  }
  if (/^(?:su|flock|script|ssh|watch|parallel)$/.test(program)) judgeTextForShell(program, args, judging);
  if (texts.some((text) => /^\/dev\/(?:tcp|udp)\//.test(text)))
    findings.opinions.push(deny('command.network', 'It opens a connection by a side door of the shell.'));
  const more = isPlainProgram(items[0]?.field.text ?? '') ? moreThanReading(program, texts) : ('unknown' as const);
  if (more === undefined) judgeReading(program, args, unwrapped, judging);
  else judgeMore(program, more, items, judging);
  if (args.some((item) => /^\\?-/.test(item.field.pattern ?? ''))) {
    findings.opinions.push(ask('command.computed', `${program} would get names of files as options: write ./ in front of the pattern.`));
    return unplannable(judging, 'A pattern of file names begins with a hyphen.');
  }
  return args.every((item) => isKnown(item.field.text)) ? { items } : unplannable(judging, 'One of its words is only known when it runs.');
}

function judgeReading(program: string, args: readonly Item[], { wrappers }: Unwrapped, judging: Judging): void {
  const { findings } = judging;
  const takesFiles = !takesText(program);
  if (takesFiles) for (const item of args) if (!item.field.text.startsWith('-')) findings.reads.add(asJudged(item.field.text));
  const patterns = args.flatMap(({ field }) => (field.pattern === undefined ? [] : [field.pattern]));
  // What a pattern stands for never looks like an option: the runner puts ./ in front of a name that begins with a hyphen.
  const isOpen = wrappers.includes('xargs');
  const isHarmless =
    readsAnyArgument(program) ||
    /^(?:diff|column|rev|base64)$/.test(program) ||
    (!isOpen && (patterns.length === 0 || READS_NAMED_FILES.test(program)));
  if (program === 'git' && wrappers.some((name) => !/^(?:command|builtin|exec)$/.test(name))) {
    findings.opinions.push(
      ask('command.more-than-reading', `git behind ${wrappers.join(' ')} could run what the repository's settings name: call git itself.`, {
        program,
      }),
    );
  } else if (!isHarmless) {
    findings.opinions.push(ask('command.computed', `${program} would get names of files as arguments, and such a name can be an option.`));
  } else if (args.some((item) => /^\/etc\/(?:passwd|group)$/.test(item.field.text)) && takesFiles) {
    findings.opinions.push(ask('command.reads', `${program} lists the users of a machine.`, { program }));
  } else findings.opinions.push(reading(program));
}

function judgeMore(program: string, more: { why: string } | 'unknown', items: readonly Item[], judging: Judging): void {
  const { findings } = judging;
  const args = items.slice(1);
  const texts = args.map((item) => item.field.text);
  if (program === 'find' && judgeFindExec(args, judging)) return;
  if (program === 'git') {
    const setting = gitRunsBySetting(texts);
    if (setting !== undefined)
      findings.opinions.push(deny('command.hidden', `git would run another program because of ${nameForPeople(setting)}.`));
  }
  const runsBySwitch = texts.find((text) =>
    /^--(?:checkpoint-action|to-command|use-compress-program|rsh|pre|rmt-command|info-script|new-volume-script|compress-program)(?:=|$)|^-oProxyCommand|^ProxyCommand=/i.test(
      text,
    ),
  );
  if (runsBySwitch !== undefined)
    findings.opinions.push(deny('command.hidden', `${program} would run another program because of ${nameForPeople(runsBySwitch)}.`));
  if (/^(?:nc|ncat|netcat|socat)$/.test(program) && texts.some((text) => /^-[a-z]*[ec]$|^--(?:exec|sh-exec)|exec:|system:/i.test(text))) {
    findings.opinions.push(deny('command.network', `${program} would hand a shell to somebody in the network.`, { program }));
  }
  if (isInterpreter(program) && (more === 'unknown' || !WRITES.test(program)))
    judgeInterpreter(program, items, inlineCode(program, texts), judging);
  if (WRITES.test(program)) {
    for (const text of operandsOf(texts)) findings.writes.add(asJudged(text));
    const why = typeof more === 'object' ? more.why : undefined;
    if (program === 'sed') judgeInterpreter(program, items, inlineCode(program, texts), judging);
    findings.opinions.push(
      ask('command.writes', why === undefined ? `${program} changes files.` : `${program} may change files: ${why}.`, { program }),
    );
  } else if (typeof more === 'object')
    findings.opinions.push(ask('command.more-than-reading', `${program} is asked about: ${more.why}.`, { program }));
  if (findings.network && NETWORK.test(program))
    findings.opinions.push(ask('command.network', `${program} uses the network.`, { program }));
  if (more !== 'unknown' || WRITES.test(program) || isInterpreter(program) || NETWORK.test(program)) return judgeInside(items, judging);
  findings.opinions.push(
    ask(
      'command.unknown-program',
      `${nameForPeople(items[0]?.field.text ?? program)} is not one of the programs that are known to read only.`,
      { program: nameForPeople(items[0]?.field.text ?? program) },
    ),
  );
  judgeInside(items, judging);
}

/** A known danger in the arguments of a program that may be a wrapper: only a refusal is taken over. */
function judgeInside(items: readonly Item[], judging: Judging): void {
  if (judging.depth >= 4) return;
  for (const argv of innerPrograms(items.map((item) => item.field.text))) {
    const findings = createFindings();
    judging.budget.spend(20 + 4 * argv.length);
    judgeProgram(items.slice(items.length - argv.length), [], {
      ...judging,
      findings,
      depth: judging.depth + 2,
      isSole: false,
      before: [],
    });
    const refusal = findings.opinions.find((opinion) => opinion.verdict === 'deny' && /destroys|secret|protected/.test(opinion.code));
    if (refusal) judging.findings.opinions.push(refusal);
  }
}

/** `find … -exec program {} \;`: as harmless as the program is with any file. true = all is said. */
function judgeFindExec(args: readonly Item[], judging: Judging): boolean {
  const starts = args.flatMap((item, index) => (/^-(?:exec|execdir|ok|okdir)$/.test(item.field.text) ? [index] : []));
  if (starts.length === 0) return false;
  const { findings } = judging;
  let isHarmless = true;
  const outside: Item[] = [...args];
  for (const start of starts) {
    const length = args.slice(start + 1).findIndex((item) => /^(?:;|\+)$/.test(item.field.text));
    const items = args.slice(start + 1, length < 0 ? undefined : start + 1 + length);
    for (const item of items) outside.splice(outside.indexOf(item), 1);
    const first = items[0];
    if (!first) return false;
    const program = basename(first.field.text);
    findings.tricks.push(...wordTricks(first.word, 'command', judging.scope, judging.budget));
    isHarmless &&= readsAnyArgument(program) && !first.field.text.includes('/');
    judgeProgram(items, [], { ...judging, isSole: false, depth: judging.depth + (SHELLS.test(program) ? 0 : 1) });
  }
  const rest = outside.map((item) => item.field.text).filter((text) => !/^-(?:exec|execdir|ok|okdir)$/.test(text));
  if (!isHarmless || moreThanReading('find', rest) !== undefined) {
    findings.opinions.push(ask('command.more-than-reading', 'find would run another program for every file.'));
  } else findings.opinions.push(reading('find'));
  return true;
}

/** `su -c`, `ssh host command`, `watch`: a shell gets the words joined by blanks. */
function judgeTextForShell(program: string, args: readonly Item[], judging: Judging): void {
  judging.findings.interpreter = true;
  const at = args.findIndex((item) => /^-[a-z]*c$|^--command$/.test(item.field.text));
  const code = at >= 0 && program !== 'ssh' ? args[at + 1] : undefined;
  if (code) return void judgeCode(code, { ...judging, isSole: false }, program);
  for (const item of args) if (/[\s;|&]/.test(item.field.text)) judgeCode(item, { ...judging, isSole: false }, program);
}

/** Words that name something secret, wherever they stand; not where they are text, patterns or messages. */
function judgeSecrets(program: string, items: readonly Item[], judging: Judging): void {
  const { findings, isLast, hasRedirect } = judging;
  if (takesText(program) && isLast && !hasRedirect) return;
  const args = items.slice(program === '' ? 0 : 1);
  const isSearch = /^(?:grep|egrep|fgrep|rg|ag|sed|awk|gawk)$/.test(program);
  let patternSeen = false;
  for (const [index, { field }] of args.entries()) {
    const previous = args[index - 1]?.field.text ?? '';
    if (isSearch && !patternSeen && !field.text.startsWith('-') && !/[/~]/.test(field.text)) {
      patternSeen = true;
      continue;
    }
    if (
      program === 'find' &&
      /^-i?(?:name|path|wholename|regex)$/.test(previous) &&
      isLast &&
      !args.some((arg) => arg.field.text.startsWith('-exec'))
    )
      continue;
    if (/^(?:git|gh|hg|svn)$/.test(program) && /^(?:-[a-z]*m|--message|--title|--body|--grep|-S|-G)$/.test(previous)) continue;
    if (/^(?:git|rsync|tar|du|tree|ls)$/.test(program) && /^--(?:exclude|ignore)/.test(field.text)) continue;
    const secret = secretIn(field.text, field.pattern);
    if (secret !== undefined) {
      findings.opinions.push(
        deny('command.secret', `${program || 'It'} would touch ${secret}, where secrets or power over the machine are kept.`, {
          path: secret,
        }),
      );
      findings.reads.add(asJudged(field.text));
      return;
    }
  }
}
