import type { Clock, Timer } from '../../src-main/base/clock.ts';
import type { RecognitionEvent, SegmentSpoken } from '../../src-main/inference/contracts/index.ts';
import { silentLog } from '../../src-main/base/log.ts';
import type { Agent } from '../../src-main/modules/agent/agent.ts';
import { endOfTurnProfiles } from '../../src-main/modules/conversation/end-of-turn.ts';
import { createFloor, type Exchange } from '../../src-main/modules/conversation/floor.ts';
import { createMessageLog } from '../../src-main/modules/conversation/message-log.ts';
import type { SpeakSegment } from '../../src-main/modules/conversation/speech-queue.ts';
import type { Clause, ClauseCutter } from '../../src-main/modules/conversation/speech-text.ts';
import { utteranceVoice } from '../../src-main/modules/conversation/utterance-voice.ts';
import { createVoiceSession } from '../../src-main/modules/conversation/voice-session.ts';
import {
  voiceProfileSchema,
  type EventName,
  type InputMode,
  type PlaybackCommand,
  type PlaybackReport,
} from '../../src-preload/contract/index.ts';
import { createPendingApprovals } from '../../src-main/modules/conversation/pending-approvals.ts';
import { createScriptedTools, type ScriptedToolsOptions } from './scripted-tools.ts';
import { createMemoryStore } from './memory-store.ts';
import { createOpenGate } from './open-gate.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Sound of a speakable text in the rig: this long per character. */
export const MS_PER_CHARACTER = 50;
/** Time the rig's voice needs before a segment is ready. */
export const SYNTHESIS_MS = 60;

/** Cuts behind every sentence end; offsets are the identity. */
export function createSentenceCutter(): ClauseCutter {
  let text = '';
  let done = 0;
  const take = (end: number): Clause[] => {
    if (end <= done) return [];
    const raw = text.slice(done, end);
    const clause = { rawStart: done, rawEnd: end, raw, speakable: raw, sourceOffsets: [...raw].map((_character, index) => done + index) };
    done = end;
    return [clause];
  };
  return {
    push(piece) {
      text += piece;
      const end = /^[\s\S]*[.!?](?=\s)/.exec(text.slice(done));
      return end ? take(done + end[0].length) : [];
    },
    end: () => take(text.length),
  };
}

/** A player in no browser: plays what was synthesised on the virtual clock and reports as the page does. */
function createPlayer(clock: Clock, report: (report: PlaybackReport) => void) {
  let utterance: { id: string; availableMs: number; playedMs: number; started: boolean; paused: boolean; finished: boolean } | undefined;
  const audible: { id: string; fromMs: number; toMs: number }[] = [];
  let tick: Timer | undefined;
  const STEP_MS = 20;
  const send = (event: PlaybackReport['event']): void => {
    if (utterance) report({ utteranceId: utterance.id, event, playedMs: utterance.playedMs, atMs: clock.nowMs(), outputLatencyMs: 0 });
  };
  const step = (): void => {
    tick = undefined;
    if (!utterance?.started || utterance.paused) return;
    if (utterance.playedMs < utterance.availableMs) {
      if (utterance.playedMs === 0) {
        audible.push({ id: utterance.id, fromMs: clock.nowMs(), toMs: clock.nowMs() });
        send('started');
      }
      utterance.playedMs = Math.min(utterance.availableMs, utterance.playedMs + STEP_MS);
      const last = audible.at(-1);
      if (last) last.toMs = clock.nowMs() + STEP_MS;
      if (utterance.playedMs % 100 === 0) send('progress');
    } else if (utterance.finished) {
      send('ended');
      utterance = undefined;
      return;
    }
    tick = clock.after(STEP_MS, step);
  };
  const run = (): void => {
    tick ??= clock.after(0, step);
  };
  const of = (id: string) =>
    utterance?.id === id ? utterance : (utterance = { id, availableMs: 0, playedMs: 0, started: false, paused: false, finished: false });
  return {
    audible,
    isSilent: () => !utterance?.started || utterance.paused || utterance.playedMs >= utterance.availableMs,
    sound(id: string, durationMs: number) {
      of(id).availableMs += durationMs;
      run();
    },
    command(command: PlaybackCommand) {
      if (command.command === 'drop') {
        if (utterance?.id === command.utteranceId) utterance = undefined;
        return;
      }
      const target = of(command.utteranceId);
      if (command.command === 'start') target.started = true;
      if (command.command === 'pause') {
        target.paused = true;
        send('paused');
      }
      if (command.command === 'resume') target.paused = false;
      if (command.command === 'finish') target.finished = true;
      run();
    },
  };
}

export type Answer = string | { text: string; firstTokenMs?: number; tokenMs?: number; failAfterTokens?: number; error?: Error };

