import { describe, expect, it } from 'vitest';
import { createCharactersRig } from '../../../doubles/characters-rig.ts';

type CharactersRig = Awaited<ReturnType<typeof createCharactersRig>>;

/** A character of the owner's, of whom Wav2Lip makes films. */
async function filmStar(rig: CharactersRig): Promise<string> {
  const { id } = await rig.call['characters.duplicate']({ id: 'retro-assistant' }, rig.caller);
  const renderer = { type: 'wav2lip', fps: 30, height: 480, expressiveness: 0.5, effects: 'none' } as const;
  await rig.call['characters.update']({ id, patch: { renderer } }, rig.caller);
  return id;
}

describe('createClips', () => {
  it('hands portrait and voice to the face server, and offers its clip', async () => {
    const rig = await createCharactersRig();
    const id = await filmStar(rig);
    const { fileName, url } = await rig.call['characters.renderClip']({ id, text: 'Lift-off.' }, rig.caller);
    expect([fileName, url.startsWith('/downloads/')]).toEqual([`${id}.mp4`, true]);
    const [order] = rig.filmed;
    expect(order).toMatchObject({
      renderer: 'wav2lip',
      fps: 30,
      height: 480,
      expressiveness: 0.5,
      portrait: { contentType: 'image/webp' },
    });
    expect(Buffer.from(order?.sound ?? []).toString('latin1', 0, 4)).toBe('RIFF');
  });

  it('refuses a character that the app draws itself', async () => {
    const rig = await createCharactersRig();
    await expect(rig.call['characters.renderClip']({ id: 'default' }, rig.caller)).rejects.toMatchObject({ code: 'film.no-renderer' });
  });

  it('tells the page that asked, and no other, how far the clip is', async () => {
    const rig = await createCharactersRig({
      async film(_signal, onProgress) {
        for (const share of [0.25, 1]) onProgress(share);
        return new Uint8Array([1]);
      },
    });
    const id = await filmStar(rig);
    await rig.call['characters.renderClip']({ id }, rig.caller);
    expect(rig.events.filter(({ name }) => name === 'characters.clipProgress')).toEqual(
      [0.25, 1].map((share) => ({ name: 'characters.clipProgress', payload: { characterId: id, share }, clientId: 'page' })),
    );
  });

  it.each(['is cancelled', 'loses its page'])('is given up when it %s, and the face server is told to stop', async (how) => {
    let stopped = 0;
    const rig = await createCharactersRig({
      film: (signal) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => {
            stopped += 1;
            reject(signal.reason as Error);
          }),
        ),
    });
    const id = await filmStar(rig);
    const given = expect(rig.call['characters.renderClip']({ id }, rig.caller)).rejects.toMatchObject({ code: 'request.aborted' });
    await expect.poll(() => rig.filmed.length).toBe(1);
    await rig.call['characters.cancelClip']({}, { ...rig.caller, clientId: 'another page' });
    expect(stopped).toBe(0);
    if (how === 'is cancelled') await rig.call['characters.cancelClip']({}, rig.caller);
    else rig.characters.clientGone(rig.caller.clientId);
    await given;
    expect(stopped).toBe(1);
  });

  it('gives a clip up when the same page asks for another', async () => {
    let asked = 0;
    const rig = await createCharactersRig({
      film(signal) {
        asked += 1;
        if (asked > 1) return Promise.resolve(new Uint8Array([1]));
        return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      },
    });
    const id = await filmStar(rig);
    const first = rig.call['characters.renderClip']({ id }, rig.caller);
    const given = expect(first).rejects.toMatchObject({ code: 'request.aborted' });
    await expect.poll(() => asked).toBe(1);
    expect(await rig.call['characters.renderClip']({ id }, rig.caller)).toMatchObject({ fileName: `${id}.mp4` });
    await given;
  });
});
