import type { Clock } from '../../../base/clock.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { LanguageCode, RecognitionEvent } from '../../../inference/contracts/index.ts';
import type { Caller, PageHub, Tell } from '../../../platform/contract-host/index.ts';
import type { LinkWorkers, SupervisedWorker } from '../../../platform/workers/index.ts';
import type { CallBrief } from '../../agent/index.ts';
import type { Conversation, SpeakingCharacter } from '../../conversation/index.ts';
import type { EventName, EventPayload, PhoneCall, PhoneParty } from '../../../../src-preload/contract/index.ts';
import { OPEN_LINE_WAY, type CallHint, type VoiceEvent, type VoiceRole } from '../calls/call-ports.ts';
import { HIDDEN_PIN, withoutSpokenPin } from '../calls/owner-pin.ts';
import { phoneError } from '../telephony-errors.ts';
import type { MediaEvent, MediaMethods } from '../telephony.ts';
import { createCallCaptions } from './call-captions.ts';
import { createCallManners } from './call-manners.ts';
import { greeting, machineMessage, sentence, type CallNames, type CallSentence } from './call-words.ts';
import { mediaLink } from './media-links.ts';
import { createPhoneHold } from './phone-hold.ts';
import { createPhoneSilence } from './phone-silence.ts';
import type { SpokenSentences } from './spoken-sentences.ts';

export interface PhonePageDeps {
  clock: Clock;
  log: Log;
  hub: Pick<PageHub, 'add'>;
  tell: Tell;
  conversation: Pick<Conversation, 'beginCall' | 'sayInCall' | 'recordInCall' | 'pauseCall' | 'silenceCall' | 'languageOfCall'> & {
    handlers: Pick<Conversation['handlers'], 'playback.report'>;
  };
  media: Pick<SupervisedWorker<MediaMethods, MediaEvent>, 'call' | 'attachPort'>;
  recognition: Pick<SupervisedWorker<object, unknown>, 'attachPort'>;
  synthesis: Pick<SupervisedWorker<object, unknown>, 'attachPort'>;
  link: LinkWorkers;
  sentences: SpokenSentences;
  /** Who speaks in the calls, and what they are called. */
  speaker: (clientId: string) => SpeakingCharacter & { name: string };
  /** Language to greet in: the contact's, else the window's. */
  languageOf: (party: PhoneParty) => 'en' | 'de';
  /** What the owner has released to this party; '' = nothing. */
  releasedTo: (party: PhoneParty) => string;
  /** For whom calls are placed; '' = not known. */
  ownerName: () => string;
  /** The owner has a PIN: digits that may be it are not written down. */
  hidesPins: () => boolean;
  /** The owner's own greeting; '' = ours. */
  ownGreeting: (language: 'en' | 'de') => string;
  emit: (event: VoiceEvent) => void;
  /** Number of the next line of captions. */
  nextSeq: (callId: string) => number;
  /** Caller's last word → first sound of the answer, for the record. */
  onLatency?: (callId: string, latencyMs: number) => void;
}

/** One call as a page of the conversation: its leg is the microphone and the loudspeaker. */
export interface PhonePage {
  /** Joins a leg, and begins or goes on; greets at once. Rejects when nobody can hear or speak. */
  begin(request: { call: PhoneCall; legId: string; role: VoiceRole }): Promise<{ conversationId: string | null; characterId: string }>;
  pause(on: boolean): void;
  hint(hint: CallHint): void;
  standing(standing: PhoneParty['standing']): void;
  media(event: MediaEvent): void;
  language(): 'en' | 'de';
  /** Of the other end; undefined = nothing was understood yet. */
  heardLanguage(): LanguageCode | undefined;
  legId(): string | undefined;
  /** Plays a sentence in the call's voice; resolves with whether it was heard to its end. Never rejects. */
  say(text: string): Promise<boolean>;
  end(): void;
}

