import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { toErrorData } from '../../../base/errors.ts';
import type { SandboxStatus } from '../../../../src-preload/contract/index.ts';
import type { CommandPlan, CommandVerdict, JudgeCommand } from '../command-filter/command-verdict.ts';
import type { Sandbox, SandboxExplanation, SandboxGrant } from './sandbox.ts';

export const sandboxHelp = `npm run sandbox -- COMMAND

  status            whether commands can run, and what is missing
  prepare           builds the image that they run in
  explain "cmd"     what would happen: verdict, programs, walls; nothing runs
  run "cmd"         runs it behind the walls, if the filter does not deny it

  --workspace DIR   shows a folder of yours at /workspace, to be read
  --write           … and to be written
  --host NAME       lets a host through (again for more; *.example.org for its subdomains)
  --timeout S       seconds, 30 when not said
  --json            one JSON object instead of words`;

const DEFAULT_SECONDS = 30;
const MOST_SECONDS = 600;

export interface SandboxCommandDeps {
  args: readonly string[];
  sandbox: Sandbox;
  judge: JudgeCommand;
  print: (text: string) => void;
  printError: (text: string) => void;
  signal: AbortSignal;
}

interface Options {
  command: string;
  text: string;
  grant: SandboxGrant;
  timeoutMs: number;
  json: boolean;
}

/** `npm run sandbox`. Resolves with the exit code: that of the command, 1 = it failed, 2 = asked wrongly, 126 = denied. */
export async function runSandboxCommand(deps: SandboxCommandDeps): Promise<number> {
  const options = readOptions(deps.args);
  if (typeof options === 'string') {
    deps.printError(`${options}\n\n${sandboxHelp}`);
    return 2;
  }
  try {
    switch (options.command) {
      case 'status':
        return showStatus(deps, options, await deps.sandbox.refresh());
      case 'prepare':
        return await prepare(deps, options);
      case 'explain':
        return await explain(deps, options);
      default:
        return await run(deps, options);
    }
  } catch (error) {
    const data = toErrorData(error);
    if (options.json) deps.print(JSON.stringify({ error: data }));
    else deps.printError(data.message);
    return 1;
  }
}

/** What was asked, or what is wrong with it. */
function readOptions(args: readonly string[]): Options | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        workspace: { type: 'string' },
        write: { type: 'boolean', default: false },
        host: { type: 'string', multiple: true, default: [] },
        timeout: { type: 'string', default: String(DEFAULT_SECONDS) },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [command = '', ...words] = positionals;
  if (!['status', 'prepare', 'explain', 'run'].includes(command))
    return command === '' ? 'Say what to do.' : `There is no command "${command}".`;
  const text = words.join(' ');
  if ((command === 'explain' || command === 'run') && text.trim() === '') return `Say what to ${command}, in quotes.`;
  const seconds = Number(values.timeout);
  if (!(seconds > 0 && seconds <= MOST_SECONDS)) return `--timeout takes seconds, at most ${MOST_SECONDS}.`;
  if (values.write && values.workspace === undefined) return '--write needs --workspace DIR.';
  const folder = values.workspace;
  return {
    command,
    text,
    timeoutMs: seconds * 1000,
    json: values.json,
    grant: {
      workspace:
        folder === undefined
          ? { access: 'none' }
          : { access: values.write ? 'write' : 'read', folder: isAbsolute(folder) ? folder : resolve(folder) },
      hosts: values.host,
    },
  };
}

function showStatus({ print }: SandboxCommandDeps, { json }: Options, status: SandboxStatus): number {
  print(json ? JSON.stringify(status) : statusLines(status).join('\n'));
  return status.state === 'ready' ? 0 : 1;
}

async function prepare(deps: SandboxCommandDeps, options: Options): Promise<number> {
  let shown = -1;
  const stopTelling = deps.sandbox.onStatus(({ state, progress }) => {
    const tenth = Math.floor((progress ?? 0) * 10);
    if (state !== 'building' || tenth === shown) return;
    shown = tenth;
    if (!options.json) deps.printError(`Building the image: ${tenth * 10} %`);
  });
  try {
    return showStatus(deps, options, await deps.sandbox.prepare());
  } finally {
    stopTelling();
  }
}

