/** Hears in the loudness of the microphone where the user ends a phrase. */
export type PhraseEnds = (atMs: number, level: number) => boolean;

const SPEAKS_FROM = 0.35;
/** Levels below this are a pause. */
export const QUIET_BELOW = 0.22;
/** Shorter bursts are a cough or a key. */
const PHRASE_MS = 700;
/** So long nothing: the phrase is over, while the turn may go on. */
const PAUSE_MS = 240;

/** Returns true once at the end of each phrase. */
export function createPhraseEnds(): PhraseEnds {
  let sinceMs: number | undefined;
  let lastLoudMs = 0;
  return (atMs, level) => {
    if (level >= SPEAKS_FROM) {
      sinceMs ??= atMs;
      lastLoudMs = atMs;
      return false;
    }
    if (sinceMs === undefined || level > QUIET_BELOW || atMs - lastLoudMs < PAUSE_MS) return false;
    const wasPhrase = lastLoudMs - sinceMs >= PHRASE_MS;
    sinceMs = undefined;
    return wasPhrase;
  };
}
