/** What is counted on a running call; all counters only grow. */
export interface SoundCounts {
  atMs: number;
  /** Packets that came from the exchange, and that went there. */
  received: number;
  sent: number;
  /** Energy of what the microphone gave, summed up; null = no microphone is open. */
  microphoneEnergy: number | null;
}

/** What there should be: nothing comes while a call is on hold, nothing goes while the owner listens or is muted. */
export interface SoundExpectations {
  comes: boolean;
  goes: boolean;
}

export type SoundFinding = 'hears' | 'nothing-comes' | 'nothing-goes';

/** Longer than the longest gap in a healthy call: the exchange sends every 20 ms, also silence. */
const NOTHING_COMES_AFTER_MS = 5000;
/** The microphone may have to be asked for first. */
const NOTHING_GOES_AFTER_MS = 5000;
/** A real microphone is never exactly silent; a switched-off one, or one that the system gives to nobody, is. */
const DEAD_MICROPHONE_AFTER_MS = 10_000;

/**
 * Finds one-way sound by counting. `look` returns what is new: each finding once, and `hears` again when sound has come back after trouble.
 * Silence of the other end is no finding: a muted telephone sends perfect silence, too.
 */
export function createSoundJudge(): { look(counts: SoundCounts, expected: SoundExpectations): SoundFinding | undefined } {
  let before: SoundCounts | undefined;
  let cameAtMs = 0;
  let wentAtMs = 0;
  let spokeAtMs = 0;
  let told: SoundFinding | undefined;

  const judge = (now: SoundCounts, expected: SoundExpectations): SoundFinding | undefined => {
    if (expected.comes && now.atMs - cameAtMs > NOTHING_COMES_AFTER_MS) return 'nothing-comes';
    if (expected.goes && (now.atMs - wentAtMs > NOTHING_GOES_AFTER_MS || now.atMs - spokeAtMs > DEAD_MICROPHONE_AFTER_MS))
      return 'nothing-goes';
    return now.received > 0 ? 'hears' : undefined;
  };

  return {
    look(now, expected) {
      // Time in which nothing was expected does not count as time without sound.
      if (before === undefined || !expected.comes || now.received > before.received) cameAtMs = now.atMs;
      if (before === undefined || !expected.goes || now.sent > before.sent) wentAtMs = now.atMs;
      if (before === undefined || !expected.goes || now.microphoneEnergy === null || now.microphoneEnergy !== before.microphoneEnergy)
        spokeAtMs = now.atMs;
      before = now;
      const found = judge(now, expected);
      if (found === told || found === undefined) return undefined;
      told = found;
      return found;
    },
  };
}
