import { z } from 'zod';
import type { Config } from '../../../platform/config/index.ts';
import type { CommandPlan, CommandVerdict, JudgeCommand, PlannedProcess } from '../command-filter/command-verdict.ts';
import type { Sandbox, SandboxGrant, SandboxResult } from '../sandbox/sandbox.ts';
import { defineTool } from '../define-tool.ts';
import { planWords } from '../plan-words.ts';
import { strictest } from '../policy.ts';
import { stableText } from '../tool-text.ts';
import { isHostAllowed, parseHosts } from '../host-rules.ts';
import { allowedHosts } from '../tools-config.ts';
import { toolReason } from '../tools-errors.ts';
import type { Tool, ToolPlan } from '../tools.ts';
import type { Workspace } from '../workspace.ts';
import type { ToolRight } from '../../../../src-preload/contract/index.ts';
import type { ErrorData } from '../../../base/errors.ts';

/** From then on the turn goes on without it. */
const BACKGROUND_AFTER_MS = 10_000;
const TIMEOUT_MS = 30_000;
/** What the executor lets it have in the background. */
const WHOLE_TIME_MS = TIMEOUT_MS * 20;

interface RunCommandDependencies {
  judge: JudgeCommand;
  sandbox: Sandbox;
  workspace: Pick<Workspace, 'folder'>;
  config: Pick<Config, 'get'>;
}

const input = z.object({
  command: z
    .string()
    .trim()
    .min(1)
    .max(8_000)
    .describe('One POSIX command line; pipes, && and || are understood. No shell runs: $(…), loops and functions are refused.'),
  writes: z.boolean().default(false).describe('True when it must change files of the workspace'),
  hosts: z
    .array(z.string().trim().toLowerCase().min(1).max(255))
    .max(10)
    .default([])
    .describe('Host names it must reach; without them there is no network'),
});

/** A command in the locked room: judged, planned as argv, and exactly that is run. */
export function createRunCommandTool(deps: RunCommandDependencies): Tool {
  const { judge, sandbox, workspace, config } = deps;
  return defineTool({
    name: 'run_command',
    title: 'Run a command',
    description:
      'Runs a command of Linux (ls, df, grep, wc, date …) in a locked room. The workspace is its working folder; there is no network unless hosts are named.',
    keywords: ['shell', 'terminal', 'bash', 'disk', 'space', 'program', 'befehl', 'kommando', 'programm', 'ausführen', 'speicherplatz'],
    isCommon: true,
    input,
    rights: ['run-command', 'write-files', 'network'],
    risk: 'low',
    cost: 8,
    timeoutMs: TIMEOUT_MS,
    backgroundAfterMs: BACKGROUND_AFTER_MS,
    unavailable() {
      const { state, problem } = sandbox.status();
      // Built or woken at the first run.
      if (state === 'ready' || state === 'unknown') return undefined;
      return state === 'missing' || problem === null ? toolReason('tools.no-docker') : problem;
    },
    async plan(request) {
      const judged = judge(request.command, { shell: 'posix' });
      const folder = await workspace.folder();
      const writes = request.writes || judged.writes.length > 0;
      return planOf(judged, { ...request, writes }, folder, {
        hosts: parseHosts(config.get(allowedHosts)),
        image: sandbox.status().imageDigest ?? '',
      });
    },
    async run(request, { signal, onProgress }) {
      // Judged again: only what was judged can run, and the judgement is pure.
      const judged = judge(request.command, { shell: 'posix' });
      if (!judged.plan || judged.verdict === 'deny') return { text: judged.reason, outside: false };
      const writes = request.writes || judged.writes.length > 0;
      const grant: SandboxGrant = {
        workspace: { access: writes ? 'write' : 'read', folder: await workspace.folder() },
        hosts: request.hosts,
      };
      const result = await sandbox.run({ plan: judged.plan, grant, timeoutMs: WHOLE_TIME_MS, signal, onOutput: onProgress });
      signal.throwIfAborted();
      return { text: textOf(result), outside: true };
    },
  });
}