/** A voice session with everything around it on a virtual clock; only conversation's own code is real. */
export function createConversationRig(options: {
  answers: (question: string) => Answer;
  mode?: InputMode;
  interruption?: 'words' | 'stop-words' | 'never';
  speak?: SpeakSegment;
  /** In place of `answers`: how the agent writes. */
  answer?: Agent['answer'];
  tools?: ScriptedToolsOptions;
}) {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const events: { name: EventName; payload: unknown; atMs: number }[] = [];
  const questions: string[] = [];
  const named: { question: string; former: string | undefined }[] = [];
  const exchanges: Exchange[] = [];
  const errors: string[] = [];
  const interruptions: string[] = [];
  const words: string[] = [];
  const player = createPlayer(clock, (report) => floor.report(report));

  const stops: string[] = [];
  const tools = createScriptedTools(options.tools);
  const approvals = createPendingApprovals({ tools, clock });

  const agent: Agent = {
    answer: (request) => {
      const { question, signal, onText } = request;
      questions.push(question);
      return options.answer?.(request) ?? writeAnswer(clock, options.answers(question), signal, onText);
    },
    prepare: async () => undefined,
    name({ question, former }) {
      named.push({ question, former });
      return true;
    },
    settle: async () => undefined,
  };
  const messages = createMessageLog({
    store,
    tell: (name, payload) => void events.push({ name, payload, atMs: clock.nowMs() }),
    clock,
    log: silentLog,
    onUnsaved: (error) => void errors.push(error.code),
    onSaved: () => void errors.push('saved'),
  });
  const speak: SpeakSegment = async ({ utteranceId, segmentIndex, text }, signal) => {
    await new Promise<void>((resolve) => void clock.after(SYNTHESIS_MS, resolve));
    signal.throwIfAborted();
    player.sound(utteranceId, text.length * MS_PER_CHARACTER);
    return segment(utteranceId, segmentIndex, text);
  };
  const gate = createOpenGate();
  const floor = createFloor({
    clock,
    clientId: 'client',
    agent,
    store,
    messages,
    tell: (name, payload) => {
      events.push({ name, payload, atMs: clock.nowMs() });
      if (name === 'playback.command') player.command(payload as PlaybackCommand);
    },
    createCutter: createSentenceCutter,
    speak: options.speak ?? speak,
    voice: (utterance) =>
      utteranceVoice({ id: 'default', voice: voiceProfileSchema.parse({}), patterns: [] }, { voice: 'auto', speed: 1 }, utterance),
    cancelSpeech: () => undefined,
    shut: () => gate.signal('answer'),
    callType: (medium) => (medium === 'voice' ? 'desktop-voice' : 'desktop-text'),
    characterId: () => 'default',
    asker: (medium) => ({ channel: medium === 'voice' ? 'voice' : 'window' }),
    brief: () => undefined,
    onChange: () => session.floorChanged(),
    onExchange: (exchange) => void exchanges.push(exchange),
    onError: (error) => void errors.push(error.code),
    onLatency: () => undefined,
  });
  const session = createVoiceSession({
    clock,
    floor,
    mode: options.mode ?? 'hands-free',
    settings: {
      profile: () => endOfTurnProfiles.normal,
      interruption: () => options.interruption ?? 'words',
      language: () => 'en',
      sensitivity: () => 0.5,
    },
    configure: () => undefined,
    endSpeech: () => user.endSpeech(),
    tellPartial: () => undefined,
    isOutside: () => false,
    onSpeechStart: () => undefined,
    onWords: ({ text }) => void words.push(text),
    onChange: () => undefined,
    onError: (error) => void errors.push(String(error)),
    onInterruption: (kind) => void interruptions.push(kind),
    isStopPhrase: (heard, isPartial) => (isPartial ? /^stop everything\b/i : /^stop (everything\b|all\W*$)/i).test(heard),
    onStopPhrase: () => void stops.push('voice'),
    hearApproval: (heard) => tools.hear(heard, { channel: 'voice' }) === 'answered',
    pendingApproval: () => approvals.waitingIn(floor.conversationId()),
  });
  const user = createSpeaker(clock, (event) => session.handle(event));
  return {
    clock,
    gate,
    store,
    events,
    questions,
    named,
    exchanges,
    errors,
    interruptions,
    words,
    stops,
    tools,
    player,
    floor,
    session,
    user,
    messages,
  };
}

