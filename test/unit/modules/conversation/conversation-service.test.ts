import { describe, expect, it } from 'vitest';
import { createConversationService } from '../../../../src-main/modules/conversation/conversation-service.ts';
import { conversationSettings, createMessageLog } from '../../../../src-main/modules/conversation/index.ts';
import type { RecognitionEvent, RecognitionMethods, SynthesisMethods } from '../../../../src-main/inference/contracts/index.ts';
import { createConfig } from '../../../../src-main/platform/config/index.ts';
import { createNoticeBoard } from '../../../../src-main/platform/notices/index.ts';
import { createSupervisedWorker, workerEntry } from '../../../../src-main/platform/workers/index.ts';
import { createAgentRig } from '../../../doubles/agent-rig.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { createScriptedLauncher } from '../../../doubles/scripted-worker.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const nothing = (): void => undefined;
const sessionOf = ({ params }: { params: unknown }): string => (params as { sessionId: string }).sessionId;

/** The service with its real supervisors; their processes answer when the test says so. */
async function setUp() {
  const { agent, clock, store } = await createAgentRig();
  const log = createRecordingLog();
  const hearing = createScriptedLauncher({ answer: (method) => (method === 'session.open' ? undefined : { value: null }) });
  const voice = createScriptedLauncher({ answer: () => ({ value: null }) });
  const recognition = createSupervisedWorker<RecognitionMethods, RecognitionEvent>(
    { name: 'recognition', entry: workerEntry('recognition'), memoryLimitBytes: 1e9 },
    { launch: hearing.launch, clock, log },
  );
  const synthesis = createSupervisedWorker<SynthesisMethods, never>(
    { name: 'synthesis', entry: workerEntry('synthesis'), memoryLimitBytes: 1e9 },
    { launch: voice.launch, clock, log },
  );
  const opened: string[] = [];
  const service = createConversationService({
    clock,
    agent,
    store,
    config: createConfig({ dataDirectory: await temporaryFolder(), definitions: conversationSettings, clock, log }),
    messages: createMessageLog({ store, tell: nothing, clock, onUnsaved: nothing, onSaved: nothing }),
    tell: nothing,
    openAudio: (_caller, sessionId) => void opened.push(sessionId),
    notices: createNoticeBoard({ tell: nothing }),
    recognition,
    synthesis,
    observer: { turnLatency: nothing, interruption: nothing, answered: nothing },
    locale: () => 'en',
  });
  const requests = (method: string) =>
    hearing
      .latest()
      .requests()
      .filter((request) => request.method === method);
  return {
    clock,
    service,
    caller: { clientId: 'page', door: 'window' as const },
    opened,
    asked: (method: string) => requests(method).map(sessionOf),
    /** The recognition worker has opened every session that it was asked for. */
    openAll: () => {
      for (const { seq } of requests('session.open')) hearing.latest().say({ type: 'response', seq, ok: true, value: null });
    },
    settle: () => clock.advance(10),
  };
}

describe('createConversationService', () => {
  it('opens the lines of sound when both workers are ready, and is loading until then', async () => {
    const { service, caller, opened, asked, openAll, settle } = await setUp();
    const starting = service.startSession(caller, { conversationId: null, mode: 'hands-free' });
    await settle();
    expect(service.snapshot(service.client(caller)).talk).toEqual({ state: 'off', reason: 'loading' });
    expect(opened).toEqual([]);
    openAll();
    await settle();
    const { sessionId, talk } = await starting;
    expect([opened, asked('session.open'), talk.state]).toEqual([[sessionId], [sessionId], 'ready']);
  });

  it('closes a session that was given up while it was opening', async () => {
    const { service, caller, opened, asked, openAll, settle } = await setUp();
    const starting = service.startSession(caller, { conversationId: null, mode: 'hands-free' });
    await settle();
    service.stopSession(service.client(caller));
    expect(service.snapshot(service.client(caller)).talk).toEqual({ state: 'off', reason: 'not-started' });
    openAll();
    await settle();
    expect((await starting).sessionId).toBeNull();
    expect([opened, asked('session.close')]).toEqual([[], asked('session.open')]);
  });

  it('closes the session of a page that was closed while it was opening', async () => {
    const { service, caller, opened, asked, openAll, settle } = await setUp();
    const starting = service.startSession(caller, { conversationId: null, mode: 'hands-free' });
    await settle();
    service.clientGone(caller.clientId);
    openAll();
    await settle();
    await starting;
    expect([opened, asked('session.close')]).toEqual([[], asked('session.open')]);
  });

  it('keeps only the later of two sessions that a page asked for at once', async () => {
    const { service, caller, opened, asked, openAll, settle } = await setUp();
    const both = Promise.all([
      service.startSession(caller, { conversationId: null, mode: 'hands-free' }),
      service.startSession(caller, { conversationId: null, mode: 'push-to-talk' }),
    ]);
    await settle();
    openAll();
    await settle();
    const [, { sessionId, mode }] = await both;
    expect([opened, mode]).toEqual([[sessionId], 'push-to-talk']);
    expect(asked('session.close')).toEqual(asked('session.open').filter((id) => id !== sessionId));
  });
});
