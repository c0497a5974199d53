import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchClip } from '../../../../../src-renderer/face/recording/fetch-clip.ts';
import { createScriptedBridge, type ScriptedBridge } from '../../../../doubles/scripted-bridge.ts';

beforeEach(() => void vi.stubGlobal('location', { href: 'http://127.0.0.1/' }));
afterEach(() => void vi.unstubAllGlobals());

/** A core whose clip is done when `finish` says so; `answer` is what its address gives. */
function createServer(answer: Response = new Response('mp4')): {
  bridge: ScriptedBridge;
  finish: () => void;
  fail: (error: Error) => void;
} {
  let finish: (() => void) | undefined;
  let fail: ((error: Error) => void) | undefined;
  const made = new Promise<{ fileName: string; url: string }>((resolve, reject) => {
    finish = () => resolve({ fileName: 'ada.mp4', url: '/downloads/1/ada.mp4' });
    fail = reject;
  });
  const bridge = createScriptedBridge({ 'characters.renderClip': () => made, 'characters.cancelClip': () => undefined });
  vi.stubGlobal('fetch', (url: URL) => Promise.resolve(url.href === 'http://127.0.0.1/downloads/1/ada.mp4' ? answer : Response.error()));
  return { bridge, finish: () => finish?.(), fail: (error) => fail?.(error) };
}

describe('fetchClip', () => {
  it('brings the clip, and tells how far that character’s is until then', async () => {
    const { bridge, finish } = createServer();
    const shares: number[] = [];
    const clip = fetchClip(bridge, 'ada', { signal: new AbortController().signal, onProgress: (share) => void shares.push(share) });
    bridge.tell('characters.clipProgress', { characterId: 'ada', share: 0.3 });
    bridge.tell('characters.clipProgress', { characterId: 'rex', share: 0.9 });
    finish();
    expect([await (await clip).text(), (await clip).type]).toEqual(['mp4', 'video/mp4']);
    bridge.tell('characters.clipProgress', { characterId: 'ada', share: 1 });
    expect(shares).toEqual([0.3]);
    expect(bridge.calls).toEqual([['characters.renderClip', { id: 'ada' }]]);
  });

  it('has the core give it up with the signal, once', async () => {
    const { bridge, fail } = createServer();
    const ending = new AbortController();
    const clip = fetchClip(bridge, 'ada', { signal: ending.signal, onProgress: () => undefined });
    ending.abort();
    fail(new Error('The request was cancelled.'));
    await expect(clip).rejects.toMatchObject({ name: 'AbortError' });
    expect(bridge.calls.map(([name]) => name)).toEqual(['characters.renderClip', 'characters.cancelClip']);
  });

  it('asks for nothing when it was given up before', async () => {
    const { bridge } = createServer();
    await expect(fetchClip(bridge, 'ada', { signal: AbortSignal.abort(), onProgress: () => undefined })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(bridge.calls).toEqual([]);
  });

  it('says so when the finished clip is not there', async () => {
    const { bridge, finish } = createServer(new Response('', { status: 404 }));
    const clip = fetchClip(bridge, 'ada', { signal: new AbortController().signal, onProgress: () => undefined });
    finish();
    await expect(clip).rejects.toMatchObject({ code: 'recording.no-clip' });
  });
});
