import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { AudioPortMessage } from '../../../../src-preload/contract/index.ts';
import { createAudioPortPair, messagePortAudio } from '../../../../src-main/platform/workers/audio-port.ts';

const sound: AudioPortMessage = { type: 'capture', samples: Float32Array.of(0.1, 0.2) };

describe('messagePortAudio', () => {
  it('carries messages, drops what is none, and tells both sides of the end once', async () => {
    const { port1, port2 } = new MessageChannel();
    const near = messagePortAudio(port1);
    const far = messagePortAudio(port2);
    const heard: AudioPortMessage[] = [];
    let closes = 0;
    const closed = new Promise<void>((resolve) => {
      far.onMessage((message) => heard.push(message));
      far.onClose(() => {
        closes += 1;
        resolve();
      });
    });
    port1.postMessage({ type: 'capture', samples: 'loud' });
    near.post(sound);
    await expect.poll(() => heard).toEqual([sound]);
    near.close();
    await closed;
    far.close();
    expect(closes).toBe(1);
  });
});

describe('createAudioPortPair', () => {
  it('joins two ports and closes both', async () => {
    const [left, right] = createAudioPortPair();
    const heard: AudioPortMessage[] = [];
    const ends: string[] = [];
    right.onMessage((message) => heard.push(message));
    left.onClose(() => ends.push('left'));
    right.onClose(() => ends.push('right'));
    left.post(sound);
    left.close();
    left.post(sound);
    await Promise.resolve();
    expect(heard).toEqual([sound]);
    expect(ends).toEqual(['left', 'right']);
  });

  it('keeps what was said before anybody listened', async () => {
    const [left, right] = createAudioPortPair();
    left.post(sound);
    await Promise.resolve();
    const heard: AudioPortMessage[] = [];
    right.onMessage((message) => heard.push(message));
    left.post(sound);
    await Promise.resolve();
    expect(heard).toEqual([sound, sound]);
  });

  it('tells a listener who comes after the end', async () => {
    const [left, right] = createAudioPortPair();
    left.close();
    await Promise.resolve();
    await new Promise<void>((resolve) => void right.onClose(resolve));
  });
});
