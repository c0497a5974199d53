import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

/*
 * sipp with scenarios of our own (test/fixtures/phone): exact SIP, no sound. Everything on loopback.
 */

export const SIPP = '/usr/bin/sipp';
export const noSipp = existsSync(SIPP) ? undefined : 'sipp is not installed (apt-get install sip-tester baresip-core)';

/** As a caller: `call-and-hang-up`, `ring-and-cancel`. As whoever is called: `answer`, `busy`, `no-answer`, `decline`, `ring-then-answer`. */
export type SippScenario = 'call-and-hang-up' | 'ring-and-cancel' | 'answer' | 'busy' | 'no-answer' | 'decline' | 'ring-then-answer';

export interface SippOptions {
  scenario: SippScenario;
  /** SIP port of whoever is called; for callers only. */
  target?: number;
  /** Number that is called. */
  number?: string;
  caller?: { number: string; name: string };
  /** How many calls in all, and how many begin a second. Default 1. */
  calls?: number;
  perSecond?: number;
  /** How long a call is held. */
  holdMs?: number;
  timeoutMs?: number;
  port?: number;
}

export interface Sipp {
  readonly port: number;
  /** Resolves when all calls are over: with how many went as the scenario says. */
  done: Promise<{ successful: number; failed: number; output: string }>;
  dispose(): Promise<void>;
}

const SCENARIOS = fileURLToPath(new URL('../fixtures/phone/', import.meta.url));

/** Starts it and, for those who are called, resolves when it listens. */
export async function startSipp(options: SippOptions): Promise<Sipp> {
  const { scenario, target, number = '600', caller = { number: '+491711234567', name: 'Anna' }, calls = 1, perSecond = 1 } = options;
  const { holdMs = 500, timeoutMs = 30_000, port = await freePort() } = options;
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-sipp-'));
  const statistics = join(folder, 'calls.csv');
  const settings = {
    '-sf': join(SCENARIOS, `${scenario}.xml`),
    '-i': '127.0.0.1',
    '-mi': '127.0.0.1',
    '-p': port,
    '-m': calls,
    '-d': holdMs,
    '-stf': statistics,
    '-fd': 1,
    '-timeout': `${Math.ceil(timeoutMs / 1000)}s`,
    '-error_file': join(folder, 'errors.log'),
  };
  const names = ['-key', 'caller_number', caller.number, '-key', 'caller_name', caller.name];
  const callee = target === undefined ? [] : [`127.0.0.1:${target}`, '-s', number, '-r', String(perSecond)];
  const child = spawn(
    SIPP,
    [...callee, ...Object.entries(settings).flat().map(String), ...names, '-nostdin', '-trace_stat', '-trace_err', '-timeout_error'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { TERM: 'dumb', PATH: '/usr/bin:/bin' } },
  );
  let output = '';
  const keep = (piece: Buffer): void => void (output = (output + piece.toString()).slice(-20_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const done = ended.then(async () => {
    const counts = countsIn(await readFile(statistics, 'utf8').catch(() => ''));
    const errors = (await readdir(folder)).includes('errors.log') ? await readFile(join(folder, 'errors.log'), 'utf8') : '';
    await rm(folder, { recursive: true, force: true });
    return { ...counts, output: `${errors}\n${output}`.slice(-8_000) };
  });
  // A scenario that it does not understand ends it at once; who is called must listen before anybody calls.
  const early = await Promise.race([done, pause(300, undefined, { ref: false })]);
  if (early !== undefined && child.exitCode !== 0 && early.successful + early.failed === 0)
    throw new Error(`sipp did not start:\n${early.output}`);
  return {
    port,
    done,
    async dispose() {
      child.kill('SIGKILL');
      await done;
    },
  };
}

/** The last line of the statistics, by the names in the first. */
function countsIn(csv: string): { successful: number; failed: number } {
  const lines = csv.trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.length > 1 ? (lines.at(-1)?.split(';') ?? []) : [];
  const valueOf = (name: string): number => Number(values[names.indexOf(name)] ?? 0);
  return { successful: valueOf('SuccessfulCall(C)'), failed: valueOf('FailedCall(C)') };
}
