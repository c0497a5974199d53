import { z } from 'zod';
import { isAbort } from '../../base/errors.ts';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { defineTool, type Tool, type ToolPlan } from '../tools/index.ts';
import type { OpenLine } from './avr/open-line.ts';
import type { Calls } from './calls/calls-service.ts';
import { routeTo, type PhoneLines, type Route } from './calls/routes.ts';
import type { PhoneBook } from './phone-book.ts';
import { phoneError } from './telephony-errors.ts';

export interface PhoneToolDeps {
  calls: Calls;
  openLine: Pick<OpenLine, 'active' | 'hangUp'>;
  book: PhoneBook;
  lines: PhoneLines;
  /** Whether there is an exchange now. */
  isReady: () => boolean;
  /** What came of a call, when it is over: its summary, text from outside. undefined = there is none. */
  resultOf: (callId: string) => Promise<string | undefined>;
}

/** The executor waits no longer than half a minute; the call goes on in the background and is told when it is over. */
const TIMEOUT_MS = 30_000;

/** What the assistant can do with the telephone. Its calls pass the gate, the limits and the refusal of emergency numbers in {@link Calls.dial}. */
export function createPhoneTools(deps: PhoneToolDeps): Tool[] {
  const { calls, openLine } = deps;
  return [
    defineTool({
      name: 'phone_call',
      title: 'Make a phone call',
      description:
        'Calls a number or a person of the phone book and pursues a purpose in conversation: books, asks, passes something on. Never for emergency numbers.',
      keywords: ['phone', 'telephone', 'call', 'ring', 'dial', 'anrufen', 'telefon', 'telefonieren', 'ruf an', 'termin'],
      isCommon: true,
      input: z.object({
        to: z.string().trim().min(1).max(120).describe('Number, or name from the phone book'),
        purpose: z.string().trim().min(1).max(500).describe('What shall be reached, with all that must be known for it'),
      }),
      rights: ['call-out'],
      risk: 'high',
      cost: 20,
      timeoutMs: TIMEOUT_MS,
      backgroundAfterMs: 5_000,
      stopsOnBargeIn: false,
      unavailable: () => (deps.isReady() ? undefined : phoneError('phone.not-ready')),
      async plan({ to, purpose }): Promise<ToolPlan> {
        const { route, name } = reach(to, deps);
        const who = name === undefined ? route.number : `${name} (${route.number})`;
        return callPlan(route.number, who, purpose);
      },
      async run({ to, purpose }, { signal, onProgress }) {
        const { route, name } = reach(to, deps);
        signal.throwIfAborted();
        const call = calls.dial({ number: route.number, by: 'assistant', purpose });
        onProgress(name ?? route.number);
        const ended = await whenEnded(calls, call, signal);
        const result = ended.answeredAtMs === null ? undefined : await deps.resultOf(call.id);
        return { text: wordsOf(ended, name ?? route.number, result), outside: true };
      },
    }),
    defineTool({
      name: 'phone_permission',
      title: 'Let a program call',
      description: 'For programs of the owner only: asks whether one may place this call.',
      keywords: [],
      isCommon: false,
      input: z.object({
        number: z.string().trim().min(1).max(60),
        by: z.enum(['owner', 'assistant']),
        purpose: z.string().max(500),
      }),
      // It calls nobody: it asks. What comes from outside may never call out by itself, and this is the way round that a person has to open.
      rights: [],
      risk: 'low',
      cost: 1,
      timeoutMs: TIMEOUT_MS,
      stopsOnBargeIn: false,
      unavailable: () => (deps.isReady() ? undefined : phoneError('phone.not-ready')),
      async plan({ number, by, purpose }): Promise<ToolPlan> {
        const route = routeTo(number, by, deps.lines);
        return { ...callPlan(route.number, route.number, purpose), rights: [], verdict: 'ask' };
      },
      run: async () => ({ text: 'The owner agrees.', outside: false }),
    }),
    defineTool({
      name: 'hang_up',
      title: 'Hang up',
      description: 'Ends the phone call that is under way, or all of them.',
      keywords: ['phone', 'call', 'end', 'auflegen', 'leg auf', 'beenden'],
      isCommon: false,
      input: z.object({ all: z.boolean().default(false) }),
      rights: [],
      risk: 'none',
      cost: 1,
      timeoutMs: 5_000,
      stopsOnBargeIn: false,
      plan: async () => ({
        summary: 'Hang up',
        code: 'hang-up',
        values: {},
        details: [],
        sandboxed: false,
        verdict: 'allow',
        reasons: [],
        rights: [],
        rememberKey: undefined,
      }),
      async run({ all }) {
        const active = [...calls.active(), ...openLine.active()]
          .filter(({ state }) => state.state !== 'ringing')
          .toSorted((one, other) => one.startedAtMs - other.startedAtMs);
        const chosen = all ? active : active.slice(-1);
        await Promise.all(chosen.map(async ({ id }) => (await openLine.hangUp(id)) || calls.get(id).end('hung-up-here')));
        return { text: chosen.length === 0 ? 'There is no call.' : 'The call is over.', outside: false };
      },
    }),
  ];
}

function callPlan(number: string, who: string, purpose: string): ToolPlan {
  return {
    ...(purpose === ''
      ? { summary: `Call ${who}, for you to speak`, code: 'call-yourself', values: { who } }
      : { summary: `Call ${who}: ${purpose}`, code: 'call-number', values: { who, purpose } }),
    details: [{ name: 'number', text: number }, ...(purpose === '' ? [] : [{ name: 'purpose', text: purpose }])],
    sandboxed: false,
    verdict: 'allow',
    reasons: [],
    rights: ['call-out'],
    // Every call is a question of its own: who is called, and what for.
    rememberKey: undefined,
  };
}

/** Throws what stands at {@link routeTo} and {@link PhoneBook.byName}. */
function reach(to: string, { book, lines }: PhoneToolDeps): { route: Route; name: string | undefined } {
  const isNumber = /^[+\d*#\s()/.-]+$/.test(to);
  if (isNumber) return { route: routeTo(to, 'assistant', lines), name: undefined };
  const contact = book.byName(to);
  return { route: routeTo(contact.numbers[0] ?? '', 'assistant', lines), name: contact.name };
}

/** The owner's wish to end the tool ends the call. */
function whenEnded(calls: Calls, call: PhoneCall, signal: AbortSignal): Promise<PhoneCall> {
  return new Promise((resolve, reject) => {
    const stop = calls.onCall((view) => {
      if (view.id !== call.id || view.state.state !== 'ended') return;
      finish();
      resolve(view);
    });
    const abort = (): void => {
      finish();
      const present = calls.active().find(({ id }) => id === call.id);
      if (present) void calls.get(call.id).end('hung-up-here');
      reject(isAbort(signal.reason) ? signal.reason : phoneError('phone.no-call'));
    };
    const finish = (): void => {
      stop();
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}

function wordsOf({ state, answeredAtMs }: PhoneCall, who: string, result: string | undefined): string {
  const reason = state.state === 'ended' ? state.reason : '';
  if (answeredAtMs === null) return `${who} was not reached: ${reason}.`;
  return result === undefined
    ? `The call with ${who} is over (${reason}).`
    : `The call with ${who} is over (${reason}). What came of it: ${result}`;
}
