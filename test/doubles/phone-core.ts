import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src-main/base/clock.ts';
import { createDisposeBag } from '../../src-main/base/dispose.ts';
import type { CoreOptions } from '../../src-main/compose.ts';
import { composeCharacters } from '../../src-main/compose/characters.ts';
import { composeHands } from '../../src-main/compose/hands.ts';
import { composeInference } from '../../src-main/compose/inference.ts';
import { createRelease, joinWorkers } from '../../src-main/compose/join-workers.ts';
import { composeOffSwitch } from '../../src-main/compose/off-switch.ts';
import { composePlatform } from '../../src-main/compose/platform.ts';
import { composeTalk } from '../../src-main/compose/talk.ts';
import { createCallSound } from '../../src-main/modules/telephony/media/call-voice.ts';
import { createMediaDoors } from '../../src-main/modules/telephony/media/media-doors.ts';
import type { VoiceEvent } from '../../src-main/modules/telephony/calls/call-ports.ts';
import type { LegStatistics, MediaEvent, MediaMethods } from '../../src-main/modules/telephony/telephony.ts';
import { readChildEnvironment, readEnvironment } from '../../src-main/platform/config/index.ts';
import { createSupervisedWorker, linkBySocket, workerEntry } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import type { CallCaption, EventName, PhoneCall } from '../../src-preload/contract/index.ts';
import { connectAsAsterisk } from './asterisk-audio-socket.ts';

/** The core's own parts, joined as compose joins them, with the sound of calls and no exchange: a test is the caller. */
export async function startPhoneCore() {
  const clock = systemClock;
  const bag = createDisposeBag();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'openclaw-phone-'));
  bag.add(() => void rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 }));
  const options: CoreOptions = {
    environment: { ...readEnvironment(), dataDirectory, isTest: true },
    door: 'browser',
    version: '0.0.0',
    link: linkBySocket,
    createLauncher: (log) => createNodeLauncher({ environment: readChildEnvironment(), log }),
  };
  const platform = await composePlatform(options, clock, bag);
  const { config, hub, log, notices, workers } = platform;
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- belongs to this test
  const locale = (): 'en' => 'en';
  const killSwitch = composeOffSwitch({ options, platform, clock, bag, names: () => [] });
  const { models, language, model } = composeInference({ options, platform, clock, bag, killSwitch, release: (id) => release(id) });
  const hands = composeHands({
    options,
    platform,
    clock,
    bag,
    killSwitch,
    announce: (...said) => void talk.conversation.announce(...said),
    speakQuestion: (...question) => talk.conversation.speakQuestion(...question),
    locale,
  });
  const { characters } = await composeCharacters({
    options,
    platform,
    clock,
    bag,
    gate: killSwitch.gate,
    model,
    locale,
    changed: () => undefined,
    speak: () => undefined,
    render: (...speech) => talk.conversation.renderSpeech(...speech),
    liveWeights: () => Promise.resolve(undefined),
  });
  const talk: ReturnType<typeof composeTalk> = composeTalk({
    platform,
    clock,
    bag,
    killSwitch,
    language,
    tools: hands.tools,
    characters,
    locale,
  });
  const { conversation } = talk;
  const release: ReturnType<typeof createRelease> = createRelease({ language, workers, isTalking: conversation.isTalking });
  joinWorkers({ bag, models, workers, conversation, language, notices, config, log });

  const worker = bag.add(
    createSupervisedWorker<MediaMethods, MediaEvent>(
      { name: 'media', entry: workerEntry('media'), memoryLimitBytes: 512 * 1024 ** 2 },
      { launch: options.createLauncher(log), clock, log },
    ),
  );
  const media = createMediaDoors(worker, () => undefined);
  const latencies: number[] = [];
  const statistics: LegStatistics[] = [];
  const sound = bag.add(
    createCallSound({
      clock,
      log,
      hub,
      tell: hub.tell,
      conversation,
      media,
      recognition: workers.recognition,
      synthesis: workers.synthesis,
      link: linkBySocket,
      speaker: (clientId) => {
        const speaker = characters.speaker(clientId);
        return { ...speaker, name: characters.persona(speaker.id)?.name ?? 'Nova' };
      },
      languageOf: () => 'en',
      releasedTo: () => '',
      ownGreeting: () => '',
      locale,
      onLatency: (_callId, ms) => void latencies.push(ms),
      onStatistics: (_callId, counted) => void statistics.push(counted),
    }),
  );
  const captions: CallCaption[] = [];
  const events: { name: EventName; payload: unknown }[] = [];
  const voiceEvents: VoiceEvent[] = [];
  hub.watch((name, payload) => {
    events.push({ name, payload });
    if (name === 'phone.caption') captions.push(payload as CallCaption);
  });
  bag.add(sound.voice.onEvent((event) => void voiceEvents.push(event)));
  // One after the other: on a busy machine five processes at once take longer to start than a supervisor waits.
  for (const each of [worker, workers.recognition, workers.synthesis]) await each.start();
  language.begin();
  let calls = 0;
  return {
    sound,
    worker,
    media,
    recognition: workers.recognition,
    store: platform.store,
    captions,
    events,
    voiceEvents,
    latencies,
    statistics,
    /** As telephony does it: opens a leg, Asterisk connects, the conversation begins. */
    async call(change: Partial<PhoneCall> = {}, rateHz: 8_000 | 16_000 = 16_000) {
      calls += 1;
      const call: PhoneCall = {
        id: `test-${calls}`,
        direction: 'in',
        party: { number: '+4930123456', name: 'Ada', contactId: null, standing: 'unknown' },
        way: 'test',
        state: { state: 'talking', by: 'assistant', held: false, muted: false, listening: false, recording: false },
        startedAtMs: Date.now(),
        answeredAtMs: Date.now(),
        endedAtMs: null,
        purpose: '',
        screeningText: '',
        conversationId: null,
        characterId: null,
        trouble: null,
        ...change,
      };
      const legId = randomUUID();
      const { host } = await sound.legs.open({ callId: call.id, legId });
      const far = await connectAsAsterisk({ port: Number(host.split(':')[1]), legId, rateHz });
      return { call, legId, far };
    },
    dispose: () => bag.dispose(),
  };
}
