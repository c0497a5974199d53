import { parseArgs } from 'node:util';
import type { Bridge, CallLogEntry, PhoneCall, PhoneCheck, PhoneStatus } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/dispose.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import { checkLines, callLine, logLine, statusLines } from './phone-lines.ts';

/** What the command needs of the world. */
export interface PhoneCommandDependencies {
  /** To the running app. Rejects with a sentence when there is none. */
  connect: () => Promise<Pick<Bridge, 'call' | 'on'> & Disposable>;
  print: (line: string) => void;
  complain: (line: string) => void;
}

const HELP = `npm run phone -- COMMAND [--json]

  status                  whether the telephone works, and calls under way
  call NUMBER             calls: the window rings for you first. You are asked in the window before anything is dialled
    --purpose TEXT        the assistant calls instead, for this
    --wait                ends when the call has ended
  hangup [CALL]           ends this call, or all
  log [--limit N] [--query WORDS]
                          the last calls, newest first
  doctor                  checks every part and says how to mend it; exit code 1 when something is wrong

With --json the answer is one JSON value on standard output, also for errors: {"error":{"code","message","details"}}.`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  wait: { type: 'boolean', default: false },
  purpose: { type: 'string' },
  limit: { type: 'string', default: '20' },
  query: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Connection = Awaited<ReturnType<PhoneCommandDependencies['connect']>>;
interface Wish {
  name: string;
  operands: readonly string[];
  purpose: string | undefined;
  query: string | undefined;
  limit: number;
  wait: boolean;
  json: boolean;
}
/** What is printed: as JSON, or as lines. */
interface Answer {
  value: unknown;
  lines: readonly string[];
  exitCode?: number;
}

/** Runs one command and resolves with the exit code: 0 done, 1 not possible (a sentence says why), 2 not understood. */
export async function runPhoneCommand(args: readonly string[], { connect, print, complain }: PhoneCommandDependencies): Promise<number> {
  const wish = readWish(args);
  if (wish === 'help') {
    print(HELP);
    return 0;
  }
  if (wish === undefined) {
    complain(HELP);
    return 2;
  }
  let connection: Connection | undefined;
  try {
    connection = await connect();
    const answer = await carryOut(wish, connection, wish.json ? () => undefined : complain);
    if (wish.json) print(JSON.stringify(answer.value));
    else for (const line of answer.lines) print(line);
    return answer.exitCode ?? 0;
  } catch (error) {
    const data = toErrorData(error);
    complain(data.message);
    if (wish.json) print(JSON.stringify({ error: data }));
    return 1;
  } finally {
    await connection?.dispose();
  }
}

function readWish(args: readonly string[]): Wish | 'help' | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    if (values.help) return 'help';
    const [name, ...operands] = positionals;
    const limit = Number(values.limit);
    const counts: Record<string, readonly [least: number, most: number]> = {
      status: [0, 0],
      call: [1, 8],
      hangup: [0, 1],
      log: [0, 0],
      doctor: [0, 0],
    };
    const [least, most] = counts[name ?? ''] ?? [1, 0];
    if (name === undefined || operands.length < least || operands.length > most) return undefined;
    if (!Number.isInteger(limit) || limit < 1 || limit > 200) return undefined;
    return { name, operands, purpose: values.purpose, query: values.query, limit, wait: values.wait, json: values.json };
  } catch {
    // An option that there is not.
    return undefined;
  }
}

function carryOut(wish: Wish, bridge: Connection, inform: (line: string) => void): Promise<Answer> {
  switch (wish.name) {
    case 'status':
      return status(bridge);
    case 'call':
      return dial(wish, bridge, inform);
    case 'hangup':
      return hangUp(wish, bridge);
    case 'log':
      return log(wish, bridge);
    default:
      return doctor(bridge);
  }
}

async function status(bridge: Connection): Promise<Answer> {
  const [telephone, calls] = await Promise.all([bridge.call('phone.status', {}), bridge.call('phone.active', {})]);
  // Steps of a set-up are for the window.
  const { steps: _steps, ...short }: PhoneStatus = telephone;
  return { value: { ...short, calls }, lines: [...statusLines(telephone), ...calls.map(callLine)] };
}

async function dial({ operands, purpose, wait }: Wish, bridge: Connection, inform: (line: string) => void): Promise<Answer> {
  const ended = new Map<string, PhoneCall>();
  const waiting = new Map<string, (call: PhoneCall) => void>();
  const stop = bridge.on('phone.call', (call) => {
    if (call.state.state !== 'ended') return;
    ended.set(call.id, call);
    waiting.get(call.id)?.(call);
  });
  // Only when the question is there: what is refused before it asks nobody.
  const stopAsking = bridge.on('tools.approval', ({ tool }) => {
    if (tool === 'phone_permission') inform('You are asked in the window of OpenClaw Desktop.');
  });
  try {
    const number = operands.join(' ');
    const call = await bridge.call('phone.dial', {
      number,
      by: purpose === undefined ? 'owner' : 'assistant',
      ...(purpose === undefined ? {} : { purpose }),
    });
    if (!wait) return { value: call, lines: [callLine(call)] };
    inform(callLine(call));
    const last = ended.get(call.id) ?? (await new Promise<PhoneCall>((resolve) => void waiting.set(call.id, resolve)));
    return { value: last, lines: [callLine(last)] };
  } finally {
    stop();
    stopAsking();
  }
}

async function hangUp({ operands }: Wish, bridge: Connection): Promise<Answer> {
  const active = await bridge.call('phone.active', {});
  const [wanted] = operands;
  const chosen = active.filter(({ id, state }) => state.state !== 'ended' && (wanted === undefined || id === wanted));
  if (chosen.length === 0)
    throw new AppError('phone.no-call', wanted === undefined ? 'There is no call to end.' : `There is no call ${wanted}, or it is over.`);
  for (const { id } of chosen) await bridge.call('phone.hangUp', { callId: id });
  return { value: { ended: chosen.map(({ id }) => id) }, lines: chosen.map(({ id }) => `Ended: ${id}`) };
}

async function log({ limit, query }: Wish, bridge: Connection): Promise<Answer> {
  const entries: CallLogEntry[] = await bridge.call('phone.log', { limit, ...(query === undefined ? {} : { query }) });
  return { value: entries, lines: entries.length === 0 ? ['No calls.'] : entries.map(logLine) };
}

async function doctor(bridge: Connection): Promise<Answer> {
  const checks: PhoneCheck[] = await bridge.call('phone.doctor', {});
  return { value: checks, lines: checkLines(checks), exitCode: checks.some((check) => check.status === 'problem') ? 1 : 0 };
}
