import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../../base/clock.ts';
import { AppError, isAbort, toErrorData } from '../../base/errors.ts';
import { readEnvironment } from '../../platform/config/environment.ts';
import { formatBytes } from './format-bytes.ts';
import { freeBytesOf } from './free-space.ts';
import { createHostReach } from './host-reach.ts';
import { installModel, sweepDownloads } from './install-model.ts';
import type { InstallEnvironment } from './install-model.ts';
import { packNames, readManifest, sizeOf, thisPlatform } from './manifest.ts';
import { lookAt, readCatalogue } from './model-catalogue.ts';
import type { KnownModel } from './model-catalogue.ts';
import { unknownModel, unknownPack } from './model-errors.ts';
import { createPackageClient } from './package-client.ts';
import { verifyModel } from './receipt.ts';

/*
 * The models from the command line: set-up calls it, and people repair with it. Runs from source under Node 24:
 *   node src-main/inference/models/models-command.ts install --pack starter
 */

const HELP = `Usage: models-command.ts <command> [options]

  install   fetch a pack and check it; what is there and right is kept
  verify    hash every installed file again
  list      show all models

  --pack <name>    the pack to install (default: starter)
  --only <id,id>   only these models, of whatever pack
  --json           one JSON object per line
  --help

Exit codes: 0 done, 1 something failed (run it again: it goes on where it stopped), 2 wrong usage, 130 stopped.
`;

/**
 * What `--json` prints, one per line. Sizes in bytes; `doneBytes` and `totalBytes` of a progress line cover all models of this run. `models` of the
 * last line counts those that are whole, `fetched` those of them that were not before.
 */
export type CommandEvent =
  | { type: 'progress'; modelId: string; doneBytes: number; totalBytes: number; bytesPerSecond: number; secondsLeft: number | null }
  | { type: 'stage'; modelId: string; stage: 'waiting' | 'verifying' }
  | { type: 'model'; modelId: string; name: string; state: string; sizeBytes: number; job?: string; packs?: string[] }
  | { type: 'error'; modelId?: string; code: string; message: string }
  | { type: 'done'; ok: boolean; models: number; fetched: number; elapsedMs: number };

/** A call of the command, its output and its stop signal as parameters for tests. */
export interface CommandOptions {
  args: readonly string[];
  environment: InstallEnvironment;
  signal: AbortSignal;
  print: (line: string) => void;
}

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_STOPPED = 130;
const PARALLEL_MODELS = 2;
const PRINT_EVERY_MS = 1000;
const KEEP_PARTIAL_MS = 14 * 24 * 3_600_000;

/** Runs one command; resolves with the exit code. Never rejects. */
export async function runModelsCommand(options: CommandOptions): Promise<number> {
  const startedMs = performance.now();
  let emit: (event: CommandEvent) => void = (event) => options.print(JSON.stringify(event));
  try {
    const { values, positionals } = readArguments(options.args);
    if (values.help || positionals.length === 0) {
      options.print(HELP);
      return values.help ? 0 : EXIT_USAGE;
    }
    if (!values.json) emit = (event) => printForPeople(event, options.print);
    const manifest = await readManifest(options.environment.shippedDirectory);
    const models = await readCatalogue(manifest, options.environment.modelsDirectory, options.environment.platform);
    const chosen = choose(models, values, positionals[0] === 'install', packNames(manifest));
    const outcome = await runOne(positionals[0] ?? '', chosen, options, emit);
    emit({
      type: 'done',
      ok: outcome.failed === 0,
      models: outcome.whole,
      fetched: outcome.fetched,
      elapsedMs: Math.round(performance.now() - startedMs),
    });
    if (options.signal.aborted) return EXIT_STOPPED;
    return outcome.failed === 0 ? 0 : EXIT_FAILED;
  } catch (error) {
    const { code, message } = toErrorData(error);
    emit({ type: 'error', code, message });
    if (options.signal.aborted) return EXIT_STOPPED;
    return code === 'command.usage' ? EXIT_USAGE : EXIT_FAILED;
  }
}

