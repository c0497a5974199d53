import type {
  AppSnapshot,
  CaptureMessage,
  CallInput,
  CallName,
  CallOutcome,
  CallResult,
  Character,
  Conversation,
  EventName,
  EventPayload,
  Message,
  PlaybackReport,
  PreloadApi,
  SessionSnapshot,
  Setting,
} from '../../src-preload/contract/index.ts';
import { PORT_CHANNEL } from '../../src-preload/contract/names.ts';
import { createFakeHands, type FakeHands, type FakeHandsOptions } from './fake-core-hands.ts';
import { createFakePhone, type FakePhone, type FakePhoneOptions } from './fake-core-phone.ts';
import { createFakeCharacters } from './fake-core-characters.ts';
import { fakeConversations, fakeMessages, fakeModels, fakeSettings, fakeSnapshot, NO_SESSION } from './fake-core-data.ts';
import { hum } from './hum.ts';

/**
 * The core as a page sees it, inside the page: real contract, invented data, answers token by token, real sound through the real audio path.
 * Tests drive it by `window.fakeCore` and look at what the window makes of it. Calls that no screen uses answer "not implemented".
 */
export interface FakeCore {
  readonly api: PreloadApi;
  /** What the page has called, in order. */
  readonly calls: { name: CallName; input: unknown }[];
  tell<Name extends EventName>(name: Name, payload: EventPayload<Name>): void;
  /** The next calls of that name fail with this error. */
  failNext(name: CallName, code: string, message: string): void;
  setSnapshot(patch: Partial<AppSnapshot>): void;
  setSession(patch: Partial<SessionSnapshot>): void;
  setSetting(key: string, value: Setting['value']): void;
  /** Writes and, if asked, speaks an answer as the core would. Resolves when it has ended. */
  answer(text: string, options?: { spoken?: boolean; tokenMs?: number }): Promise<void>;
  /** The assistant's hands and the off-switch. */
  readonly hands: FakeHands;
  readonly phone: FakePhone;
  /** The player's reports so far. */
  readonly reports: PlaybackReport[];
  /** Samples that the page's microphone has sent, and their loudest. */
  readonly captured: { samples: number; peak: number };
}

export interface FakeCoreOptions {
  snapshot?: Partial<AppSnapshot>;
  settings?: Record<string, Setting['value']>;
  conversations?: Conversation[];
  messages?: (conversationId: string) => Message[];
  /** The owner's, beside the shipped ones. */
  characters?: readonly Character[];
  hands?: FakeHandsOptions;
  phone?: FakePhoneOptions;
}

type Answers = { [Name in CallName]?: (input: CallInput<Name>) => CallResult<Name> | Promise<CallResult<Name>> };

