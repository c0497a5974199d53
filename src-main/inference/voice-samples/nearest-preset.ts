import type { LanguageCode, VoiceInfo } from '../contracts/index.ts';

/** A voice that exists, and how to bring it near another one. */
interface NearestPreset {
  voice: VoiceInfo;
  /** Semitones, in whole ones: it is a likeness, not a measurement. */
  pitch: number;
}

/** Beyond this the voice would not pass for a person. */
const MOST_SEMITONES = 7;

/**
 * The installed voice of a language whose height is nearest to the one wanted, with the pitch that makes up the difference. Voices whose height
 * nobody knows, robots among them, come last. Undefined when nothing speaks the language.
 */
export function nearestPreset(
  voices: readonly VoiceInfo[],
  wanted: { fundamentalHz: number | undefined; language: LanguageCode },
): NearestPreset | undefined {
  const candidates = voices
    .filter(({ languages }) => languages.includes(wanted.language))
    .map((voice) => ({ voice, away: semitonesBetween(voice.fundamentalHz, wanted.fundamentalHz) }));
  const [nearest] = candidates.toSorted((left, right) => Math.abs(left.away ?? Infinity) - Math.abs(right.away ?? Infinity) || 0);
  if (!nearest) return undefined;
  const pitch = Math.round(Math.max(-MOST_SEMITONES, Math.min(MOST_SEMITONES, nearest.away ?? 0)));
  return { voice: nearest.voice, pitch: pitch === 0 ? 0 : pitch };
}

function semitonesBetween(fromHz: number | undefined, toHz: number | undefined): number | undefined {
  return fromHz === undefined || toHz === undefined ? undefined : 12 * Math.log2(toHz / fromHz);
}