/** Words enough to be an answer to "who is calling?". */
const SCREENING_WORDS = 3;
/** "My PIN is …": nothing else was said. */
const MOST_WITH_PIN = 6;

export function callerOf({ id }: PhoneCall): Caller {
  return { door: 'phone', clientId: `call-${id}` };
}

/** What the assistant is told of a call. */
export function callBrief(
  deps: Pick<PhonePageDeps, 'releasedTo'>,
  { direction, party }: PhoneCall,
  { by, purpose }: VoiceRole,
  hints: readonly string[],
): CallBrief {
  const { name, standing } = party;
  return { direction, role: by, name, isOwner: standing === 'owner', purpose, released: deps.releasedTo(party), hints };
}

export function createPhonePage(deps: PhonePageDeps, first: PhoneCall): PhonePage {
  const { clock, conversation, log, media } = deps;
  const caller = callerOf(first);
  const hints: string[] = [];
  let call = first;
  let role: VoiceRole = { by: 'assistant', purpose: first.purpose };
  let legId: string | undefined;
  let sessionId: string | undefined;
  let conversationId: string | null = first.conversationId;
  let leaveHub: (() => void) | undefined;
  let greeted = false;
  let isPaused = false;
  let isEnded = false;
  let sentenceNumber = 0;
  let playing = 0;
  let cuts = 0;
  let lastPlayed: Promise<unknown> = Promise.resolve();

  const language = (): 'en' | 'de' => {
    const heard = conversation.languageOfCall(caller);
    return heard === 'de' || heard === 'en' ? heard : deps.languageOf(call.party);
  };
  const as = (): SpeakingCharacter & { name: string } => deps.speaker(caller.clientId);
  const names = (): CallNames => ({ assistant: as().name, owner: deps.ownerName() });
  const brief = (): CallBrief => callBrief(deps, call, role, hints);
  const ask = (work: Promise<unknown>, what: string): void =>
    void work.catch((error: unknown) => !isEnded && log.debug(what, { callId: call.id, ...toErrorData(error) }));
  const silenceLeg = (): void => {
    cuts += 1;
    if (legId !== undefined && playing > 0) ask(media.call('leg.silence', { legId }), 'call.not-silenced');
  };

  const play = async (text: string): Promise<boolean> => {
    const to = legId;
    if (to === undefined || isEnded) return false;
    const { name: _name, ...speaker } = as();
    playing += 1;
    try {
      const { samples, sampleRateHz } = await deps.sentences.speak(speaker, text, language());
      if (isEnded || legId !== to) return false;
      sentenceNumber += 1;
      const timeoutMs = (samples.length / sampleRateHz) * 1000 + 60_000;
      const before = lastPlayed;
      const cutsBefore = cuts;
      const played = media.call('leg.play', { legId: to, soundId: `${to}-${sentenceNumber}`, samples, sampleRateHz }, { timeoutMs });
      lastPlayed = played.catch(() => false);
      // One follows the other: the words are told when they are heard.
      await before;
      // Cut before it began.
      if (isEnded || legId !== to || cuts !== cutsBefore) return false;
      const isOver = captions.said(text);
      return await played.finally(isOver);
    } catch (error) {
      if (!isEnded) log.warn('call.sentence-not-said', { callId: call.id, ...toErrorData(error) });
      return false;
    } finally {
      playing -= 1;
    }
  };
  const say = (which: Exclude<CallSentence, 'briefing'>): Promise<boolean> => play(sentence(which, language()));

  const captions = createCallCaptions({
    callId: first.id,
    clock,
    answeredAtMs: () => call.answeredAtMs,
    spoken: () => ear.place(),
    nextSeq: () => deps.nextSeq(first.id),
    tell: (caption) => deps.tell('phone.caption', caption),
  });
  const wantsEnd = (reason: 'hung-up-here' | 'silence'): void => {
    if (!isEnded && !isPaused) deps.emit({ type: 'wants-end', callId: call.id, reason });
  };
  const silence = createPhoneSilence({ clock, say, hangUp: () => wantsEnd('silence') });
  const manners = createCallManners({
    clock,
    silence: () => conversation.silenceCall(caller),
    leaveMessage: () => void play(machineMessage(role.purpose, names(), language())).then(() => wantsEnd('hung-up-here')),
    hangUp: () => wantsEnd('hung-up-here'),
  });
  const ear = createEar(
    () => call,
    clock,
    deps.emit,
    () => deps.hidesPins() && isPinTried(call),
  );

  const heardMessage = (message: EventPayload<'message.added'>): void => {
    captions.heard(message);
    silence.words();
    manners.heard(message.text);
    const words = message.text.trim().split(/\s+/).length;
    // Whether it was right is said by a sentence of telephony's; there is nothing else to answer.
    if (message.text.includes(HIDDEN_PIN) && words <= MOST_WITH_PIN && call.party.standing !== 'owner')
      queueMicrotask(() => conversation.silenceCall(caller));
    if (role.by !== 'screening' || words < SCREENING_WORDS) return;
    // The answer to it is only begun after this event; it is telephony's to say what happens now.
    queueMicrotask(() => conversation.silenceCall(caller));
    deps.emit({ type: 'screened', callId: call.id, text: message.text });
  };

  const told: { [Name in EventName]?: (payload: EventPayload<Name>) => void } = {
    'playback.command': (command) => legId !== undefined && ask(media.call('leg.command', { legId, command }), 'call.command-lost'),
    'session.changed'(snapshot) {
      conversationId = snapshot.conversationId ?? conversationId;
      silence.turn(snapshot.talk.state);
      manners.turn(snapshot.talk.state);
    },
    'transcript.partial'({ text }) {
      captions.partial(text);
      if (text === '') return;
      silence.words();
      // Who speaks over a sentence of telephony's is listened to.
      silenceLeg();
    },
    'message.added': (message) => message.conversationId === conversationId && message.role === 'user' && heardMessage(message),
    'message.changed': (message) => message.conversationId === conversationId && message.role === 'user' && captions.heard(message),
    'answer.progress'(progress) {
      if (progress.conversationId !== conversationId) return;
      captions.progress(progress);
      if (progress.done) manners.answered(progress.text);
    },
    'turn.latency'({ conversationId: of, latency }) {
      if (of === conversationId && latency.e2e_latency !== undefined) deps.onLatency?.(call.id, latency.e2e_latency);
    },
  };

  const link = async (to: string, session: string): Promise<void> => {
    await Promise.all([
      deps.link({ worker: media, sessionId: mediaLink(to, 'capture') }, { worker: deps.recognition, sessionId: session }),
      deps.link({ worker: media, sessionId: mediaLink(to, 'playback') }, { worker: deps.synthesis, sessionId: session }),
    ]);
  };

  const openSession = async (): Promise<void> => {
    leaveHub ??= deps.hub.add({
      caller,
      send: (name, payload) => (told[name] as ((payload: unknown) => void) | undefined)?.(payload),
      openAudio(session) {
        sessionId = session;
        if (legId !== undefined) ask(link(legId, session), 'call.sound-not-linked');
      },
    });
    const snapshot = await conversation.beginCall(caller, { conversationId, talk: { brief, language, heard: ear.hear } });
    if (snapshot.sessionId === null) throw phoneError('phone.no-assistant');
    sessionId = snapshot.sessionId;
  };

  /** Neither hears nor speaks, or does again. */
  const rest = (on: boolean): void => {
    if (on) silenceLeg();
    if (sessionId !== undefined) conversation.pauseCall(caller, on);
    silence.pause(on);
  };
  const hold = createPhoneHold({
    clock,
    pause: (on) => rest(on || isPaused),
    back: () => void (isPaused || isEnded || say('still-here')),
    hangUp: () => wantsEnd('silence'),
  });

  const greet = async (): Promise<void> => {
    const words = greeted
      ? sentence('back-again', language())
      : greeting(brief(), names(), call.direction === 'in' ? deps.ownGreeting(language()) : '', language());
    greeted = true;
    const session = sessionId === undefined ? openSession() : link(legId ?? '', sessionId);
    const heard = play(words);
    await session;
    if (isEnded) return;
    // In the history it stands in front of what is answered to it.
    conversation.recordInCall(caller, words, language());
    silence.pause(true);
    void heard.then((wasHeard) => {
      silence.pause(isPaused || hold.isOn());
      return wasHeard;
    });
  };

  return {
    async begin(request) {
      // Another leg hears for itself whether music plays.
      if (request.legId !== legId) hold.forget();
      ({ call, legId, role } = request);
      isPaused = false;
      const isFirst = sessionId === undefined;
      await greet();
      if (!isFirst) conversation.pauseCall(caller, false);
      return { conversationId, characterId: as().id };
    },
    pause(on) {
      isPaused = on;
      rest(on || hold.isOn());
    },
    hint(hint) {
      if (hint.kind === 'whisper') hints.push(hint.text);
      else if (hint.kind === 'digits') hints.push(`Keys pressed at the other end: ${hint.digits}`);
      else if (hint.kind === 'answering-machine') manners.machine();
      else void say(hint.kind);
    },
    standing(standing) {
      call = { ...call, party: { ...call.party, standing } };
    },
    media(event) {
      if (event.type === 'leg.report') void conversation.handlers['playback.report'](event.report, caller);
      // Who calls in puts nobody on hold: what never pauses there is a street.
      if (event.type === 'leg.sound' && call.direction === 'out') hold.sound(event.what);
      if (event.type === 'leg.levels') deps.tell('phone.levels', { callId: call.id, caller: event.caller, here: event.here });
    },
    language,
    heardLanguage: () => conversation.languageOfCall(caller),
    legId: () => legId,
    say: play,
    end() {
      if (isEnded) return;
      silenceLeg();
      isEnded = true;
      silence.dispose();
      manners.dispose();
      hold.forget();
      leaveHub?.();
      leaveHub = undefined;
    },
  };
}

