import type { Clock } from '../../base/clock.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { LanguageCode, RecognitionEvent, RecognitionMethods, SynthesisMethods } from '../../inference/contracts/index.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Caller, OpenAudio, Tell } from '../../platform/contract-host/index.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { SupervisedWorker, WorkerCall } from '../../platform/workers/index.ts';
import type { InputMode, PlaybackReport, SessionSnapshot, TurnLatency } from '../../../src-preload/contract/index.ts';
import type { Agent, PreparedExchange } from '../agent/index.ts';
import type { Gate } from '../killswitch/index.ts';
import type { Tools } from '../tools/index.ts';
import { createAnnouncements, type Announcements } from './announcements.ts';
import { createClauseCutter } from './clause-cutter.ts';
import { talkEndOfTurn, talkInterruption, talkLanguage, talkSensitivity, voiceName, voiceSpeed } from './conversation-config.ts';
import { errorNotice, inputStalled, notice, type NewNotice } from './conversation-notices.ts';
import { endOfTurnProfiles } from './end-of-turn.ts';
import { askerOf, callType, outsideWords, type PhoneTalk } from './phone-talk.ts';
import { createFloor, type Exchange, type Floor } from './floor.ts';
import type { MessageLog } from './message-log.ts';
import { createPendingApprovals } from './pending-approvals.ts';
import type { SpeakingCharacter } from './speaking-character.ts';
import { utteranceVoice } from './utterance-voice.ts';
import { createVoiceSession, type VoiceSession } from './voice-session.ts';

/** Measured facts of conversations, for metrics and benches. */
export interface ConversationObserver {
  turnLatency(latency: TurnLatency): void;
  interruption(kind: 'interrupted' | 'resumed'): void;
  /** An answer in this language has ended, heard or read. */
  answered(language: LanguageCode): void;
}

export interface ConversationDeps {
  clock: Clock;
  agent: Agent;
  store: Store;
  config: Config;
  messages: MessageLog;
  tell: Tell;
  openAudio: OpenAudio;
  notices: NoticeBoard;
  recognition: SupervisedWorker<RecognitionMethods, RecognitionEvent>;
  synthesis: SupervisedWorker<SynthesisMethods, never>;
  observer: ConversationObserver;
  /** Who speaks in the sessions of this page. */
  character: (clientId: string) => SpeakingCharacter;
  /** Language of the window, for typed text that does not tell its own. */
  locale: () => string;
  gate: Gate;
  tools: Pick<Tools, 'hear' | 'onApproval' | 'onCall'>;
  /** Whether the words mean "stop everything"; asked before anything else sees them. `isPartial`: more of them may come. */
  isStopPhrase: (words: string, isPartial?: boolean) => boolean;
  emergencyStop: (trigger: 'voice' | 'typed') => void;
}

/** One page: its floor lives as long as the page, its voice session while the microphone is open. */
export interface Client {
  caller: Caller;
  floor: Floor;
  voice: { sessionId: string; session: VoiceSession } | undefined;
  /** The session whose models are being loaded; another one, or none, when the page asked for something else meanwhile or is gone. */
  opening: string | undefined;
  /** Why there is no voice, when there is none. */
  off: 'not-started' | 'loading' | 'no-microphone' | 'permission-denied' | 'unavailable';
  /** Spoken last; undefined = nothing was heard yet. */
  heardLanguage: LanguageCode | undefined;
  /** What makes a telephone call of it; undefined for pages. */
  phone: PhoneTalk | undefined;
}

export interface ConversationService extends Announcements {
  client(caller: Caller): Client;
  startSession(caller: Caller, options: { conversationId: string | null; mode: InputMode }): Promise<SessionSnapshot>;
  stopSession(client: Client): void;
  snapshot(client: Client): SessionSnapshot;
  tellSession(client: Client): void;
  report(report: PlaybackReport): void;
  clientGone(clientId: string): void;
  /** Somebody is in the middle of an exchange, speaking or being answered: not the time to take a model away. */
  isTalking(): boolean;
  /** Runs the work now, or as soon as nobody is talking. What still waits on `dispose` is dropped. */
  whenQuiet(work: () => void): void;
  /** Pages with this character are told, and the model reads who it is now while nobody waits for it. */
  characterChanged(changedId: string): void;
  /** For the kill switch: every answer ends, with its sound; resolves with the conversations they were in. */
  stopAllAnswers(): Promise<string[]>;
  /** For the kill switch: nobody listens any more, and nobody listens again before the owner opens the microphone. */
  endSessions(): void;
  /** A backup has taken the place of the history: no answer under way belongs to it, and no message that waits for the disk. */
  historyReplaced(): void;
  /** Run by the recognition worker's `onStart`, after its models are loaded: opens the sessions that were there before. */
  reopenSessions(call: WorkerCall<RecognitionMethods>): Promise<void>;
  /** A worker came back: its sessions need new audio lines. */
  reconnectAudio(): void;
  dispose(): void;
}

