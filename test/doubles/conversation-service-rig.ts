import { createConversationHandlers } from '../../src-main/modules/conversation/conversation-handlers.ts';
import { createConversationService, type ConversationDeps } from '../../src-main/modules/conversation/conversation-service.ts';
import { conversationSettings, createMessageLog } from '../../src-main/modules/conversation/index.ts';
import type { RecognitionEvent, RecognitionMethods, SynthesisMethods } from '../../src-main/inference/contracts/index.ts';
import { voiceServerSettings } from '../../src-main/inference/voice-server/index.ts';
import { createConfig } from '../../src-main/platform/config/index.ts';
import { createNoticeBoard } from '../../src-main/platform/notices/index.ts';
import { createSupervisedWorker, workerEntry } from '../../src-main/platform/workers/index.ts';
import { voiceProfileSchema, type EventName } from '../../src-preload/contract/index.ts';
import { createAgentRig, type AgentRigOptions } from './agent-rig.ts';
import { createRecordingLog } from './recording-log.ts';
import { createScriptedLauncher } from './scripted-worker.ts';
import { temporaryFolder } from './temporary-folder.ts';

const nothing = (): void => undefined;
const sessionOf = ({ params }: { params: unknown }): string => (params as { sessionId: string }).sessionId;

/** The conversation module with a real store and its real supervisors; their processes answer when the test says so. */
export async function createConversationServiceRig(options: Pick<AgentRigOptions, 'answers' | 'usesTools' | 'tools'> = {}) {
  const { agent, clock, model, store, tools, gate } = await createAgentRig(options);
  const stops: string[] = [];
  const log = createRecordingLog();
  const hearing = createScriptedLauncher({ answer: (method) => (method === 'session.open' ? undefined : { value: null }) });
  const voice = createScriptedLauncher({ answer: (method) => (method === 'render' ? undefined : { value: null }) });
  const recognition = createSupervisedWorker<RecognitionMethods, RecognitionEvent>(
    { name: 'recognition', entry: workerEntry('recognition'), memoryLimitBytes: 1e9 },
    { launch: hearing.launch, clock, log },
  );
  const synthesis = createSupervisedWorker<SynthesisMethods, never>(
    { name: 'synthesis', entry: workerEntry('synthesis'), memoryLimitBytes: 1e9 },
    { launch: voice.launch, clock, log },
  );
  const opened: string[] = [];
  const events: { name: EventName; payload: unknown }[] = [];
  const tell: ConversationDeps['tell'] = (name, payload) => void events.push({ name, payload });
  const notices = createNoticeBoard({ tell: nothing });
  const messages = createMessageLog({ store, tell, clock, log, onUnsaved: nothing, onSaved: nothing });
  const deps: ConversationDeps = {
    clock,
    agent,
    store,
    config: createConfig({
      dataDirectory: await temporaryFolder(),
      definitions: [...conversationSettings, ...voiceServerSettings],
      clock,
      log,
    }),
    messages,
    tell,
    openAudio: (_caller, sessionId) => void opened.push(sessionId),
    notices,
    recognition,
    synthesis,
    observer: { turnLatency: nothing, interruption: nothing, answered: nothing },
    character: (clientId) => ({ id: characters.get(clientId) ?? 'default', voice: voiceProfileSchema.parse({}), patterns: [] }),
    locale: () => 'en',
    gate,
    tools,
    isStopPhrase: (words) => /^stop everything\b/i.test(words),
    emergencyStop: (trigger) => void stops.push(trigger),
  };
  /** Page → who speaks there, where it is not Nova. */
  const characters = new Map<string, string>();
  const service = createConversationService(deps);
  const caller = { clientId: 'page', door: 'window' as const };
  const requests = (method: string) =>
    hearing
      .latest()
      .requests()
      .filter((request) => request.method === method);
  /** The recognition worker has opened every session that it was asked for. */
  const openAll = (): void => {
    for (const { seq } of requests('session.open')) hearing.latest().say({ type: 'response', seq, ok: true, value: null });
  };
  const settle = (): Promise<void> => clock.advance(10);
  let speeches = 0;
  return {
    clock,
    store,
    model,
    tools,
    gate,
    stops,
    log,
    service,
    handlers: createConversationHandlers(service, deps),
    deps,
    config: deps.config,
    messages,
    characters,
    notices: () => notices.snapshot().notices.map(({ code }) => code),
    events,
    caller,
    recognition,
    synthesis,
    /** Makes the processes of the recognition worker, and of the voice. */
    hearing,
    voice,
    opened,
    asked: (method: string) => requests(method).map(sessionOf),
    openAll,
    settle,
    /** An open session, hands-free. */
    async listen(conversationId: string | null = null): Promise<string> {
      const starting = service.startSession(caller, { conversationId, mode: 'hands-free' });
      await settle();
      openAll();
      await settle();
      return (await starting).sessionId ?? '';
    },
    talkState: () => service.snapshot(service.client(caller)).talk.state,
    /** The recognition worker hears somebody speak; `pause` tells the words so far, `end` the end. */
    hear(sessionId: string) {
      speeches += 1;
      const say = (payload: Record<string, unknown>): void =>
        hearing.latest().say({ type: 'event', payload: { sessionId, speechId: `speech-${speeches}`, revision: 0, ...payload } });
      say({ type: 'speech.start', startSample: 0, onsetAtMs: clock.nowMs(), emittedAtMs: clock.nowMs() });
      return {
        pause(text: string) {
          say({ type: 'speech.pause', endSample: 0, endAtMs: clock.nowMs(), emittedAtMs: clock.nowMs() });
          say({ type: 'transcript.final', text, language: 'en', voicedMs: 600, decodeMs: 40 });
        },
        end: () => say({ type: 'speech.end', durationMs: 1000 }),
      };
    },
  };
}
