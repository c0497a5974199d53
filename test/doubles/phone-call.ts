import type { CallRecord, PhoneCall } from '../../src-preload/contract/index.ts';

/** A call from Anna in which only what matters to the test is said; it has just begun to ring. */
export function phoneCall(id: string, patch: Partial<PhoneCall> = {}): PhoneCall {
  return {
    id,
    direction: 'in',
    party: { number: '+491711234567', name: 'Anna Grün', contactId: null, standing: 'unknown' },
    way: 'sipgate',
    state: { state: 'ringing', screening: false },
    startedAtMs: 1_000,
    answeredAtMs: null,
    endedAtMs: null,
    purpose: '',
    screeningText: '',
    conversationId: null,
    characterId: null,
    trouble: null,
    ...patch,
  };
}

/** The same call when the assistant has answered it. */
export function talkingCall(id: string, patch: Partial<PhoneCall> = {}): PhoneCall {
  return phoneCall(id, {
    state: { state: 'talking', by: 'assistant', held: false, muted: false, listening: false, recording: false },
    answeredAtMs: (patch.startedAtMs ?? 1_000) + 500,
    ...patch,
  });
}

/** A whole record of it, as it lies in the log. */
export function callRecord(id: string, patch: Partial<CallRecord> = {}, call: Partial<PhoneCall> = {}): CallRecord {
  const startedAtMs = call.startedAtMs ?? 1_000;
  return {
    call: phoneCall(id, {
      state: { state: 'ended', reason: 'hung-up-there' },
      answeredAtMs: startedAtMs + 500,
      endedAtMs: startedAtMs + 60_500,
      ...call,
    }),
    answeredBy: 'assistant',
    durationMs: 60_000,
    segments: [
      { speaker: 'assistant', text: 'Hello, who is calling?', startMs: 0, endMs: 1_500 },
      { speaker: 'caller', text: 'This is Anna, please tell him that the roof is finished.', startMs: 2_000, endMs: 5_000 },
    ],
    summary: 'Anna said that the roof is finished.',
    tasks: [],
    sentiment: 0.5,
    latenciesMs: [640, 720],
    recording: null,
    ...patch,
  };
}
