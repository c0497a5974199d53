import type { Bridge } from '../../../src-preload/contract/index.ts';
import { CallError } from '../../bridge/index.ts';

/**
 * Has the face server make a clip of a character whose renderer is 'sadtalker' or 'wav2lip'; takes minutes, of which it tells shares 0..1. The signal
 * stops the server as well. Rejects with the core's reason, with `recording.no-clip` when the finished clip does not arrive, or with the signal's reason.
 */
export async function fetchClip(
  bridge: Pick<Bridge, 'call' | 'on'>,
  id: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<Blob> {
  signal.throwIfAborted();
  const stopListening = bridge.on('characters.clipProgress', ({ characterId, share }) => {
    if (characterId === id) onProgress(share);
  });
  // Lost with its connection it is not needed: a page that is gone gives its clip up.
  const cancel = (): void => void bridge.call('characters.cancelClip', {}).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const { url } = await bridge.call('characters.renderClip', { id });
    signal.throwIfAborted();
    const response = await fetch(new URL(url, location.href), { signal });
    if (response.ok) return new Blob([await response.arrayBuffer()], { type: 'video/mp4' });
    throw new CallError({ code: 'recording.no-clip', message: 'The finished clip did not arrive. Make it once more.', details: {} });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    stopListening();
    signal.removeEventListener('abort', cancel);
  }
}
