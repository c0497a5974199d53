import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callEndSchema, callSpeakerSchema, callStateSchema, type CallState } from '../../../../../src-preload/contract/index.ts';
import { firstState, isAssistant, nextState, type CallEvent } from '../../../../../src-main/modules/telephony/calls/call-states.ts';

const speaker = fc.constantFrom(...callSpeakerSchema.options);
const event: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.constantFrom<CallEvent>({ type: 'screening' }, { type: 'screened' }, { type: 'rings-there' }),
  speaker.map((by): CallEvent => ({ type: 'answered', by })),
  speaker.map((by): CallEvent => ({ type: 'speaker', by })),
  fc.record({ type: fc.constantFrom('held', 'muted', 'listening', 'recording'), on: fc.boolean() }) as fc.Arbitrary<CallEvent>,
  fc.boolean().map((on): CallEvent => ({ type: 'quietly', on })),
  fc
    .constantFrom(undefined, { number: '+491', answered: false }, { number: '+491', answered: true })
    .map((who): CallEvent => ({ type: 'consulting', who })),
  fc.constantFrom(...callEndSchema.options).map((reason): CallEvent => ({ type: 'ended', reason })),
);

function run(direction: 'in' | 'out', events: readonly CallEvent[]): CallState[] {
  const states: CallState[] = [firstState(direction)];
  for (const each of events) {
    const now = states.at(-1);
    const next = now && nextState(now, each);
    if (next && next !== now) states.push(next);
  }
  return states;
}

describe('nextState', () => {
  it('never leaves the drawing, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.constantFrom('in', 'out'), fc.array(event, { maxLength: 40 }), (direction, events) => {
        const states = run(direction, events);
        for (const state of states) expect(callStateSchema.parse(state)).toEqual(state);
        const rank = { ringing: 0, dialing: 0, talking: 1, ended: 2 } as const;
        const ranks = states.map(({ state }) => rank[state]);
        expect(ranks).toEqual(ranks.toSorted());
        expect(states.some(({ state }) => state === (direction === 'in' ? 'dialing' : 'ringing'))).toBe(false);
      }),
    );
  });

  it('ends once, with the first reason, and stays ended', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.array(event, { minLength: 1, maxLength: 10 }), (events, later) => {
        const states = run('in', [...events, { type: 'ended', reason: 'stopped' }, ...later]);
        expect(states.filter(({ state }) => state === 'ended')).toHaveLength(1);
        expect(states.at(-1)?.state).toBe('ended');
        const first = events.find((each) => each.type === 'ended');
        expect(states.at(-1)).toEqual({ state: 'ended', reason: first?.type === 'ended' ? first.reason : 'stopped' });
      }),
    );
  });

  it('lets only the owner be muted, and only the assistant be listened to', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        for (const state of run('out', events)) {
          if (state.state !== 'talking') continue;
          if (state.muted) expect(state.by).toBe('owner');
          if (state.listening) expect(isAssistant(state.by)).toBe(true);
          if (state.consulting) expect(isAssistant(state.by)).toBe(false);
        }
      }),
    );
  });
});