function planOf(
  judged: CommandVerdict,
  request: z.infer<typeof input>,
  folder: string,
  known: { hosts: readonly string[]; image: string },
): ToolPlan {
  const reasons: ErrorData[] = [];
  if (judged.verdict !== 'allow') reasons.push({ code: judged.code, message: judged.reason, details: judged.about ?? {} });
  const strangers = request.hosts.filter((host) => !isHostAllowed(host, 443, known.hosts) && !known.hosts.includes(host));
  for (const host of strangers) reasons.push(toolReason('tools.host-not-allowed', { host }));
  const rights: ToolRight[] = ['run-command'];
  if (request.writes) rights.push('write-files');
  if (request.hosts.length > 0) rights.push('network');
  const { plan } = judged;
  const command = plan === undefined ? request.command : commandText(plan);
  // What was not understood completely never runs, whatever anybody answers.
  const own = plan === undefined || strangers.length > 0 ? 'deny' : judged.verdict;
  const grant = { folder, access: request.writes ? 'write' : 'read', hosts: request.hosts.toSorted(), image: known.image };
  return {
    ...planWords('run-command', { command }),
    details: [
      { name: 'command', text: command },
      { name: 'folder', text: folder },
      request.writes
        ? { name: 'files', text: 'read and write', code: 'read-write' }
        : { name: 'files', text: 'read only', code: 'read-only' },
      request.hosts.length === 0 ? { name: 'network', text: 'none', code: 'none' } : { name: 'network', text: request.hosts.join(', ') },
    ],
    sandboxed: true,
    verdict: strictest([own]),
    reasons,
    rights,
    rememberKey: plan === undefined || judged.hasInterpreter ? undefined : stableText({ plan, grant }),
  };
}

/** The planned argv, quoted so that a person can tell the words apart. */
function commandText({ pipelines }: CommandPlan): string {
  const joints = { always: ' ; ', 'if-ok': ' && ', 'if-failed': ' || ' };
  return pipelines
    .map(({ processes, runs }, index) => `${index === 0 ? '' : joints[runs]}${processes.map(processText).join(' | ')}`)
    .join('');
}

function processText({ argv, env, redirects, patterns = [] }: PlannedProcess): string {
  const signs = { read: '<', write: '>', append: '>>' };
  const prefix = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  const suffix = redirects.map((redirect) => {
    if (redirect.kind === 'duplicate') return `${redirect.descriptor}>&${redirect.from}`;
    if (redirect.kind === 'text') return `${redirect.descriptor === 0 ? '' : redirect.descriptor}<<< ${quoted(redirect.text)}`;
    const isUsual = redirect.descriptor === (redirect.kind === 'read' ? 0 : 1);
    return `${isUsual ? '' : redirect.descriptor}${signs[redirect.kind]} ${quoted(redirect.path)}`;
  });
  const words = argv.map((word, index) => (patterns.includes(index) ? word : quoted(word)));
  return [...prefix, ...words, ...suffix].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

const ENDINGS: Record<SandboxResult['ended'], string> = {
  exit: '',
  timeout: '[ended: it took too long]',
  memory: '[ended: it used too much memory]',
  stopped: '[ended: stopped]',
  flooded: '[ended: too much output]',
};

function textOf({ ended, exitCode, stdout, stderr, truncated }: SandboxResult): string {
  const parts = [stdout.trimEnd()];
  if (stderr.trim() !== '') parts.push(`[errors]\n${stderr.trimEnd()}`);
  if (ended !== 'exit') parts.push(ENDINGS[ended]);
  else if (exitCode !== 0) parts.push(`[exit code ${exitCode ?? 'unknown'}]`);
  if (truncated && ended !== 'flooded') parts.push('[output was cut]');
  const text = parts.filter(Boolean).join('\n');
  return text === '' ? '(no output)' : text;
}
