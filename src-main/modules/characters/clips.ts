import type { CallInput } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import { encodeWav } from '../../platform/audio/index.ts';
import type { Caller, HandlersFor } from '../../platform/contract-host/index.ts';
import type { CharactersCore } from './characters-service.ts';

const CONTENT_TYPES: Readonly<Record<string, 'image/png' | 'image/jpeg' | 'image/webp'>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

/** Clips that a program outside makes of a portrait and a voice; one for each page at a time. */
export interface Clips {
  render: HandlersFor<'characters.renderClip'>['characters.renderClip'];
  /** The page waits for its clip no longer, or is gone. */
  giveUp(clientId: string): void;
}

export function createClips({ deps, library, speakerOf }: Pick<CharactersCore, 'deps' | 'library' | 'speakerOf'>): Clips {
  const underWay = new Map<string, AbortController>();

  async function make(
    { id, text }: CallInput<'characters.renderClip'>,
    { clientId }: Pick<Caller, 'clientId'>,
    signal: AbortSignal,
  ): Promise<{ fileName: string; url: string }> {
    const { character, metadata, storage } = library.require(id);
    const { portrait, renderer } = metadata;
    const contentType = CONTENT_TYPES[portrait.file.split('.').at(-1) ?? ''];
    if ((renderer.type !== 'sadtalker' && renderer.type !== 'wav2lip') || contentType === undefined)
      throw new AppError('film.no-renderer', `${metadata.name} is drawn by the app itself. Record the clip here.`, {
        details: { name: metadata.name },
      });
    const language = deps.locale();
    const { samples, sampleRateHz } = await deps.render(speakerOf(metadata), text ?? metadata.sample[language], language);
    signal.throwIfAborted();
    const clip = await deps.films.render(
      {
        renderer: renderer.type,
        portrait: { bytes: new Uint8Array(await storage.read(character.id, portrait.file)), contentType },
        sound: new Uint8Array(encodeWav({ samples, sampleRateHz })),
        fps: renderer.fps,
        height: renderer.height,
        expressiveness: renderer.expressiveness,
      },
      { signal, onProgress: (share) => deps.tell('characters.clipProgress', { characterId: character.id, share }, clientId) },
    );
    const fileName = `${character.id}.mp4`;
    return { fileName, url: await deps.downloads.offer(fileName, 'video/mp4', clip) };
  }

  const giveUp = (clientId: string): void => underWay.get(clientId)?.abort(new AppError('request.aborted', 'The request was cancelled.'));

  return {
    giveUp,
    async render(order, caller) {
      const { clientId } = caller;
      giveUp(clientId);
      const stop = new AbortController();
      underWay.set(clientId, stop);
      try {
        return await make(order, caller, stop.signal);
      } finally {
        if (underWay.get(clientId) === stop) underWay.delete(clientId);
      }
    },
  };
}
