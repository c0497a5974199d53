import type { Conversation, SpeakingCharacter } from '../../conversation/index.ts';

/** Sound that is ready to be played. */
export interface ReadySpeech {
  samples: Float32Array;
  sampleRateHz: number;
}

/** Sentences that calls need again and again, spoken once and kept: a greeting must not wait for its synthesis. */
export interface SpokenSentences {
  /** Rejects with what the synthesis says; the next one asks it anew. */
  speak(as: SpeakingCharacter, text: string, language: string): Promise<ReadySpeech>;
}

/** About a third of a megabyte each. */
const MAX_KEPT = 48;
/** Longer texts are said once, and not kept. */
const MAX_KEPT_CHARACTERS = 300;

export function createSpokenSentences(render: Conversation['renderSpeech']): SpokenSentences {
  const kept = new Map<string, Promise<ReadySpeech>>();
  return {
    speak(as, text, language) {
      const key = JSON.stringify([as, text, language]);
      const known = kept.get(key);
      if (known) {
        // What was used last goes last.
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const spoken = render(as, text, language).then(({ samples, sampleRateHz }) => ({ samples, sampleRateHz }));
      if (text.length > MAX_KEPT_CHARACTERS) return spoken;
      kept.set(key, spoken);
      spoken.catch(() => kept.delete(key));
      const oldest = kept.keys().next();
      if (kept.size > MAX_KEPT && !oldest.done) kept.delete(oldest.value);
      return spoken;
    },
  };
}
