import type { Clock } from '../../../base/clock.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { LanguageCode, ListenOptions, RecognitionEvent, RecognitionMethods } from '../../../inference/contracts/index.ts';
import type { LinkWorkers, SupervisedWorker } from '../../../platform/workers/index.ts';
import type { CallCaption, PhoneCall } from '../../../../src-preload/contract/index.ts';
import type { CallEar, CallTalker } from '../calls/call-ports.ts';
import { mediaLink } from './media-links.ts';

/**
 * Captions of what people say to each other in a call. One leg hears both ends; who speaks is told by Asterisk, and a change of voices cuts the speech. They are
 * shown and not kept: the record is written from the recording, with more care.
 */
export interface PeopleCaptions {
  open(call: PhoneCall, legId: string): Promise<void>;
  talking: CallEar['talking'];
  /** Resolves with its leg. Never rejects. */
  close(callId: string): Promise<string | undefined>;
  dispose(): void;
}

const LISTEN = {
  onThreshold: 0.5,
  offThreshold: 0.35,
  minSpeechMs: 64,
  pauseMs: 96,
  endMs: 700,
  preRollMs: 320,
  partialIntervalMs: 600,
  enabled: true,
  overOwnVoice: false,
  manual: false,
} satisfies Omit<ListenOptions, 'languages'>;
/** Asterisk needs a moment to know a voice, so a speech as young as this is not cut. */
const YOUNG_MS = 700;
const MAX_TALKS = 20;
const MAX_TEXT = 4_000;

interface Line {
  speechId: string;
  seq: number;
  /** When its sound came in, `clock.nowMs()`: the recogniser may be far behind. */
  fromMs: number;
  toMs: number | undefined;
  /** Of the call, from the answer on. */
  atMs: number;
  text: string;
  isOver: boolean;
}
/** `toMs` undefined = goes on. */
interface Talk {
  who: CallTalker;
  fromMs: number;
  toMs: number | undefined;
}
interface Reader {
  call: PhoneCall;
  legId: string;
  sessionId: string;
  /** The latest ones. */
  talks: Talk[];
  line: Line | undefined;
}

export function createPeopleCaptions(deps: {
  clock: Clock;
  log: Log;
  media: Pick<SupervisedWorker<object, unknown>, 'attachPort'>;
  recognition: Pick<SupervisedWorker<RecognitionMethods, RecognitionEvent>, 'attachPort' | 'call' | 'onEvent'>;
  link: LinkWorkers;
  /** Fixed for the call: to find it out takes more than all the rest. */
  languageOf: (call: PhoneCall) => LanguageCode;
  nextSeq: (callId: string) => number;
  tell: (caption: CallCaption) => void;
}): PeopleCaptions {
  const { clock, log, recognition } = deps;
  const readers = new Map<string, Reader>();
  const ask = (work: Promise<unknown>, callId: string): void =>
    void work.catch((error: unknown) => log.debug('call.captions-failed', { callId, ...toErrorData(error) }));

  const tell = (reader: Reader, line: Line): void => {
    const speaker = speakerOf(reader, line.fromMs, line.toMs ?? clock.nowMs());
    // Our own notice is nobody's words.
    if (line.text === '' || speaker === 'assistant') return;
    const { seq, atMs, text, isOver } = line;
    deps.tell({ callId: reader.call.id, seq, atMs, speaker, text: text.slice(0, MAX_TEXT), final: isOver, passing: true });
  };
  const begin = (reader: Reader, speechId: string, fromMs: number): void => {
    const wallMs = clock.wallMs() - clock.nowMs() + fromMs;
    const atMs = Math.max(0, Math.round(wallMs - (reader.call.answeredAtMs ?? wallMs)));
    reader.line = { speechId, seq: deps.nextSeq(reader.call.id), fromMs, toMs: undefined, atMs, text: '', isOver: false };
  };
  const stopListening = recognition.onEvent((event) => {
    const reader = [...readers.values()].find(({ sessionId }) => sessionId === event.sessionId);
    if (!reader || !('speechId' in event)) return;
    if (event.type === 'speech.start') begin(reader, event.speechId, event.onsetAtMs);
    const { line } = reader;
    if (line?.speechId !== event.speechId) return;
    if (event.type === 'speech.pause') line.toMs = event.endAtMs;
    if (event.type === 'speech.resume') line.toMs = undefined;
    if (event.type === 'speech.end') line.isOver = true;
    else if (event.type === 'transcript.partial' || event.type === 'transcript.final') line.text = event.text.trim();
    else return;
    tell(reader, line);
  });

  return {
    async open(call, legId) {
      const sessionId = `people-${legId}`;
      readers.set(call.id, { call, legId, sessionId, talks: [], line: undefined });
      const language = deps.languageOf(call);
      await recognition.call('session.open', { sessionId, options: { ...LISTEN, language, languages: [language] } });
      await deps.link({ worker: deps.media, sessionId: mediaLink(legId, 'capture') }, { worker: recognition, sessionId });
    },
    talking(callId, who, on) {
      const reader = readers.get(callId);
      if (!reader) return;
      const nowMs = clock.nowMs();
      const open = reader.talks.findLast((talk) => talk.who === who && talk.toMs === undefined);
      if (on && !open) reader.talks = [...reader.talks, { who, fromMs: nowMs, toMs: undefined }].slice(-MAX_TALKS);
      if (!on && open) open.toMs = nowMs;
      const { line } = reader;
      if (line && line.toMs === undefined && nowMs - line.fromMs >= YOUNG_MS)
        ask(recognition.call('session.endSpeech', { sessionId: reader.sessionId }), callId);
    },
    async close(callId) {
      const reader = readers.get(callId);
      readers.delete(callId);
      if (!reader) return undefined;
      ask(recognition.call('session.close', { sessionId: reader.sessionId }), callId);
      return reader.legId;
    },
    dispose() {
      stopListening();
      readers.clear();
    },
  };
}

/** Whoever is told of for half of the time; else the owner. */
function speakerOf({ talks }: Reader, fromMs: number, toMs: number): CallCaption['speaker'] {
  const share = (who: CallTalker): number =>
    talks
      .filter((talk) => talk.who === who)
      .reduce((sum, talk) => sum + Math.max(0, Math.min(toMs, talk.toMs ?? toMs) - Math.max(fromMs, talk.fromMs - YOUNG_MS / 2)), 0);
  const half = (toMs - fromMs) / 2;
  if (share('notice') > half) return 'assistant';
  return share('caller') > half ? 'caller' : 'owner';
}