/** Evenly spaced words. */
export function segment(utteranceId: string, segmentIndex: number, text: string): SegmentSpoken {
  const words = [...text.matchAll(/\S+/g)].map((match) => ({
    textStart: match.index,
    textEnd: match.index + match[0].length,
    startMs: match.index * MS_PER_CHARACTER,
    endMs: (match.index + match[0].length) * MS_PER_CHARACTER,
  }));
  return {
    utteranceId,
    segmentIndex,
    sampleRateHz: 1000,
    durationSamples: text.length * MS_PER_CHARACTER,
    timeToFirstSampleMs: SYNTHESIS_MS,
    phonemes: [],
    words,
  };
}

/** A user who speaks through the recognition worker's events: VAD onset after 64 ms, pause after 64 ms and silence from then on, judgement and text 50 ms later. */
function createSpeaker(clock: Clock & { advance(ms: number): Promise<void> }, emit: (event: RecognitionEvent) => void) {
  let speechCount = 0;
  let speech: { id: string; revision: number; words: string; paused: boolean } | undefined;
  let silence: Timer | undefined;
  const sessionId = 's';
  const beSilent = (spoken: { id: string; revision: number }, sinceMs: number): void => {
    silence = clock.after(FRAME_MS, () => {
      emit({ type: 'speech.silence', sessionId, speechId: spoken.id, revision: spoken.revision, silentMs: clock.nowMs() - sinceMs });
      if (speech === spoken) beSilent(spoken, sinceMs);
    });
  };
  const onset = (): void => {
    silence?.cancel();
    if (speech?.paused) {
      emit({ type: 'speech.resume', sessionId, speechId: speech.id, revision: speech.revision, emittedAtMs: clock.nowMs() });
      speech.paused = false;
      speech.revision += 1;
      return;
    }
    speechCount += 1;
    speech = { id: `speech-${speechCount}`, revision: 0, words: '', paused: false };
    emit({
      type: 'speech.start',
      sessionId,
      speechId: speech.id,
      startSample: 0,
      onsetAtMs: clock.nowMs() - 64,
      emittedAtMs: clock.nowMs(),
    });
  };
  return {
    /** Says words for `durationMs`, then falls silent; the text comes as the worker would send it. */
    async say(words: string, how: { durationMs?: number; probability?: number; partial?: boolean; voicedMs?: number } = {}) {
      const voicedMs = how.voicedMs ?? how.durationMs ?? 600;
      await clock.advance(64);
      onset();
      const current = speech;
      if (!current) return;
      current.words = `${current.words} ${words}`.trim();
      await clock.advance(how.durationMs ?? 600);
      if (how.partial ?? true)
        emit({ type: 'transcript.partial', sessionId, speechId: current.id, text: current.words, language: 'en', voicedMs });
      const endAtMs = clock.nowMs();
      await clock.advance(64);
      current.paused = true;
      emit({
        type: 'speech.pause',
        sessionId,
        speechId: current.id,
        revision: current.revision,
        endSample: 0,
        endAtMs,
        emittedAtMs: clock.nowMs(),
      });
      beSilent(current, endAtMs);
      await clock.advance(50);
      emit({
        type: 'turn.prediction',
        sessionId,
        speechId: current.id,
        revision: current.revision,
        probability: how.probability ?? 0.95,
        inferenceMs: 40,
      });
      emit({
        type: 'transcript.final',
        sessionId,
        speechId: current.id,
        revision: current.revision,
        text: current.words,
        language: 'en',
        voicedMs,
        decodeMs: 45,
      });
    },
    /** The worker closes the speech (silence, or asked to). */
    endSpeech() {
      const ended = speech;
      speech = undefined;
      silence?.cancel();
      if (ended) emit({ type: 'speech.end', sessionId, speechId: ended.id, revision: ended.revision, durationMs: 1000 });
    },
  };
}

const FRAME_MS = 32;

async function writeAnswer(
  clock: Clock,
  answer: Answer,
  signal: AbortSignal,
  onText: (piece: string) => void,
): ReturnType<Agent['answer']> {
  const script = typeof answer === 'string' ? { text: answer } : answer;
  const tokens = script.text.match(/\s*\S+/g) ?? [];
  let text = '';
  const result = (finishReason: 'stop' | 'aborted') => ({
    text,
    finishReason,
    tainted: false,
    timeToFirstTokenMs: script.firstTokenMs ?? 50,
    promptTokens: 0,
    cachedPromptTokens: 0,
    completionTokens: 0,
  });
  await wait(clock, script.firstTokenMs ?? 50);
  for (const [index, token] of tokens.entries()) {
    if (signal.aborted) return result('aborted');
    if (script.error && index >= (script.failAfterTokens ?? 0)) throw script.error;
    text += token;
    onText(token);
    await wait(clock, script.tokenMs ?? 20);
  }
  if (script.error) throw script.error;
  return result('stop');
}

function wait(clock: Clock, durationMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(durationMs, resolve));
}