/** Of a partial text: the word that is still being said. */
const LAST_WORD = /\s*\S+\s*$/u;

const LOST_WORDS = notice(
  'needs-you',
  'recognition.lost-words',
  'Listening stopped for a moment and is starting again. Please say that once more.',
);

export function createConversationService(deps: ConversationDeps): ConversationService {
  const clients = new Map<string, Client>();
  let settling = new AbortController();
  const approvals = createPendingApprovals(deps);
  const characterId = ({ caller }: Client): string => deps.character(caller.clientId).id;

  const bySession = (sessionId: string): Client | undefined =>
    [...clients.values()].find((client) => client.voice?.sessionId === sessionId);

  /** When trouble in an exchange was last told, by code, `clock.nowMs()`. */
  const troubles = new Map<string, number>();
  const tellTrouble = (trouble: NewNotice): void => {
    troubles.set(trouble.code, deps.clock.nowMs());
    deps.notices.raise(trouble);
  };
  /** An exchange that was begun after the trouble and went well takes its notice away. */
  const wentWell = ({ startedAtMs, outcome }: Exchange): void => {
    if (outcome.status === 'failed' || outcome.text === '') return;
    for (const [code, toldAtMs] of troubles) {
      if (toldAtMs > startedAtMs) continue;
      troubles.delete(code);
      deps.notices.dismissCode(code);
    }
  };

  const stopListening = deps.recognition.onEvent((told) => {
    const client = bySession(told.sessionId);
    if (!client?.voice) return;
    const event = client.phone?.heard(told) ?? told;
    // The media worker fills what a line does not bring: no microphone was unplugged.
    if (event.type === 'input.stalled') return client.phone ? undefined : inputStalled(deps.notices, event.flowing);
    if (event.type === 'recognition.error') return tellTrouble(errorNotice(event.error, 'recognition'));
    client.voice.session.handle(event);
  });

  const stopWatching = deps.recognition.onState((state) => {
    if (state.state === 'starting' || state.state === 'running') return;
    const lost = [...clients.values()].filter((client) => client.voice?.session.recognitionLost());
    // Broken has a notice of its own, and nothing is starting again.
    if (state.state === 'broken') deps.notices.dismissCode(LOST_WORDS.code);
    else if (lost.length > 0) tellTrouble(LOST_WORDS);
  });

  const settle = (client: Client, exchange: Exchange): void => {
    if (exchange.outcome.status === 'failed') return;
    // Not the floor's: that one may be in another conversation by now.
    const { conversationId } = exchange.userMessage;
    settling.abort();
    settling = new AbortController();
    const { language } = exchange.question;
    deps.observer.answered(language);
    void deps.agent
      .settle({
        conversationId,
        language,
        ...circumstances(client, exchange.question.medium),
        signal: settling.signal,
      })
      .then(() => {
        deps.tell('conversations.changed', { conversationId });
      });
  };

  const createClient = (caller: Caller): Client => {
    const client: Client = {
      caller,
      voice: undefined,
      opening: undefined,
      off: 'not-started',
      heardLanguage: undefined,
      phone: undefined,
      floor: createFloor({
        clock: deps.clock,
        clientId: caller.clientId,
        agent: deps.agent,
        store: deps.store,
        messages: deps.messages,
        tell: deps.tell,
        createCutter: createClauseCutter,
        speak: (request, signal) => {
          if (!client.voice)
            throw new AppError('synthesis.no-session', 'There is no open line to speak on. Start the voice session first.');
          const spoken = deps.synthesis.call('speak', { ...request, sessionId: client.voice.sessionId }, { signal });
          return spoken.then((segment) => {
            if (segment.problem) tellTrouble(errorNotice(segment.problem, 'synthesis'));
            return segment;
          });
        },
        voice: (utterance, as = deps.character(caller.clientId)) =>
          utteranceVoice(as, { voice: deps.config.get(voiceName), speed: deps.config.get(voiceSpeed) }, utterance),
        cancelSpeech: (utteranceId) => void deps.synthesis.call('cancel', { utteranceId }).catch(() => undefined),
        shut: () => deps.gate.signal('answer'),
        callType: (medium) => callType(caller, medium),
        asker: (medium) => askerOf(caller, medium, client.phone),
        brief: () => client.phone?.brief(),
        characterId: () => characterId(client),
        onChange: () => {
          client.voice?.session.floorChanged();
          tellSession(client);
        },
        onExchange(exchange) {
          wentWell(exchange);
          settle(client, exchange);
        },
        onError: (error, stage) => {
          if (stage === 'restart')
            tellTrouble(
              notice('info', 'synthesis.restarted', 'The voice stopped in mid-sentence, was started again and repeats the last words.'),
            );
          else tellTrouble(errorNotice(error, stage));
        },
        onLatency: deps.observer.turnLatency,
      }),
    };
    return client;
  };

  /** What stands in front of every question of this page. */
  const circumstances = (
    client: Client,
    medium: 'voice' | 'text',
  ): Pick<PreparedExchange, 'callType' | 'characterId' | 'asker' | 'brief'> => {
    const brief = client.phone?.brief();
    return {
      callType: callType(client.caller, medium),
      characterId: characterId(client),
      asker: askerOf(client.caller, medium, client.phone),
      ...(brief ? { brief } : {}),
    };
  };

  /** Has the model read everything that is known so far, the words of the question included, so that the answer need not wait for that. */
  const warm = (client: Client, partialQuestion = ''): void => {
    const language = client.phone ? 'auto' : deps.config.get(talkLanguage);
    void deps.agent.prepare({
      conversationId: client.floor.conversationId(),
      language: language === 'auto' ? (client.heardLanguage ?? client.phone?.language() ?? deps.locale()) : language,
      ...circumstances(client, 'voice'),
      partialQuestion,
    });
  };

  const createVoice = (client: Client, sessionId: string, mode: InputMode): VoiceSession =>
    createVoiceSession({
      clock: deps.clock,
      floor: client.floor,
      mode,
      settings: {
        profile: () => endOfTurnProfiles[deps.config.get(talkEndOfTurn)],
        interruption: () => deps.config.get(talkInterruption),
        // Callers speak what they speak, whatever the owner has set for themselves.
        language: () => (client.phone || deps.config.get(talkLanguage) === 'auto' ? undefined : deps.config.get(talkLanguage)),
        sensitivity: () => deps.config.get(talkSensitivity),
      },
      configure: (options) => void deps.recognition.call('session.configure', { sessionId, options }).catch(() => undefined),
      endSpeech: () => void deps.recognition.call('session.endSpeech', { sessionId }).catch(() => undefined),
      tellPartial: (text) =>
        deps.tell('transcript.partial', { conversationId: client.floor.conversationId(), text }, client.caller.clientId),
      onSpeechStart: () => {
        settling.abort();
        warm(client);
      },
      onWords({ text, language }) {
        client.heardLanguage = language;
        warm(client, text.replace(LAST_WORD, ''));
      },
      onChange: () => tellSession(client),
      onError: (error) => void deps.notices.raise(errorNotice(toErrorData(error), 'store')),
      onInterruption: deps.observer.interruption,
      isStopPhrase: deps.isStopPhrase,
      onStopPhrase: () => deps.emergencyStop('voice'),
      isOutside: () => outsideWords(client.phone),
      // Nobody's voice on a telephone allows a tool, not even the owner's: the window does.
      hearApproval: (words) =>
        !client.phone && deps.tools.hear(words, askerOf(client.caller, 'voice'), client.floor.conversationId()) === 'answered',
      pendingApproval: () => (client.phone ? undefined : approvals.waitingIn(client.floor.conversationId())),
    });

  const snapshot = (client: Client): SessionSnapshot => ({
    sessionId: client.voice?.sessionId ?? null,
    conversationId: client.floor.conversationId(),
    characterId: characterId(client),
    talk: client.voice ? client.voice.session.talkState() : textTalkState(client),
    mode: client.voice?.session.mode() ?? 'hands-free',
    muted: client.voice?.session.isMuted() ?? false,
    pressed: client.voice?.session.isPressed() ?? false,
  });

  const closeSession = (sessionId: string): void => void deps.recognition.call('session.close', { sessionId }).catch(() => undefined);

  const isTalking = (): boolean => [...clients.values()].some(isInExchange);
  let forQuiet: (() => void)[] = [];
  const checkQuiet = (): void => {
    if (forQuiet.length === 0 || isTalking()) return;
    const due = forQuiet;
    forQuiet = [];
    for (const work of due) work();
  };

  const told = new Map<string, string>();
  const tellSession = (client: Client): void => {
    checkQuiet();
    const now = snapshot(client);
    const text = JSON.stringify(now);
    if (told.get(client.caller.clientId) === text) return;
    told.set(client.caller.clientId, text);
    deps.tell('session.changed', now, client.caller.clientId);
  };

  const announcements = createAnnouncements({
    ...deps,
    // What is for the owner is not said into a telephone call.
    clients: () => [...clients.values()].filter(({ caller }) => caller.door !== 'phone'),
    whenQuiet: (work) => service.whenQuiet(work),
    isCall: (id) => [...clients.values()].some(({ caller, floor }) => caller.door === 'phone' && floor.conversationId() === id),
    onError: (error) => tellTrouble(errorNotice(toErrorData(error), 'store')),
  });

  const service: ConversationService = {
    ...announcements,
    client(caller) {
      const known = clients.get(caller.clientId);
      if (known) return known;
      const client = createClient(caller);
      clients.set(caller.clientId, client);
      return client;
    },
    async startSession(caller, { conversationId, mode }) {
      const client = service.client(caller);
      service.stopSession(client);
      client.floor.setConversation(conversationId);
      client.off = 'loading';
      tellSession(client);
      const sessionId = createId('ses');
      const session = createVoice(client, sessionId, mode);
      client.opening = sessionId;
      const listening = deps.recognition.call('session.open', { sessionId, options: session.listenOptions() });
      try {
        await Promise.all([listening, deps.synthesis.start()]);
      } catch (error) {
        // Without a voice nobody listens either, also when the session is only opened after this.
        void listening.then(
          () => closeSession(sessionId),
          () => undefined,
        );
        if (client.opening !== sessionId) return snapshot(client);
        client.opening = undefined;
        client.off = 'unavailable';
        tellSession(client);
        throw error;
      }
      if (client.opening !== sessionId) {
        closeSession(sessionId);
        return snapshot(client);
      }
      client.opening = undefined;
      client.voice = { sessionId, session };
      deps.openAudio(caller, sessionId);
      warm(client);
      tellSession(client);
      return snapshot(client);
    },
    stopSession(client) {
      const { voice, opening } = client;
      client.opening = undefined;
      if (opening !== undefined) {
        client.off = 'not-started';
        tellSession(client);
      }
      if (!voice) return;
      client.floor.stop();
      voice.session.close();
      client.voice = undefined;
      client.off = 'not-started';
      closeSession(voice.sessionId);
      tellSession(client);
    },
    snapshot,
    tellSession,
    report(report) {
      for (const client of clients.values()) client.floor.report(report);
    },
    clientGone(clientId) {
      const client = clients.get(clientId);
      if (!client) return;
      service.stopSession(client);
      client.floor.stop();
      clients.delete(clientId);
      told.delete(clientId);
      checkQuiet();
    },
    isTalking,
    whenQuiet(work) {
      forQuiet.push(work);
      checkQuiet();
    },
    characterChanged(changedId) {
      for (const client of clients.values()) {
        if (characterId(client) !== changedId) continue;
        if (client.voice) warm(client);
        tellSession(client);
      }
    },
    endSessions() {
      for (const client of clients.values()) service.stopSession(client);
    },
    async stopAllAnswers() {
      settling.abort();
      const names: string[] = [];
      // Silence first: titles come from a disk that may be what has failed.
      for (const { floor, voice } of clients.values()) {
        if (floor.current()) names.push(floor.conversationId() ?? '');
        voice?.session.conversationChanged();
        floor.stop();
      }
      return names.map((id) => titleOf(deps.store, id));
    },
    historyReplaced() {
      // First, so that nothing of the former history is written along with what follows.
      deps.messages.forget();
      for (const { floor, voice } of clients.values()) {
        floor.withdraw();
        voice?.session.conversationChanged();
      }
    },
    async reopenSessions(call) {
      for (const { voice } of clients.values()) {
        if (voice) await call('session.open', { sessionId: voice.sessionId, options: voice.session.listenOptions() });
      }
    },
    reconnectAudio() {
      for (const { caller, voice } of clients.values()) if (voice) deps.openAudio(caller, voice.sessionId);
    },
    dispose() {
      stopListening();
      stopWatching();
      settling.abort();
      approvals.dispose();
      forQuiet = [];
      for (const clientId of clients.keys()) service.clientGone(clientId);
    },
  };
  return service;
}

function isInExchange({ voice, floor }: Client): boolean {
  return voice ? voice.session.talkState().state !== 'ready' : floor.current() !== undefined;
}

function textTalkState(client: Client): SessionSnapshot['talk'] {
  const run = client.floor.current();
  return run ? { state: 'thinking' } : { state: 'off', reason: client.off };
}

function titleOf(store: Pick<Store, 'getConversation'>, conversationId: string): string {
  try {
    return store.getConversation(conversationId)?.title ?? '';
  } catch {
    return '';
  }
}
