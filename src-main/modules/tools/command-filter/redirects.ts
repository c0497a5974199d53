import type { Redirect, Redirection, ParsedScript } from 'unbash';
import type { PlannedRedirect } from './command-verdict.ts';
import { expandParts, expandToText, expandWord } from './expand-word.ts';
import { isProtectedFromWriting, secretIn } from './guarded-paths.ts';
import { unplannable, type Judging } from './judging.ts';
import { asExecuted, asJudged, isKnown } from './markers.ts';
import { ask, deny } from './opinion.ts';
import { wordTricks } from './word-tricks.ts';

/** Judges where input comes from and output goes; undefined = at least one of them cannot be planned. Notes known input in `judging.input`. */
export function judgeRedirects(redirections: readonly Redirection[], judging: Judging, isPlanned: boolean): PlannedRedirect[] | undefined {
  const planned: PlannedRedirect[] = [];
  let isComplete = true;
  for (const redirection of redirections) {
    judging.budget.spend(10);
    const result = judgeOne(redirection, judging);
    if (!result) isComplete = false;
    else planned.push(...result);
  }
  if (isComplete && isPlanned) return planned;
  return unplannable(judging, 'One of its redirections cannot be planned.');
}

function judgeOne(redirection: Redirection, judging: Judging): PlannedRedirect[] | undefined {
  const { findings } = judging;
  const descriptor = redirection.descriptor?.type === 'FileDescriptor' ? redirection.descriptor.value : undefined;
  if (redirection.descriptor?.type === 'FileDescriptorVariable') {
    findings.opinions.push(ask('command.state', 'It keeps a file open in a shell.'));
    return undefined;
  }
  if (redirection.type === 'HereDoc') {
    const { body } = redirection;
    const text = redirection.delimiter?.quoted === false && body.parts ? expandParts(body.parts, expandingOf(judging)) : body.text;
    if ((descriptor ?? 0) === 0) judging.input = { kind: 'document', text };
    // Tabs in front of the lines are taken away by `<<-`; that is left to whoever writes it.
    return isKnown(text) && redirection.operator === '<<' && redirection.closing
      ? [{ kind: 'text', descriptor: descriptor ?? 0, text: asExecuted(text) }]
      : undefined;
  }
  if (!redirection.target) return undefined;
  findings.tricks.push(...wordTricks(redirection.target, 'argument', judging.scope, judging.budget));
  if (redirection.type === 'HereString') {
    const text = expandToText(redirection.target, expandingOf(judging));
    if ((descriptor ?? 0) === 0) judging.input = { kind: 'string', text };
    return isKnown(text) ? [{ kind: 'text', descriptor: descriptor ?? 0, text: asExecuted(`${text}\n`) }] : undefined;
  }
  return judgeFile(redirection, descriptor, judging);
}

const expandingOf = (judging: Judging): Parameters<typeof expandWord>[1] => ({
  scope: judging.scope,
  budget: judging.budget,
  onScript: (script: ParsedScript) => {
    unplannable(judging, 'Its input is written by another command.');
    judging.findings.opinions.push(ask('command.computed', 'A part of its input is written by another command.'));
    judging.readScript(script, { ...judging, scope: judging.scope.fork(), isLast: false, isSole: false, isSure: false });
  },
});

function judgeFile(redirect: Redirect, descriptor: number | undefined, judging: Judging): PlannedRedirect[] | undefined {
  const { findings } = judging;
  const fields = redirect.target ? expandWord(redirect.target, expandingOf(judging)) : [];
  const [field] = fields;
  const { operator } = redirect;
  if (!field || fields.length > 1) {
    findings.opinions.push(ask('command.unknown-syntax', 'A redirection needs exactly one file.'));
    return undefined;
  }
  const path = field.text;
  if (operator === '>&' || operator === '<&') {
    if (/^\d$/.test(path)) return [{ kind: 'duplicate', descriptor: descriptor ?? (operator === '>&' ? 1 : 0), from: Number(path) }];
    if (operator === '<&' || /^\d?-$/.test(path) || descriptor !== undefined) {
      findings.opinions.push(ask('command.state', 'It moves or closes an open file.'));
      return undefined;
    }
  }
  if (/^\/dev\/(?:tcp|udp)\//.test(path)) {
    findings.network = true;
    findings.opinions.push(deny('command.network', 'It opens a connection by a side door of the shell.'));
    return undefined;
  }
  const secret = secretIn(path, field.pattern);
  if (secret !== undefined)
    findings.opinions.push(
      deny('command.secret', `It would touch ${secret}, where secrets or power over the machine are kept.`, { path: secret }),
    );
  const isPlain = isKnown(path) && field.pattern === undefined && path !== '';
  if (operator === '<') {
    if ((descriptor ?? 0) === 0) judging.input = { kind: 'file' };
    findings.reads.add(asJudged(path));
    if (!isPlain) findings.opinions.push(ask('command.computed', 'Which file it reads is only known when it runs.'));
    return isPlain ? [{ kind: 'read', descriptor: descriptor ?? 0, path: asExecuted(path) }] : undefined;
  }
  if (operator === '<>') {
    findings.opinions.push(ask('command.writes', 'It opens a file for reading and writing.'));
    return undefined;
  }
  judgeWriting(path, judging);
  if (!isPlain) return undefined;
  const kind = operator === '>>' || operator === '&>>' ? 'append' : 'write';
  const both = operator.startsWith('&') || operator === '>&';
  const planned: PlannedRedirect[] = [{ kind, descriptor: descriptor ?? 1, path: asExecuted(path) }];
  return both ? [...planned, { kind: 'duplicate', descriptor: 2, from: 1 }] : planned;
}

function judgeWriting(path: string, { findings }: Judging): void {
  if (/^\/dev\/(?:null|stdout|stderr)$/.test(path)) return;
  const shown = asJudged(path);
  findings.writes.add(shown);
  findings.opinions.push(
    isProtectedFromWriting(path)
      ? deny('command.protected', `It would write to ${shown}, which belongs to the system or decides what runs later.`, { path: shown })
      : ask('command.writes', `It writes to ${shown}.`, { path: shown }),
  );
}
