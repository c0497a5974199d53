/** What there is to say of a finished clip: a key of `toast` in the catalogues. */
export type SavedKey = 'exported' | 'clipNotEverywhere' | 'clipSilent' | 'clipSilentNotEverywhere';

/**
 * From a clip's codecs as players name them, e.g. `avc1.64001f`, `mp4a.40.2`. H.264 and AAC play everywhere, what stands in for them does not; a clip
 * of one codec has no sound. None = nothing is known against it.
 */
export function savedKeyOf(codecs: readonly string[]): SavedKey {
  if (codecs.length === 0) return 'exported';
  const isSilent = codecs.length === 1;
  const plays = has(codecs, 'avc1') && (isSilent || has(codecs, 'mp4a'));
  if (isSilent) return plays ? 'clipSilent' : 'clipSilentNotEverywhere';
  return plays ? 'exported' : 'clipNotEverywhere';
}

function has(codecs: readonly string[], family: string): boolean {
  return codecs.some((codec) => codec.startsWith(family));
}
