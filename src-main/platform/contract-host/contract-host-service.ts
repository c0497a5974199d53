import type { CallName, CallOutcome } from '../../../src-preload/contract/index.ts';
import { calls } from '../../../src-preload/contract/index.ts';
import type { ErrorData } from '../../base/errors.ts';
import { AppError, isAbort, toErrorData } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Caller, Handlers } from './contract-host.ts';

/** Answers every call that comes through a door, whatever it is and whoever sends it. Never rejects. */
export interface ContractHost {
  answer(name: unknown, input: unknown, caller: Caller): Promise<CallOutcome>;
}

export interface ContractHostOptions {
  handlers: Handlers;
  log: Log;
  /** Also checks what handlers return; for development and tests. */
  checkResults: boolean;
}

type AnyHandler = (input: unknown, caller: Caller) => unknown;

/** Checks the name, then the input by its schema, calls the handler and turns whatever goes wrong into data without stacks or paths of our code. */
export function createContractHost({ handlers, log, checkResults }: ContractHostOptions): ContractHost {
  return {
    async answer(name, input, caller) {
      if (!isCallName(name)) return fail(unknownCall(name));
      const parsed = calls[name].input.safeParse(input);
      if (!parsed.success) return fail(badInput(name, parsed.error.issues));
      try {
        const handler = handlers[name] as AnyHandler;
        const value = await handler(parsed.data, caller);
        if (checkResults) checkResult(name, value);
        return { ok: true, value };
      } catch (error) {
        if (error instanceof AppError || isAbort(error)) return fail(toErrorData(error));
        const reference = createId('err');
        log.error('contract.unexpected-error', { call: name, reference, error });
        return fail({
          code: 'internal.unexpected',
          message: `Something unexpected went wrong in "${name}". Try again; the log has it under ${reference}.`,
          details: { call: name, reference },
        });
      }
    },
  };
}

function fail(error: ErrorData): CallOutcome {
  return { ok: false, error };
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

function unknownCall(name: unknown): ErrorData {
  const call = String(name).slice(0, 80);
  return {
    code: 'request.unknown-call',
    message: `There is no call "${call}". Reload the page; it may be older than the app.`,
    details: { call },
  };
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

function badInput(call: CallName, issues: Issue[]): ErrorData {
  const field = issues[0]?.path.map(String).join('.') ?? '';
  const reason = issues[0]?.message ?? 'not what is expected';
  const message = `"${call}" does not take this input${field === '' ? '' : ` at "${field}"`}: ${reason}.`;
  return { code: 'request.bad-input', message, details: { call, field, reason } };
}

function checkResult(name: CallName, value: unknown): void {
  const checked = calls[name].result.safeParse(value);
  if (!checked.success) throw new Error(`The result of "${name}" breaks the contract: ${checked.error.message}`);
}
