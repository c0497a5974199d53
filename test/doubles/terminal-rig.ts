import { onTestFinished } from 'vitest';
import { openHeadlessPage } from '../../src-main/modules/terminal/headless-page.ts';
import type {
  AudioPort,
  AudioPortKind,
  AudioPortMessage,
  InputMode,
  Message,
  Notice,
  SessionSnapshot,
  TalkState,
} from '../../src-preload/contract/index.ts';
import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { createScriptedBridge } from './scripted-bridge.ts';
import { createVirtualClock } from './virtual-clock.ts';

const CONVERSATION = 'conversation';

/** A headless page on a virtual clock, connected to a core that does what the test says. */
export async function openTerminalRig(options: { mode?: InputMode; sessionId?: string | null } = {}) {
  const clock = createVirtualClock();
  let session: SessionSnapshot = {
    sessionId: options.sessionId === undefined ? 'session' : options.sessionId,
    conversationId: CONVERSATION,
    talk: { state: 'ready' },
    mode: options.mode ?? 'hands-free',
    muted: false,
    pressed: false,
    characterId: 'default',
  };
  const bridge = createScriptedBridge({
    'session.snapshot': () => ({ ...session, sessionId: null, talk: { state: 'off', reason: 'not-started' } }),
    'session.start': () => session,
    'session.press': ({ down }) => {
      session = { ...session, pressed: down };
    },
    'session.stop': () => undefined,
    'playback.report': () => undefined,
    'turn.send': () => ({ conversationId: CONVERSATION, messageId: 'written' }),
  });
  const captured: Float32Array[] = [];
  const closedPorts: AudioPortKind[] = [];
  let toSpeaker: ((message: AudioPortMessage) => void) | undefined;
  const openPort = (kind: AudioPortKind): AudioPort => ({
    post: (message) => void (message.type === 'capture' && captured.push(message.samples)),
    onMessage(listener) {
      toSpeaker = listener;
      return () => undefined;
    },
    onClose: () => () => undefined,
    close: () => void closedPorts.push(kind),
  });
  const page = await openHeadlessPage({
    bridge,
    openAudio: (_sessionId, kind) => Promise.resolve(openPort(kind)),
    clock,
    ...(options.mode ? { mode: options.mode } : {}),
  });
  onTestFinished(() => page.close());

  const messageOf = (id: string, role: Message['role'], text: string, status: Message['status'] = 'complete'): Message => ({
    id,
    conversationId: CONVERSATION,
    role,
    text,
    medium: 'voice',
    language: 'en',
    heardChars: null,
    status,
    createdAtMs: clock.wallMs(),
  });
  return {
    clock,
    page,
    bridge,
    closedPorts,
    /** Everything the microphone has heard so far. */
    captured: () => joinSamples(captured),
    /** The core's calls of one name, in order. */
    callsOf: (name: string) => bridge.calls.filter(([called]) => called === name).map(([, input]) => input),
    talkState(state: TalkState['state']) {
      session = { ...session, talk: talkOf(state) };
      bridge.tell('session.changed', session);
    },
    asked: (id: string, text: string) => bridge.tell('message.added', messageOf(id, 'user', text)),
    withdrawn: (messageId: string) => bridge.tell('message.removed', { conversationId: CONVERSATION, messageId }),
    answers: (id: string, text: string, status: Message['status'] = 'interrupted') =>
      bridge.tell('message.added', messageOf(id, 'assistant', text, status)),
    answered(id: string, text: string, status: Message['status'] = 'complete') {
      bridge.tell('message.changed', messageOf(id, 'assistant', text, status));
      bridge.tell('answer.progress', { conversationId: CONVERSATION, messageId: id, text, heardChars: text.length, done: true });
    },
    latency: (messageId: string, e2e_latency: number) =>
      bridge.tell('turn.latency', { conversationId: CONVERSATION, messageId, latency: { e2e_latency } }),
    notice: (notice: Pick<Notice, 'level' | 'code' | 'message'>) =>
      bridge.tell('app.notice', { id: notice.code, details: {}, action: 'none', ...notice }),
    /** Sound of an answer, played at once. */
    spoken(utteranceId: string, samples: Float32Array) {
      toSpeaker?.({ type: 'speech', utteranceId, segmentIndex: 0, sampleRateHz: 24_000, samples, last: true });
      bridge.tell('playback.command', { command: 'start', utteranceId });
      bridge.tell('playback.command', { command: 'finish', utteranceId, segmentCount: 1 });
    },
  };
}

function talkOf(state: TalkState['state']): TalkState {
  if (state === 'speaking') return { state, paused: false };
  return state === 'off' ? { state, reason: 'unavailable' } : { state };
}
