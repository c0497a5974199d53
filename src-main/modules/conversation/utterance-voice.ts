import type { LanguageCode, SpeechStyle, SynthesisMethods } from '../../inference/contracts/index.ts';
import { amountOf, applySpeechPatterns } from './speech-patterns.ts';
import type { SpeakingCharacter } from './speaking-character.ts';
import type { Clause } from './speech-text.ts';

/** How one utterance is spoken: settled when it begins, the same to its end. */
export interface UtteranceVoice {
  /** What the synthesis is told with every segment. */
  parameters: Pick<SynthesisMethods['speak']['params'], 'voice' | 'speed' | 'style'>;
  /** The clause as it is said: with the habits of the one who speaks. What is written stays. */
  spoken(clause: Clause): Clause;
}

/** Sentences of somebody who pauses often stand up to this many times their usual distance apart. */
const LONGEST_PAUSES = 2.2;

/**
 * `settings`: the owner's voice, where the character has none of its own ('auto' = the best of the language) and no sample, and the speed of all voices.
 */
export function utteranceVoice(
  { voice, patterns, samplePath }: SpeakingCharacter,
  settings: { voice: string; speed: number },
  utterance: { utteranceId: string; language: LanguageCode },
): UtteranceVoice {
  const chosen = voice.voice === 'auto' && samplePath === undefined ? settings.voice : voice.voice;
  const glitch = amountOf(patterns, 'glitch');
  const style: SpeechStyle = {
    pitch: voice.pitch,
    formant: voice.formant,
    emotion: voice.emotion,
    pauses: 1 + (LONGEST_PAUSES - 1) * amountOf(patterns, 'pauses'),
    drawl: amountOf(patterns, 'drawl'),
    ...(samplePath === undefined ? {} : { reference: { path: samplePath, transcript: voice.clone?.transcript ?? '' } }),
    ...(voice.design === '' ? {} : { design: voice.design }),
    ...(glitch === 0 ? {} : { glitch: { amount: glitch, seed: utterance.utteranceId } }),
  };
  return {
    parameters: { speed: Math.min(2, Math.max(0.5, settings.speed * voice.speed)), style, ...(chosen === 'auto' ? {} : { voice: chosen }) },
    spoken(clause) {
      const said = applySpeechPatterns({ text: clause.speakable, offsets: clause.sourceOffsets }, patterns, {
        language: utterance.language,
        seed: `${utterance.utteranceId} ${clause.rawStart}`,
      });
      return { ...clause, speakable: said.text, sourceOffsets: said.offsets };
    },
  };
}
