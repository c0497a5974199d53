import { receiveMessageOnPort, type MessagePort as NodePort } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PlaybackOrder } from '../../../../src-renderer/audio/playback-messages.ts';
import { createSpeechClock } from '../../../../src-renderer/face/speech-clock.ts';
import { createSpeaker, type Speaker } from '../../../../src-renderer/audio/speaker.ts';

vi.mock('../../../../src-renderer/audio/worklet-urls.ts', () => ({ captureWorkletUrl: '', playbackWorkletUrl: '' }));
afterEach(() => vi.unstubAllGlobals());

/** A browser whose sound works or does not, and what its worklet was told. */
function createBench(): { speaker: Speaker; told: PlaybackOrder[]; break: (broken: boolean) => void } {
  const told: PlaybackOrder[] = [];
  let isBroken = false;
  const part = { connect: () => part };
  vi.stubGlobal(
    'AudioContext',
    class {
      audioWorklet = { addModule: async () => (isBroken ? Promise.reject(new Error('no sound')) : undefined) };
      close = async (): Promise<void> => undefined;
    },
  );
  vi.stubGlobal(
    'AudioWorkletNode',
    class {
      connect = part.connect;
      port = { postMessage: (order: PlaybackOrder) => told.push(order), addEventListener: () => undefined, start: () => undefined };
    },
  );
  vi.stubGlobal(
    'GainNode',
    class {
      connect = part.connect;
    },
  );
  const speaker = createSpeaker({
    mediaDevices: { enumerateDevices: async () => [], addEventListener: () => undefined, removeEventListener: () => undefined },
    onReport: () => undefined,
    clock: createSpeechClock(),
    onDevices: () => undefined,
  });
  return {
    speaker,
    told,
    break(broken) {
      isBroken = broken;
    },
  };
}

describe('createSpeaker', () => {
  it('keeps what comes while it is being opened, in order', async () => {
    const bench = createBench();
    const opening = bench.speaker.open();
    const { port1, port2 } = new MessageChannel();
    bench.speaker.attach(port2);
    bench.speaker.obey({ command: 'start', utteranceId: 'u1' });
    await opening;
    expect(bench.told.map((order) => order.type)).toEqual(['attach', 'command']);
    port1.close();
  });

  it('drops what comes while there is no loudspeaker, and plays none of it later', async () => {
    const bench = createBench();
    bench.break(true);
    const opening = bench.speaker.open();
    const [early, late] = [new MessageChannel(), new MessageChannel()];
    bench.speaker.attach(early.port2);
    bench.speaker.obey({ command: 'start', utteranceId: 'u1' });
    await expect(opening).rejects.toThrow('no sound');
    bench.speaker.attach(late.port2);
    bench.speaker.obey({ command: 'start', utteranceId: 'u2' });
    // Speech is taken off the line all the same.
    for (const { port1, port2 } of [early, late]) {
      port1.postMessage('speech');
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(receiveMessageOnPort(port2 as unknown as NodePort)).toBeUndefined();
      port1.close();
    }
    bench.break(false);
    await bench.speaker.open();
    expect(bench.told).toEqual([]);
    bench.speaker.obey({ command: 'start', utteranceId: 'u3' });
    expect(bench.told).toEqual([{ type: 'command', command: { command: 'start', utteranceId: 'u3' } }]);
  });
});
