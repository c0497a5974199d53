import { describe, expect, it, onTestFinished } from 'vitest';
import { neutralFrame, type Bridge, type PortraitPortMessage } from '../../../../../src-preload/contract/index.ts';
import { CallError } from '../../../../../src-renderer/bridge/index.ts';
import { liveLines } from '../../../../../src-renderer/face/live-portrait/live-line.ts';

const square = { size: 512, a: 1, b: 0, left: 0, top: 0 };
const picture: PortraitPortMessage = { type: 'portrait.picture', number: 1, atMs: 0, size: 2, pixels: new Uint8Array(6) };

/** A bridge whose core opens portraits, or rejects with the error. */
function bridgeWith(error?: CallError) {
  const calls: [string, unknown][] = [];
  let attach: ((port: MessagePort) => void) | undefined;
  const bridge = {
    call: (name: string, input: unknown) => {
      calls.push([name, input]);
      return error ? Promise.reject(error) : Promise.resolve(name === 'portrait.open' ? { portraitId: 'face_1', square } : undefined);
    },
    openAudioPort: (...[id, kind, onPort]: Parameters<Bridge['openAudioPort']>) => {
      calls.push(['port', [id, kind]]);
      attach = onPort;
      return () => void calls.push(['stop', id]);
    },
  } as Pick<Bridge, 'call' | 'openAudioPort'>;
  return {
    bridge,
    calls,
    /** The worker's end. */
    connect() {
      const { port1, port2 } = new MessageChannel();
      onTestFinished(() => port2.close());
      const received: unknown[] = [];
      port2.addEventListener('message', ({ data }) => received.push(data));
      port2.start();
      attach?.(port1);
      return { port: port2, received };
    },
  };
}

describe('liveLines', () => {
  it('sends the newest motion once the worker is there, and tells of pictures and of the end', async () => {
    const { bridge, calls, connect } = bridgeWith();
    const line = await liveLines(bridge)('nova');
    const told: unknown[] = [];
    line.listen({ onPicture: ({ number }) => told.push(number), onEnd: ({ code }) => told.push(code) });
    line.send({ type: 'portrait.motion', frame: neutralFrame(0), taken: 0 });
    line.send({ type: 'portrait.motion', frame: neutralFrame(40), taken: 0 });
    const { port, received } = connect();
    await expect.poll(() => received).toEqual([{ type: 'portrait.motion', frame: neutralFrame(40), taken: 0 }]);
    port.postMessage({ type: 'portrait.picture', number: 'one' });
    port.postMessage(picture);
    port.postMessage({ type: 'portrait.failed', code: 'face.out-of-memory', message: 'Too little.' });
    await expect.poll(() => told).toEqual([1, 'face.out-of-memory']);
    line.close();
    expect(calls).toEqual([
      ['portrait.open', { characterId: 'nova' }],
      ['port', ['face_1', 'portrait']],
      ['stop', 'face_1'],
      ['portrait.close', { portraitId: 'face_1' }],
    ]);
  });

  it('says why a portrait cannot be opened, in words that the stage has', async () => {
    const noGpu = new CallError({ code: 'face.no-gpu', message: 'No card.', details: {} });
    await expect(liveLines(bridgeWith(noGpu).bridge)('nova')).rejects.toEqual({ code: 'face.no-gpu', message: 'No card.' });
    const other = new CallError({ code: 'worker.timeout', message: 'Too slow.', details: {} });
    await expect(liveLines(bridgeWith(other).bridge)('nova')).rejects.toMatchObject({ code: 'face.live-stopped' });
  });
});
