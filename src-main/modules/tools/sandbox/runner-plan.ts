import type { CommandPlan, PlannedProcess, PlannedRedirect } from '../command-filter/command-verdict.ts';
import { refused } from './sandbox-errors.ts';

/** The runner knows the plans of this version only. */
const VERSION = '2';

export interface RunnerOrder {
  plan: CommandPlan;
  stdin: string | undefined;
  /** Where it starts, inside. */
  folder: string;
  /** The runner's own deadline, should the app be gone; whole seconds. */
  seconds: number;
  /** Starts the forwarder to the proxy. */
  network: boolean;
}

/** What the runner reads: the length of all, then strings after their lengths. Refuses what a program could not be given (NUL). */
export function encodeOrder({ plan, stdin, folder, seconds, network }: RunnerOrder): Buffer {
  const words = [
    VERSION,
    String(seconds),
    folder,
    network ? '1' : '0',
    ...(stdin === undefined ? ['0'] : ['1', stdin]),
    ...list(plan.pipelines, ({ runs, processes }) => [runs, ...list(processes, processWords)]),
  ];
  const parts = words.map((word) => sized(Buffer.from(word, 'utf8')));
  return sized(Buffer.concat(parts));
}

function processWords(process: PlannedProcess): string[] {
  const { argv, env, redirects } = process;
  if (argv.length === 0 || argv[0] === '') throw refused('a command without a program');
  const words = [
    ...list(argv, (word) => [word]),
    ...list(patternsOf(process), (index) => [String(index)]),
    process.startsNothing === true ? '1' : '0',
    ...list(Object.entries(env), ([name, value]) => [name, value]),
    ...list(redirects, redirectWords),
  ];
  if (words.some((word) => word.includes('\0'))) throw refused('a command with a NUL character in it');
  return words;
}

/** The words of argv that are file name patterns. */
const patternsOf = (process: PlannedProcess): readonly number[] => process.patterns ?? [];

function redirectWords(redirect: PlannedRedirect): string[] {
  const descriptor = String(redirect.descriptor);
  switch (redirect.kind) {
    case 'duplicate':
      return ['duplicate', descriptor, String(redirect.from)];
    case 'text':
      return ['text', descriptor, redirect.text];
    case 'read':
    case 'write':
    case 'append':
      return [redirect.kind, descriptor, redirect.path];
  }
}

function list<Item>(items: readonly Item[], words: (item: Item) => string[]): string[] {
  return [String(items.length), ...items.flatMap(words)];
}

function sized(bytes: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(bytes.length);
  return Buffer.concat([head, bytes]);
}