async function explain(deps: SandboxCommandDeps, { text, grant, timeoutMs, json }: Options): Promise<number> {
  const { sandbox, judge, print } = deps;
  const verdict = judge(text);
  const status = await sandbox.refresh();
  const explanation = await sandbox.explain({ grant, timeoutMs });
  if (json) print(JSON.stringify({ verdict, status, explanation }));
  else print([...verdictLines(verdict), ...wallLines(explanation), ...statusLines(status)].join('\n'));
  return 0;
}

async function run(deps: SandboxCommandDeps, { text, grant, timeoutMs, json }: Options): Promise<number> {
  const { sandbox, judge, print, printError, signal } = deps;
  const verdict = judge(text);
  // Who types it here has asked for it: only what is denied, or was not understood, does not run.
  if (verdict.verdict === 'deny' || !verdict.plan) {
    if (json) print(JSON.stringify({ verdict }));
    else printError(verdictLines(verdict).join('\n'));
    return 126;
  }
  const result = await sandbox.run({ plan: verdict.plan, grant, timeoutMs, signal });
  if (json) print(JSON.stringify({ verdict, result }));
  else {
    if (result.stdout !== '') print(result.stdout.replace(/\n$/, ''));
    if (result.stderr !== '') printError(result.stderr.replace(/\n$/, ''));
    if (result.ended !== 'exit') printError(`Ended: ${result.ended} after ${result.durationMs} ms.`);
    if (result.truncated) printError('There was more output than is kept.');
  }
  return result.exitCode ?? 1;
}

const line = (name: string, text: string): string => `${name.padEnd(9)} ${text}`;

function statusLines({ state, engine, runc, gvisor, imageDigest, problem }: SandboxStatus): string[] {
  const old = runc?.outdated === true ? ', older than the fixes of November 2025: update Docker' : '';
  return [
    line('sandbox', state),
    ...(engine === null ? [] : [line('engine', `${engine}${runc ? `, runc ${runc.version}${old}` : ''}${gvisor ? ', gVisor' : ''}`)]),
    ...(imageDigest === null ? [] : [line('image', imageDigest)]),
    ...(problem === null ? [] : [line('problem', problem.message)]),
  ];
}

function verdictLines({ verdict, reason, obfuscated, plan }: CommandVerdict): string[] {
  return [
    line('verdict', `${verdict}${obfuscated ? ', obfuscated' : ''}: ${reason}`),
    ...(plan ? planLines(plan) : [line('runs', 'nothing: it was not understood completely')]),
  ];
}

/** Each word in JSON quotes, so that nobody takes two for one. */
function planLines({ pipelines }: CommandPlan): string[] {
  return pipelines.flatMap(({ processes, runs }) =>
    processes.map(({ argv, patterns = [], redirects }, index) => {
      const joint = index > 0 ? 'pipe' : { always: 'runs', 'if-ok': 'if ok', 'if-failed': 'if failed' }[runs];
      const aside = redirects.map((redirect) => JSON.stringify(redirect)).join(' ');
      const names = patterns.length === 0 ? '' : `, file names for ${patterns.map((place) => argv[place]).join(' ')}`;
      return line(joint, `${JSON.stringify(argv)}${names}${aside === '' ? '' : ` ${aside}`}`);
    }),
  );
}

function wallLines({ image, runtime, user, network, mounts, limits }: SandboxExplanation): string[] {
  const mebibytes = Math.round(limits.memoryBytes / 1024 ** 2);
  return [
    line('runtime', `${runtime}, user ${user}, read-only root, no capabilities, no new privileges, own seccomp profile`),
    line('network', network),
    ...mounts.map(({ from, to, access }) => line('mount', `${from} at ${to}, ${access === 'read' ? 'read only' : 'read and write'}`)),
    line(
      'limits',
      `${mebibytes} MiB memory, ${limits.processes} processes, ${limits.cpus} CPU, ${limits.timeoutMs / 1000} s, ${Math.round(limits.outputBytes / 1024)} KiB of each output`,
    ),
    line('wanted', image),
  ];
}
