import { sanitizeSamples } from '../../platform/audio/index.ts';
import { VOICE_FRAME_SAMPLES, type LanguageCode, type TranscribedSpeech, type VoiceActivityDetector } from '../contracts/index.ts';
import { createEndpointing } from './endpointing.ts';
import { createSoundBuffer } from './sound-buffer.ts';
import { createSpeechText, type SpeechText } from './speech-text.ts';
import { joinTexts } from './transcript-cleaning.ts';
import type { Transcriber } from './transcriber.ts';

const OPTIONS = { onThreshold: 0.5, offThreshold: 0.35, minSpeechMs: 64, pauseMs: 96, endMs: 600, preRollMs: 320, manual: false };
/** Language is named from this much of the first speech. */
const DETECTION_SAMPLES = 48_000;
/** Silence that is left behind the last word. */
const TAIL_SAMPLES = 1_600;
const SAMPLES_PER_MS = 16;

/** One whole recording of any length, cut by voice activity. `samples`: 16 kHz mono. Rejects when a part of it cannot be understood. */
export async function transcribeFile(
  samples: Float32Array,
  wanted: LanguageCode | undefined,
  deps: { detector: VoiceActivityDetector; transcriber: Transcriber },
): Promise<{ text: string; language: LanguageCode; speeches: TranscribedSpeech[] }> {
  const sound = createSoundBuffer();
  sound.append(sanitizeSamples(samples));
  const endpointing = createEndpointing(() => OPTIONS);
  const speeches: TranscribedSpeech[] = [];
  let language = wanted;
  let speech: SpeechText | undefined;
  let startSample = 0;

  let lost: { error: unknown } | undefined;

  const languageOf = async (open: SpeechText): Promise<LanguageCode> => {
    language ??= (await deps.transcriber.detectLanguage(sound.slice(open.openFrom(), open.openFrom() + DETECTION_SAMPLES))) ?? 'en';
    return language;
  };
  for (let past = VOICE_FRAME_SAMPLES; past <= sound.length(); past += VOICE_FRAME_SAMPLES) {
    const probability = await deps.detector.probability(sound.slice(past - VOICE_FRAME_SAMPLES, past));
    const isLast = past + VOICE_FRAME_SAMPLES > sound.length();
    for (const event of [...endpointing.frame(probability, past), ...(isLast ? endpointing.end() : [])]) {
      if (event.type === 'start') {
        startSample = event.onsetSample;
        const onPieceLost = (error: unknown): void => void (lost ??= { error });
        speech = createSpeechText({ sound, transcriber: deps.transcriber, fromSample: event.audioFromSample, onPieceLost });
      }
      if (event.type === 'end' && speech) {
        const text = await speech.upTo(Math.min(sound.length(), event.endSample + TAIL_SAMPLES), await languageOf(speech));
        speeches.push({ text, startMs: startSample / SAMPLES_PER_MS, endMs: event.endSample / SAMPLES_PER_MS });
        speech = undefined;
      }
    }
    if (speech && past - speech.openFrom() >= DETECTION_SAMPLES) speech.keepShort(past, await languageOf(speech));
  }
  if (lost) throw lost.error;
  return { text: joinTexts(speeches.map(({ text }) => text)), language: language ?? 'en', speeches };
}
