import { describe, expect, it } from 'vitest';
import type { RecognitionEvent, RecognitionModels } from '../../../../src-main/inference/contracts/index.ts';
import { createRecognitionService } from '../../../../src-main/inference/recognition/recognition-service.ts';
import { createTranscriber } from '../../../../src-main/inference/recognition/transcriber.ts';
import type { AudioPort, AudioPortMessage } from '../../../../src-preload/contract/index.ts';
import { createScriptedDetector, createScriptedEngine, listenOptions, voice } from '../../../doubles/scripted-hearing.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const MODELS: RecognitionModels = { voiceActivity: 'vad.onnx', threads: 1 };

/** A port whose other end the test holds. */
function createPort() {
  const listeners = new Set<(message: AudioPortMessage) => void>();
  const closeListeners = new Set<() => void>();
  const port: AudioPort & { closed: boolean } = {
    closed: false,
    post: () => undefined,
    onMessage(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onClose(listener) {
      closeListeners.add(listener);
      return () => void closeListeners.delete(listener);
    },
    close() {
      port.closed = true;
      for (const listener of closeListeners) listener();
    },
  };
  return { port, speak: (samples: Float32Array) => listeners.forEach((listener) => listener({ type: 'capture', samples })) };
}

function setUp() {
  const clock = createVirtualClock();
  const events: RecognitionEvent[] = [];
  const opened: RecognitionModels[] = [];
  const service = createRecognitionService({
    clock,
    emit: (event) => void events.push(event),
    openHearing(models) {
      opened.push(models);
      const engine = createScriptedEngine({ clock, text: () => models.voiceActivity, decodeMs: 50 });
      return Promise.resolve({
        createDetector: () => createScriptedDetector(),
        turnDetector: undefined,
        transcriber: createTranscriber([engine]),
      });
    },
  });
  const open = (sessionId = 'a') => service.open({ sessionId, options: listenOptions() });
  const typesOf = (sessionId: string) => events.filter((event) => event.sessionId === sessionId).map(({ type }) => type);
  return { clock, events, opened, service, open, typesOf };
}

describe('createRecognitionService', () => {
  it('refuses to listen before its models are loaded', async () => {
    const { service, open } = setUp();
    await expect(open()).rejects.toMatchObject({ code: 'recognition.not-loaded' });
    await expect(service.transcribe({ samples: voice(640) })).rejects.toMatchObject({ code: 'recognition.not-loaded' });
  });

  it('loads the same models once and other ones in their place', async () => {
    const { service, opened } = setUp();
    await service.load(MODELS);
    await service.load({ ...MODELS });
    await service.load({ ...MODELS, voiceActivity: 'other.onnx' });
    expect(opened.map(({ voiceActivity }) => voiceActivity)).toEqual(['vad.onnx', 'other.onnx']);
  });

  it('keeps the models it has when others cannot be loaded', async () => {
    const { service, clock } = setUp();
    await service.load(MODELS);
    const failing = createRecognitionService({ clock, emit: () => undefined, openHearing: () => Promise.reject(new Error('damaged')) });
    await expect(failing.load(MODELS)).rejects.toThrow('damaged');
    await expect(failing.load(MODELS)).rejects.toThrow('damaged');
  });

  it('refuses to open a session in a language that nothing hears', async () => {
    const { service } = setUp();
    await service.load(MODELS);
    await expect(service.open({ sessionId: 'a', options: listenOptions({ language: 'xx' }) })).rejects.toMatchObject({
      code: 'recognition.unknown-language',
    });
  });

  it('leads the sound of each port to its own session, attached before or after it is opened', async () => {
    const { service, open, typesOf, clock } = setUp();
    await service.load(MODELS);
    const [left, right] = [createPort(), createPort()];
    service.attachPort('a', left.port);
    open('a');
    open('b');
    service.attachPort('b', right.port);
    left.speak(voice(640));
    await clock.advance(0);
    expect([typesOf('a'), typesOf('b')]).toEqual([['speech.start'], []]);
    right.speak(voice(640));
    await clock.advance(0);
    expect(typesOf('b')).toEqual(['speech.start']);
  });

  it('lets a new port take the place of the one before', async () => {
    const { service, open, typesOf, clock } = setUp();
    await service.load(MODELS);
    open('a');
    const [former, next] = [createPort(), createPort()];
    service.attachPort('a', former.port);
    service.attachPort('a', next.port);
    expect([former.port.closed, next.port.closed]).toEqual([true, false]);
    next.speak(voice(640));
    await clock.advance(0);
    expect(typesOf('a')).toEqual(['speech.start']);
  });

  it('tells the last words of a session that is closed, closes its port and hears no more of it', async () => {
    const { service, open, typesOf, clock } = setUp();
    await service.load(MODELS);
    open('a');
    const { port, speak } = createPort();
    service.attachPort('a', port);
    speak(voice(640));
    const closed = service.close({ sessionId: 'a' });
    await clock.advance(100);
    await closed;
    const told = typesOf('a');
    expect(told).toEqual(['speech.start', 'speech.pause', 'speech.end', 'transcript.final', 'turn.prediction']);
    expect(port.closed).toBe(true);
    speak(voice(640));
    await clock.advance(5_000);
    expect(typesOf('a')).toEqual(told);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('does nothing for sessions that it does not know', async () => {
    const { service, events } = setUp();
    await service.load(MODELS);
    service.configure({ sessionId: 'gone', options: listenOptions() });
    await service.endSpeech({ sessionId: 'gone' });
    await service.close({ sessionId: 'gone' });
    expect(events).toEqual([]);
  });

  it('goes on with the session when its worker gets a changed setting', async () => {
    const { service, open, typesOf, clock } = setUp();
    await service.load(MODELS);
    open('a');
    const { port, speak } = createPort();
    service.attachPort('a', port);
    service.configure({ sessionId: 'a', options: listenOptions({ onThreshold: 0.99 }) });
    speak(voice(640));
    await clock.advance(0);
    expect(typesOf('a')).toEqual([]);
  });

  it('understands a whole recording and says how long that took', async () => {
    const { service, clock } = setUp();
    await service.load(MODELS);
    const spoken = service.transcribe({ samples: voice(1_280), language: 'en' });
    await clock.advance(1_000);
    expect(await spoken).toMatchObject({ text: 'vad.onnx', language: 'en', decodeMs: 50 });
  });
});
