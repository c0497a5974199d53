import type { Clock } from '../../base/clock.ts';
import { createDisposeBag } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';
import type {
  AudioPort,
  AudioPortKind,
  Bridge,
  InputMode,
  Message,
  Notice,
  PlaybackCommand,
  SessionSnapshot,
  TurnLatency,
} from '../../../src-preload/contract/index.ts';
import { createMicrophone, type Microphone } from './microphone.ts';
import { createSpeaker, type Speaker } from './speaker.ts';

/** The part of the bridge that needs no page. */
type CallsAndEvents = Pick<Bridge, 'call' | 'on'>;

/** What a window is to the core, without a window: a voice session whose microphone and loudspeaker are files and arrays. */
export interface HeadlessPage {
  readonly bridge: CallsAndEvents;
  readonly microphone: Microphone;
  readonly speaker: Speaker;
  session(): SessionSnapshot;
  readonly messages: readonly Message[];
  readonly latencies: readonly TurnLatency[];
  /** Problems that the core has told since the page was opened. */
  readonly problems: readonly Notice[];
  /** Answers that have come to their end. */
  readonly answersDone: number;
  /** Resolves when `condition` holds; checked at every event of the core. Rejects after `timeoutMs` with `talk.timeout`. */
  until(condition: () => boolean, timeoutMs: number, what: string): Promise<void>;
  close(): Promise<void>;
}

export interface HeadlessPageDeps {
  bridge: CallsAndEvents;
  openAudio: (sessionId: string, kind: AudioPortKind) => Promise<AudioPort>;
  clock: Clock;
  mode?: InputMode;
  conversationId?: string | null;
}

/** Rejects with `talk.no-session` when the core opens none. */
export async function openHeadlessPage(deps: HeadlessPageDeps): Promise<HeadlessPage> {
  const { bridge, clock } = deps;
  const bag = createDisposeBag();
  const messages: Message[] = [];
  const latencies: TurnLatency[] = [];
  const problems: Notice[] = [];
  let answersDone = 0;
  const waiters = new Set<() => void>();
  const wake = (): void => {
    for (const waiter of waiters) waiter();
  };
  const speaker = bag.add(
    createSpeaker({
      clock,
      report: (report) => {
        void bridge.call('playback.report', report).catch(() => undefined);
        wake();
      },
    }),
  );
  let session = await bridge.call('session.snapshot', {});
  bag.add(bridge.on('playback.command', (command: PlaybackCommand) => speaker.command(command)));
  bag.add(
    bridge.on('session.changed', (snapshot) => {
      session = snapshot;
      wake();
    }),
  );
  const keep = (message: Message): void => {
    const index = messages.findIndex((known) => known.id === message.id);
    if (index < 0) messages.push(message);
    else messages[index] = message;
    wake();
  };
  bag.add(bridge.on('message.added', keep));
  bag.add(bridge.on('message.changed', keep));
  bag.add(
    bridge.on('message.removed', ({ messageId }) => {
      const index = messages.findIndex((known) => known.id === messageId);
      if (index >= 0) messages.splice(index, 1);
      wake();
    }),
  );
  bag.add(
    bridge.on('turn.latency', ({ latency }) => {
      latencies.push(latency);
      wake();
    }),
  );
  bag.add(
    bridge.on('answer.progress', ({ done }) => {
      if (done) answersDone += 1;
      wake();
    }),
  );
  bag.add(
    bridge.on('app.notice', (notice) => {
      if (notice.level === 'problem') problems.push(notice);
      wake();
    }),
  );
  session = await bridge.call('session.start', { conversationId: deps.conversationId ?? null, mode: deps.mode ?? 'hands-free' });
  if (session.sessionId === null) {
    await bag.dispose();
    throw new AppError('talk.no-session', 'The assistant cannot listen or speak now: "npm run doctor" says which part is missing.');
  }
  const [capture, playback] = await Promise.all([
    deps.openAudio(session.sessionId, 'capture'),
    deps.openAudio(session.sessionId, 'playback'),
  ]);
  bag.add(() => capture.close());
  bag.add(() => playback.close());
  bag.add(
    playback.onMessage((message) => {
      if (message.type === 'speech') speaker.receive(message);
    }),
  );
  const microphone = bag.add(createMicrophone({ clock, port: capture }));

  return {
    bridge,
    microphone,
    speaker,
    session: () => session,
    messages,
    latencies,
    problems,
    get answersDone() {
      return answersDone;
    },
    until(condition, timeoutMs, what) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          if (!condition()) return;
          end();
          resolve();
        };
        const timer = clock.after(timeoutMs, () => {
          end();
          reject(tooLong(timeoutMs, what));
        });
        const end = (): void => {
          waiters.delete(check);
          timer.cancel();
        };
        waiters.add(check);
        check();
      });
    },
    async close() {
      await bridge.call('session.stop', {}).catch(() => undefined);
      await bag.dispose();
    },
  };
}

function tooLong(timeoutMs: number, what: string): AppError {
  const seconds = Math.round(timeoutMs / 1000);
  return new AppError(
    'talk.timeout',
    `Waited ${seconds} s for ${what}. Try again; if it happens each time, "npm run doctor" says which part is at fault.`,
    { details: { seconds, what } },
  );
}
