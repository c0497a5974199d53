import type { Bridge, SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import { CallError } from '../../bridge/index.ts';
import type { Sound } from './clip-writer.ts';

/** Sound is decoded to this rate, which every encoder takes. */
const SAMPLE_RATE_HZ = 48_000;

/**
 * Has a character say its sample sentence, or `text`, into memory. Rejects with the core's reason, with `recording.no-sample` when the sound does not
 * arrive, or with the signal's reason.
 */
export async function fetchSample(
  bridge: Bridge,
  request: { id: string; text?: string },
  signal?: AbortSignal,
): Promise<Sound & { phonemes: readonly SpokenPhoneme[] }> {
  const { url, phonemes } = await bridge.call('characters.renderSample', request);
  signal?.throwIfAborted();
  try {
    const response = await fetch(new URL(url, location.href), signal === undefined ? {} : { signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const buffer = await new OfflineAudioContext(1, 1, SAMPLE_RATE_HZ).decodeAudioData(await response.arrayBuffer());
    return { samples: buffer.getChannelData(0), sampleRateHz: buffer.sampleRate, phonemes: phonemes.map(plainPhoneme) };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new CallError({
      code: 'recording.no-sample',
      message: 'The voice for the clip did not arrive. Try again.',
      details: {},
    });
  }
}

/** zod's optional fields may be there and undefined. */
function plainPhoneme({
  level,
  ...phoneme
}: {
  symbol: string;
  startMs: number;
  durationMs: number;
  level?: number | undefined;
}): SpokenPhoneme {
  return level === undefined ? phoneme : { ...phoneme, level };
}