/** Somebody who calls in by a line that we control may prove to be the owner. */
function isPinTried({ direction, way }: PhoneCall): boolean {
  return direction === 'in' && way !== OPEN_LINE_WAY;
}

/** The other end's words with their times from the moment of answering on, for whoever listens for a machine or a PIN. */
function createEar(
  call: () => PhoneCall,
  clock: Clock,
  emit: (event: VoiceEvent) => void,
  hidesPins: () => boolean,
): { hear(event: RecognitionEvent): RecognitionEvent; place(): { startMs: number; endMs: number } } {
  let startAtMs = clock.nowMs();
  let endAtMs = startAtMs;
  const sinceAnswer = (atMs: number): number => {
    const wallMs = clock.wallMs() - clock.nowMs() + atMs;
    return Math.max(0, Math.round(wallMs - (call().answeredAtMs ?? wallMs)));
  };
  const place = (): { startMs: number; endMs: number } => ({ startMs: sinceAnswer(startAtMs), endMs: sinceAnswer(endAtMs) });
  const hear = (event: RecognitionEvent): RecognitionEvent => {
    if (event.type === 'speech.start') startAtMs = event.onsetAtMs;
    if (event.type === 'speech.pause') endAtMs = event.endAtMs;
    if ((event.type !== 'transcript.partial' && event.type !== 'transcript.final') || event.text === '') return event;
    const final = event.type === 'transcript.final';
    const ends = final ? endAtMs : clock.nowMs();
    emit({ type: 'heard', callId: call().id, text: event.text, final, startMs: sinceAnswer(startAtMs), endMs: sinceAnswer(ends) });
    // Neither captions nor history nor model learn a PIN. Also after it was right: the same speech is heard again when it goes on.
    return hidesPins() ? { ...event, text: withoutSpokenPin(event.text, !final) } : event;
  };
  return { hear, place };
}
