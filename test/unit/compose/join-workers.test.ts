import { describe, expect, it } from 'vitest';
import { createDisposeBag } from '../../../src-main/base/dispose.ts';
import { joinWorkers } from '../../../src-main/compose/join-workers.ts';
import type { RecognitionModels, SynthesisModels } from '../../../src-main/inference/contracts/index.ts';
import type { ModelsChange } from '../../../src-main/inference/models/index.ts';
import { createConversationServiceRig } from '../../doubles/conversation-service-rig.ts';

const RECOGNITION: RecognitionModels = {
  voiceActivity: '/models/vad.onnx',
  whisper: { encoder: '/models/e', decoder: '/models/d', tokens: '/models/t' },
  threads: 2,
};
const OTHER_RECOGNITION: RecognitionModels = { ...RECOGNITION, whisper: { encoder: '/other/e', decoder: '/other/d', tokens: '/other/t' } };
const SYNTHESIS: SynthesisModels = { piper: [], threads: 2 };
const OTHER_SYNTHESIS: SynthesisModels = { piper: [], espeak: { library: '/espeak.wasm', dataDirectory: '/espeak' }, threads: 2 };

/** Both workers joined with a models service that says what the test makes it say. */
async function setUp() {
  const rig = await createConversationServiceRig();
  const { recognition, synthesis } = rig;
  const chosen = { recognition: RECOGNITION, synthesis: SYNTHESIS };
  const listeners: ((change: ModelsChange) => void)[] = [];
  joinWorkers({
    bag: createDisposeBag(),
    models: {
      recognitionModels: async () => chosen.recognition,
      synthesisModels: async () => chosen.synthesis,
      onChange(listener) {
        listeners.push(listener);
        return () => undefined;
      },
    },
    workers: { recognition, synthesis },
    conversation: rig.service,
    language: { onStatus: () => () => undefined, modelsChanged: () => undefined },
    notices: { setPart: () => undefined },
    config: rig.config,
    log: rig.log,
  });
  const loads = (launcher: typeof rig.hearing): unknown[] =>
    launcher.processes.flatMap((each) => each.requests().filter(({ method }) => method === 'load')).map(({ params }) => params);
  await Promise.all([recognition.start(), synthesis.start(), rig.settle()]);
  return {
    ...rig,
    chosen,
    async change(job: ModelsChange['job'], reason: ModelsChange['reason']) {
      for (const listener of listeners) listener({ modelId: 'model', job, reason });
      await rig.settle();
    },
    heard: () => loads(rig.hearing),
    spoken: () => loads(rig.voice),
  };
}

describe('joinWorkers', () => {
  it('leaves the workers alone when a change of models is none of what they have loaded', async () => {
    const { change, heard, spoken } = await setUp();
    await change('recognition', 'imported');
    await change('synthesis', 'installed');
    await change('language', 'used');
    expect([heard(), spoken()]).toEqual([[RECOGNITION], [SYNTHESIS]]);
  });

  it('starts the worker anew, and no other, when it has to load something else', async () => {
    const { change, chosen, heard, spoken } = await setUp();
    chosen.synthesis = OTHER_SYNTHESIS;
    await change('synthesis', 'used');
    expect([heard(), spoken()]).toEqual([[RECOGNITION], [SYNTHESIS, OTHER_SYNTHESIS]]);
    await change('synthesis', 'used');
    expect(spoken()).toHaveLength(2);
  });

  it('waits until nobody is talking, and starts it once however much was chosen meanwhile', async () => {
    const { change, chosen, heard, listen, hear, settle } = await setUp();
    const speech = hear(await listen());
    chosen.recognition = OTHER_RECOGNITION;
    await change('recognition', 'installed');
    await change('recognition', 'used');
    expect(heard()).toEqual([RECOGNITION]);
    speech.end();
    await settle();
    expect(heard()).toEqual([RECOGNITION, OTHER_RECOGNITION]);
  });

  it('starts nothing anew when the former choice is back by the time nobody is talking', async () => {
    const { change, chosen, heard, listen, hear, settle } = await setUp();
    const speech = hear(await listen());
    chosen.recognition = OTHER_RECOGNITION;
    await change('recognition', 'used');
    chosen.recognition = RECOGNITION;
    await change('recognition', 'used');
    speech.end();
    await settle();
    expect(heard()).toEqual([RECOGNITION]);
  });

  it('starts a worker again that let go of files while they were replaced', async () => {
    const { change, heard, recognition, settle } = await setUp();
    await Promise.all([recognition.stop(), settle()]);
    await change('recognition', 'installed');
    expect(heard()).toEqual([RECOGNITION, RECOGNITION]);
  });

  it('closes the breaker of a worker for which another model was chosen, and not because one was imported', async () => {
    const { change, chosen, clock, voice, spoken, synthesis } = await setUp();
    for (let exits = 0; exits < 3; exits += 1) {
      voice.latest().exit(1);
      await clock.advance(5000);
    }
    expect(synthesis.state().state).toBe('broken');
    await change('synthesis', 'imported');
    expect(synthesis.state().state).toBe('broken');
    chosen.synthesis = OTHER_SYNTHESIS;
    await change('synthesis', 'used');
    expect([synthesis.state().state, spoken().at(-1)]).toEqual(['running', OTHER_SYNTHESIS]);
  });

  it('starts the voice anew with a speech server when the owner sets one up, and again when it goes', async () => {
    const { config, settle, spoken } = await setUp();
    await config.set('voice.serverModel', 'Qwen/Qwen3-TTS-12Hz-0.6B-Base');
    await settle();
    expect(spoken()).toEqual([SYNTHESIS]);
    await config.set('voice.serverAddress', 'http://127.0.0.1:8091');
    await settle();
    await config.reset('voice.serverAddress');
    await settle();
    const server = { baseUrl: 'http://127.0.0.1:8091/v1', model: 'Qwen/Qwen3-TTS-12Hz-0.6B-Base', voice: '', remoteAllowed: false };
    expect(spoken()).toEqual([SYNTHESIS, { ...SYNTHESIS, server }, SYNTHESIS]);
  });
});