export function createFakeCore(options: FakeCoreOptions = {}): FakeCore {
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  const calls: FakeCore['calls'] = [];
  const failures = new Map<CallName, { code: string; message: string }>();
  const reports: PlaybackReport[] = [];
  const captured = { samples: 0, peak: 0 };
  let snapshot = fakeSnapshot(options.snapshot);
  let settings = fakeSettings().map((setting) => ({ ...setting, value: options.settings?.[setting.key] ?? setting.value }));
  let conversations = options.conversations ?? fakeConversations(8);
  const binned: Conversation[] = [];
  const messages = new Map<string, Message[]>();
  const models = fakeModels();
  let session: SessionSnapshot = NO_SESSION;
  let voice: MessagePort | undefined;
  let stopAnswer: (() => void) | undefined;
  let nextId = 1;
  const secrets = new Set<string>();

  const tell: FakeCore['tell'] = (name, payload) => {
    for (const listener of listeners.get(name) ?? []) listener(structuredClone(payload));
  };
  const messagesOf = (id: string): Message[] => {
    const known = messages.get(id) ?? (options.messages ?? fakeMessages)(id);
    messages.set(id, known);
    return known;
  };
  const setSession: FakeCore['setSession'] = (patch) => {
    session = { ...session, ...patch };
    tell('session.changed', session);
  };
  const setSetting: FakeCore['setSetting'] = (key, value) => {
    settings = settings.map((setting) => (setting.key === key ? { ...setting, value } : setting));
    const changed = settings.find((setting) => setting.key === key);
    if (!changed) throw new Error(`There is no setting "${key}"`);
    tell('settings.changed', changed);
  };
  const setSnapshot: FakeCore['setSnapshot'] = (patch) => {
    snapshot = { ...snapshot, ...patch };
    tell('app.changed', snapshot);
  };
  const addMessage = (message: Omit<Message, 'id' | 'createdAtMs'>): Message => {
    const stored = { ...message, id: `n${nextId++}`, createdAtMs: Date.now() };
    messagesOf(message.conversationId).push(stored);
    tell('message.added', stored);
    return stored;
  };
  const currentConversation = (): string => session.conversationId ?? conversations[0]?.id ?? 'c0';

  const answer: FakeCore['answer'] = async (text, { spoken = false, tokenMs = 25 } = {}) => {
    stopAnswer?.();
    const conversationId = currentConversation();
    const message: Message = {
      id: `n${nextId++}`,
      conversationId,
      role: 'assistant',
      text: '',
      medium: spoken ? 'voice' : 'text',
      language: 'en',
      heardChars: spoken ? 0 : null,
      status: 'interrupted',
      createdAtMs: Date.now(),
    };
    let stopped = false;
    stopAnswer = () => {
      stopped = true;
    };
    setSession({ talk: { state: 'thinking' } });
    const utteranceId = `u-${message.id}`;
    const soundMs = text.length * 60;
    if (spoken) {
      voice?.postMessage({
        type: 'speech',
        utteranceId,
        segmentIndex: 0,
        sampleRateHz: 22_050,
        samples: hum(soundMs / 1000, 22_050),
        last: true,
      });
      tell('playback.command', { command: 'start', utteranceId });
      tell('playback.command', { command: 'finish', utteranceId, segmentCount: 1 });
    }
    const progress = (shown: string, done: boolean): void => {
      const played = reports.findLast((report) => report.utteranceId === utteranceId)?.playedMs ?? 0;
      const heardChars = spoken ? Math.min(shown.length, Math.round((played / soundMs) * text.length)) : null;
      Object.assign(message, { text: shown, heardChars });
      tell('answer.progress', { conversationId, messageId: message.id, text: shown, heardChars, done });
    };
    const isOver = (): boolean =>
      stopped || !spoken || reports.some((report) => report.utteranceId === utteranceId && report.event === 'ended');
    for (let length = 0; length < text.length; length += 4) {
      if (stopped) break;
      await delay(tokenMs);
      if (length === 0) {
        messagesOf(conversationId).push(message);
        tell('message.added', { ...message, text: text.slice(0, 4) });
      }
      if (spoken && reports.some((report) => report.utteranceId === utteranceId))
        setSession({ talk: { state: 'speaking', paused: false } });
      progress(text.slice(0, length + 4), false);
    }
    while (!isOver()) {
      await delay(50);
      if (session.talk.state === 'thinking' && reports.some((report) => report.utteranceId === utteranceId))
        setSession({ talk: { state: 'speaking', paused: false } });
      progress(message.text, false);
    }
    if (stopped && spoken) tell('playback.command', { command: 'drop', utteranceId });
    const heardChars = spoken && !stopped ? message.text.length : message.heardChars;
    Object.assign(message, { status: stopped ? 'interrupted' : 'complete', heardChars });
    tell('message.changed', message);
    progress(message.text, true);
    setSession({ talk: session.sessionId === null ? { state: 'off', reason: 'not-started' } : { state: 'ready' } });
  };

  const hands = createFakeHands(options.hands ?? {}, tell);
  const phone = createFakePhone(options.phone ?? {}, tell);
  const answers: Answers = {
    ...hands.answers,
    ...phone.answers,
    'app.snapshot': () => snapshot,
    'app.setLocale': ({ locale }) => setSnapshot({ locale: locale === 'de' ? 'de' : 'en' }),
    'app.finishFirstRun': () => setSnapshot({ firstRun: false }),
    'app.dismissNotice': ({ noticeId }) => setSnapshot({ notices: snapshot.notices.filter((notice) => notice.id !== noticeId) }),
    'app.restartPart': () => undefined,
    'app.openExternal': () => undefined,
    'session.start': ({ conversationId, mode }) => {
      session = { ...session, sessionId: 'session-1', conversationId, mode, talk: { state: 'ready' } };
      voice = openPorts('session-1', captured);
      setTimeout(() => tell('session.changed', session));
      return session;
    },
    'session.stop': () => setSession({ sessionId: null, talk: { state: 'off', reason: 'not-started' } }),
    'session.snapshot': () => session,
    'session.setMode': ({ mode }) => setSession({ mode }),
    'session.setMuted': ({ muted }) => setSession({ muted }),
    'session.setConversation': ({ conversationId }) => setSession({ conversationId }),
    'session.press': ({ down }) => setSession({ pressed: down, talk: down ? { state: 'listening' } : { state: 'ready' } }),
    'session.reportInput': () => undefined,
    'playback.report': (report) => void reports.push(report),
    'turn.stop': () => stopAnswer?.(),
    'turn.send': ({ conversationId, text, speak }) => {
      const id = conversationId ?? `c${100 + nextId++}`;
      if (conversationId === null) {
        messages.set(id, []);
        conversations = [
          { id, title: '', createdAtMs: Date.now(), updatedAtMs: Date.now(), messageCount: 1, preview: text },
          ...conversations,
        ];
        tell('conversations.changed', { conversationId: id });
      }
      session = { ...session, conversationId: id };
      const question = addMessage({
        conversationId: id,
        role: 'user',
        text,
        medium: 'text',
        language: 'en',
        heardChars: null,
        status: 'complete',
      });
      setTimeout(
        () => void answer('Gladly. I can answer questions, read things aloud and remember what we talked about.', { spoken: speak }),
        300,
      );
      return { conversationId: id, messageId: question.id };
    },
    'turn.regenerate': () => void answer('Another answer, then. It says the same in other words.'),
    'turn.readAloud': () => void answer('This is read aloud, word by word.', { spoken: true }),
    'conversations.list': () => conversations,
    'conversations.rename': ({ id, title }) => {
      conversations = conversations.map((conversation) => (conversation.id === id ? { ...conversation, title } : conversation));
    },
    'conversations.delete': ({ id }) => {
      binned.push(...conversations.filter((conversation) => conversation.id === id));
      conversations = conversations.filter((conversation) => conversation.id !== id);
    },
    'conversations.restore': ({ id }) => {
      conversations = [...binned.filter((conversation) => conversation.id === id), ...conversations];
    },
    'conversations.messages': ({ id, beforeMs, limit }) =>
      messagesOf(id)
        .filter((message) => beforeMs === undefined || message.createdAtMs < beforeMs)
        .slice(-limit),
    'conversations.search': ({ query }) =>
      conversations.slice(0, 3).map((conversation, index) => ({
        conversationId: conversation.id,
        conversationTitle: conversation.title,
        messageId: `hit${index}`,
        excerpt: `… the word ${query} was said here, and more words around it …`,
        matchStart: 11,
        matchEnd: 11 + query.length,
        createdAtMs: conversation.updatedAtMs,
      })),
    'conversations.export': ({ id, format }) => ({ fileName: `${id}.${format === 'json' ? 'json' : 'md'}`, content: '# Conversation' }),
    'settings.list': () => settings,
    'settings.set': ({ key, value }) => {
      setSetting(key, value);
      return find(settings, key);
    },
    'settings.reset': ({ key }) => {
      setSetting(key, find(settings, key).defaultValue);
      return find(settings, key);
    },
    'secrets.set': ({ name, value }) => void (value === '' ? secrets.delete(name) : secrets.add(name)),
    'secrets.status': () => ({ stored: [...secrets], protection: 'file' }),
    'models.list': () => models,
    'models.download': ({ modelId }) => setModel(modelId, { status: 'queued' }),
    'models.pause': ({ modelId }) => setModel(modelId, { status: 'paused', receivedBytes: 9e8, totalBytes: 2.5e9 }),
    'models.cancel': ({ modelId }) => setModel(modelId, { status: 'absent' }),
    'models.delete': ({ modelId }) => setModel(modelId, { status: 'absent' }),
    'models.use': () => undefined,
    'models.import': () => ({ modelId: 'own' }),
    'models.setBackend': (backend) => void Object.assign(models, { backend }),
    'models.testBackend': async (backend) => {
      await delay(300);
      return backend.kind === 'claude'
        ? {
            ok: false,
            answer: '',
            latencyMs: 80,
            code: 'language.unauthorized',
            message: 'The key was refused. Enter a valid one.',
            details: { where: 'Claude' },
          }
        : { ok: true, answer: 'Hello, I am here.', latencyMs: 412 };
    },
    'voice.test': () => answer('This is how I sound.', { spoken: true }),
    'voice.list': () => [
      { id: 'piper-en-us-joe', name: 'Joe', languages: ['en'], engine: 'piper' },
      { id: 'espeak', name: 'eSpeak', languages: ['en', 'de', 'fr', 'es', 'it'], engine: 'espeak' },
    ],
    ...createFakeCharacters(options.characters ?? [], {
      changed: () => tell('characters.changed', { characterId: null }),
      use: (characterId) => setSession({ characterId }),
      speak: (text) => void answer(text, { spoken: true }),
      clipProgress: (characterId, share) => tell('characters.clipProgress', { characterId, share }),
      delay,
    }),
    'face.setWindow': ({ open }) => {
      tell('face.window', { open });
      return { open };
    },
    'store.backups': () => [
      { fileName: 'backup-1.db', createdAtMs: Date.now() - 86_400_000, sizeBytes: 2_300_000 },
      { fileName: 'backup-2.db', createdAtMs: Date.now() - 2 * 86_400_000, sizeBytes: 2_200_000 },
    ],
    'store.restoreBackup': () => undefined,
    'doctor.run': () => [
      { part: 'node', ok: true, summary: 'Node 24.21 is installed.' },
      { part: 'models', ok: false, summary: 'Whisper base is missing.', repair: 'Run "npm run setup".' },
    ],
  };

  const setModel = (modelId: string, status: (typeof models.models)[number]['status']): void => {
    models.models = models.models.map((model) => (model.id === modelId ? { ...model, status } : model));
    tell('models.progress', { modelId, status });
  };

  const call = async (name: CallName, input: unknown): Promise<CallOutcome> => {
    calls.push({ name, input });
    const failure = failures.get(name);
    failures.delete(name);
    if (failure) return { ok: false, error: { ...failure, details: {} } };
    const handler = answers[name] as ((input: unknown) => unknown) | undefined;
    if (!handler) return { ok: false, error: { code: 'request.unknown-call', message: `The fake core has no "${name}".`, details: {} } };
    await delay(4);
    try {
      return { ok: true, value: structuredClone(await handler(input)) };
    } catch (error) {
      // Refused, with a code; anything else is a mistake of the double.
      if (!(error instanceof Error) || !('code' in error)) throw error;
      return { ok: false, error: { code: String(error.code), message: error.message, details: {} } };
    }
  };

  return {
    calls,
    hands,
    phone,
    reports,
    captured,
    tell,
    answer,
    setSnapshot,
    setSession,
    setSetting,
    failNext: (name, code, message) => void failures.set(name, { code, message }),
    api: {
      call,
      on(name, listener) {
        const set = listeners.get(name) ?? new Set();
        listeners.set(name, set);
        set.add(listener);
        return () => void set.delete(listener);
      },
    },
  };
}

/** As the preload does it: one end of each line is posted to the page. Returns the voice's end; what is heard is counted. */
function openPorts(sessionId: string, captured: FakeCore['captured']): MessagePort {
  const [capture, playback] = [new MessageChannel(), new MessageChannel()];
  capture.port1.addEventListener('message', (event: MessageEvent<CaptureMessage>) => {
    captured.samples += event.data.samples.length;
    for (const sample of event.data.samples) captured.peak = Math.max(captured.peak, Math.abs(sample));
  });
  capture.port1.start();
  for (const [kind, channel] of [['capture', capture] as const, ['playback', playback] as const])
    window.postMessage({ channel: PORT_CHANNEL, sessionId, kind }, location.origin, [channel.port2]);
  return playback.port1;
}

function find(settings: readonly Setting[], key: string): Setting {
  const setting = settings.find((candidate) => candidate.key === key);
  if (!setting) throw new Error(`There is no setting "${key}"`);
  return setting;
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
