import type { VoiceInfo } from '../contracts/index.ts';
import type { SpokenSentence } from '../synthesis/sentences.ts';
import type { TextSpan } from '../synthesis/text-spans.ts';
import { withoutControls } from '../synthesis/text-spans.ts';
import type { PhonemeSpan, Voice } from '../synthesis/voice.ts';
import type { Espeak, EspeakEvent } from './espeak-library.ts';

/** Id of the voice, the same as its model's in the manifest. */
export const ESPEAK_VOICE_ID = 'espeak-ng';

const NORMAL_WORDS_PER_MINUTE = 165;
/** It cannot draw out single vowels: full drawl is this much slower. */
const DRAWL_SLOWER = 0.2;
/** espeak speaks at about -16 dB RMS; the common loudness is lower. */
const GAIN = 0.8;

/** The voice of last resort: plain, but real, and in more than a hundred languages. */
export function createEspeakVoice(espeak: Espeak): Voice {
  const info: VoiceInfo = { id: ESPEAK_VOICE_ID, name: 'eSpeak NG', languages: [...espeak.languages], engine: 'espeak' };
  return {
    info,
    sampleRateHz: espeak.sampleRateHz,
    gain: GAIN,
    speak(text, sentence, options) {
      options.signal.throwIfAborted();
      const spoken = withoutControls(text.slice(sentence.start, sentence.end));
      const speech = espeak.synthesize(spoken, {
        voice: espeak.voiceFor(options.language),
        wordsPerMinute: (NORMAL_WORDS_PER_MINUTE * options.speed) / (1 + DRAWL_SLOWER * (options.drawl ?? 0)),
      });
      const phonemes = phonemesOf(speech.events, speech.samples.length, spoken, wordsFrom(sentence));
      options.onPhonemes?.(phonemes);
      options.onSamples(speech.samples);
      return Promise.resolve(phonemes);
    },
    dispose: () => undefined,
  };
}

/** The words of a sentence on its own offsets. */
function wordsFrom(sentence: SpokenSentence): TextSpan[] {
  return sentence.words.map(({ start, end }) => ({ start: start - sentence.start, end: end - sentence.start }));
}

function phonemesOf(events: readonly EspeakEvent[], length: number, text: string, words: readonly TextSpan[]): PhonemeSpan[] {
  const spans: PhonemeSpan[] = [];
  const offsetOf = codePointOffsets(text);
  let word = -1;
  const open = (symbol: string, start: number, owner: number): void => {
    const last = spans.at(-1);
    if (last) last.end = start;
    spans.push({ symbol, start, end: length, word: owner });
  };
  for (const event of events) {
    if (event.type === 'word') {
      const offset = offsetOf(event.textPosition);
      const found = words.findIndex(({ start, end }) => offset < end && offset >= start);
      // The library sometimes points at the blank or quote before a word.
      word =
        found >= 0
          ? found
          : Math.max(
              word,
              words.findIndex(({ start }) => start >= offset),
            );
    } else if (event.name === '') open('_', event.sample, -1);
    else open(event.name.replaceAll(/[ˈˌ]/gu, '') || '_', event.sample, word);
  }
  const first = spans.at(0);
  if (first && first.start > 0) spans.unshift({ symbol: '_', start: 0, end: first.start, word: -1 });
  return spans.filter(({ start, end }) => end > start);
}

/** Code-point offset → UTF-16 offset. */
function codePointOffsets(text: string): (codePoints: number) => number {
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    offsets.push(at);
    at += character.length;
  }
  return (codePoints) => offsets[Math.max(0, codePoints)] ?? text.length;
}