interface Flags {
  pack?: string | undefined;
  only?: string | undefined;
  json?: boolean | undefined;
  help?: boolean | undefined;
}

function readArguments(args: readonly string[]): { values: Flags; positionals: string[] } {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { pack: { type: 'string' }, only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(reason: string): AppError {
  return new AppError('command.usage', `${reason}. "--help" shows what there is.`);
}

/** `--only` names models of any pack; else install takes the pack and the other commands take everything. */
function choose(models: readonly KnownModel[], flags: Flags, isInstall: boolean, packs: readonly string[]): KnownModel[] {
  if (flags.only !== undefined) {
    return flags.only.split(',').map((id) => {
      const known = models.find(({ model }) => model.id === id);
      if (!known) throw unknownModel(id);
      return known;
    });
  }
  if (!isInstall && flags.pack === undefined) return [...models];
  const pack = flags.pack ?? 'starter';
  if (!packs.includes(pack)) throw unknownPack(pack, packs);
  return models.filter(({ model }) => model.packs.includes(pack));
}

interface Outcome {
  whole: number;
  failed: number;
  fetched: number;
}

function runOne(
  command: string,
  models: readonly KnownModel[],
  options: CommandOptions,
  emit: (event: CommandEvent) => void,
): Promise<Outcome> {
  switch (command) {
    case 'install':
      return install(models, options, emit);
    case 'verify':
      return verify(models, options, emit);
    case 'list':
      return list(models, emit);
    default:
      throw usage(`There is no command "${command}"`);
  }
}

/** Some models at a time; one that fails does not keep the others from being fetched. */
async function install(models: readonly KnownModel[], options: CommandOptions, emit: (event: CommandEvent) => void): Promise<Outcome> {
  const outcome: Outcome = { whole: 0, failed: 0, fetched: 0 };
  const total = createTotal(models, emit);
  const queue = [...models];
  await sweepDownloads(KEEP_PARTIAL_MS, options.environment);
  const installOne = async ({ model, files }: KnownModel): Promise<void> => {
    let state = 'ready';
    try {
      const { fetched } = await installModel(
        model,
        {
          signal: options.signal,
          onStage: (stage) =>
            stage.stage === 'downloading'
              ? total.progress(model.id, stage.progress)
              : emit({ type: 'stage', modelId: model.id, stage: stage.stage }),
        },
        options.environment,
      );
      if (fetched.length > 0) outcome.fetched += 1;
      state = fetched.length > 0 ? 'installed' : 'ready';
    } catch (error) {
      outcome.failed += 1;
      if (options.signal.aborted || isAbort(error)) return;
      const { code, message } = toErrorData(error);
      emit({ type: 'error', modelId: model.id, code, message });
      return;
    }
    outcome.whole += 1;
    total.finished(model.id);
    emit({ type: 'model', modelId: model.id, name: model.name, state, sizeBytes: sizeOf(files) });
  };
  const lane = async (): Promise<void> => {
    for (let known = queue.shift(); known && !options.signal.aborted; known = queue.shift()) await installOne(known);
  };
  await Promise.all(Array.from({ length: PARALLEL_MODELS }, lane));
  return outcome;
}

/** Adds up the models of a run: one whose download has not begun counts with its size, one that was there already not at all. */
function createTotal(models: readonly KnownModel[], emit: (event: CommandEvent) => void) {
  const parts = new Map(models.map(({ model, files }) => [model.id, { received: 0, total: sizeOf(files), speed: 0, begun: false }]));
  let printedMs = Number.NEGATIVE_INFINITY;
  const sum = (read: (part: { received: number; total: number; speed: number }) => number): number =>
    [...parts.values()].reduce((total, part) => total + read(part), 0);
  const print = (modelId: string): void => {
    printedMs = performance.now();
    const doneBytes = sum((part) => part.received);
    const totalBytes = sum((part) => part.total);
    const bytesPerSecond = sum((part) => part.speed);
    const secondsLeft = bytesPerSecond > 0 ? Math.ceil((totalBytes - doneBytes) / bytesPerSecond) : null;
    emit({ type: 'progress', modelId, doneBytes, totalBytes, bytesPerSecond, secondsLeft });
  };
  return {
    progress(modelId: string, progress: { receivedBytes: number; totalBytes: number; bytesPerSecond: number }): void {
      parts.set(modelId, { received: progress.receivedBytes, total: progress.totalBytes, speed: progress.bytesPerSecond, begun: true });
      if (performance.now() - printedMs >= PRINT_EVERY_MS) print(modelId);
    },
    finished(modelId: string): void {
      const part = parts.get(modelId);
      if (!part?.begun) {
        parts.delete(modelId);
        return;
      }
      parts.set(modelId, { ...part, received: part.total, speed: 0 });
      print(modelId);
    },
  };
}

async function verify(models: readonly KnownModel[], options: CommandOptions, emit: (event: CommandEvent) => void): Promise<Outcome> {
  const outcome: Outcome = { whole: 0, failed: 0, fetched: 0 };
  for (const known of models) {
    const { model, files, place } = known;
    if ((await lookAt(known)).state === 'absent') continue;
    try {
      await verifyModel(model, files, place, { depth: 'thorough', signal: options.signal, wallMs: options.environment.clock.wallMs() });
      outcome.whole += 1;
      emit({ type: 'model', modelId: model.id, name: model.name, state: 'good', sizeBytes: sizeOf(files) });
    } catch (error) {
      options.signal.throwIfAborted();
      outcome.failed += 1;
      const { code, message } = toErrorData(error);
      emit({ type: 'error', modelId: model.id, code, message });
    }
  }
  return outcome;
}

async function list(models: readonly KnownModel[], emit: (event: CommandEvent) => void): Promise<Outcome> {
  const outcome: Outcome = { whole: 0, failed: 0, fetched: 0 };
  for (const known of models) {
    const { id, name, job, packs } = known.model;
    const { state } = await lookAt(known);
    if (state === 'installed') outcome.whole += 1;
    emit({ type: 'model', modelId: id, name, state, sizeBytes: sizeOf(known.files), job, packs });
  }
  return outcome;
}

function printForPeople(event: CommandEvent, print: (line: string) => void): void {
  switch (event.type) {
    case 'progress': {
      const left = event.secondsLeft === null ? '' : `, ${event.secondsLeft} s left`;
      print(
        `${event.modelId}: ${formatBytes(event.doneBytes)} of ${formatBytes(event.totalBytes)} at ${formatBytes(event.bytesPerSecond)}/s${left}`,
      );
      break;
    }
    case 'stage':
      print(`${event.modelId}: ${event.stage === 'waiting' ? 'another process installs it, waiting' : 'checking'}`);
      break;
    case 'model':
      print(
        `${event.modelId}: ${event.state} (${event.name}, ${formatBytes(event.sizeBytes)}${event.packs ? `, ${event.packs.join(' ')}` : ''})`,
      );
      break;
    case 'error':
      print(`${event.modelId === undefined ? '' : `${event.modelId}: `}${event.message} (${event.code})`);
      break;
    case 'done':
      print(
        `${event.ok ? 'Done' : 'Not complete'}: ${event.models} models are here, ${event.fetched} of them new (${(event.elapsedMs / 1000).toFixed(1)} s)`,
      );
      break;
  }
}

async function main(): Promise<void> {
  const { modelsDirectory, cacheDirectory } = readEnvironment();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const clock = systemClock;
  process.exitCode = await runModelsCommand({
    args: process.argv.slice(2),
    environment: {
      modelsDirectory,
      cacheDirectory,
      shippedDirectory: fileURLToPath(new URL('../../../models/', import.meta.url)),
      platform: thisPlatform,
      clock,
      hosts: createHostReach({ clock }),
      packages: createPackageClient({ clock }),
      freeBytes: freeBytesOf,
    },
    signal: stop.signal,
    print: (line) => console.log(line.trimEnd()),
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
