import { quietestPosition } from '../../platform/audio/index.ts';
import type { LanguageCode } from '../contracts/index.ts';
import type { SoundBuffer } from './sound-buffer.ts';
import { joinTexts } from './transcript-cleaning.ts';
import type { Transcriber } from './transcriber.ts';

/**
 * The words of one speech. What is longer than an engine understands at once is closed piece by piece, at a pause where there is one, else at the
 * quietest spot; the texts of closed pieces are kept, so that the end of a long speech costs no more than its last piece.
 */
export interface SpeechText {
  /** Text from the beginning up to `toSample`. */
  upTo(toSample: number, language: LanguageCode): Promise<string>;
  /** The speech goes on after a pause at `endSample` whose text is known: a long piece is closed there. */
  closeAtPause(endSample: number, text: string, language: LanguageCode): void;
  /** Called as sound comes: closes a piece that grows too long. */
  keepShort(nowSample: number, language: LanguageCode): void;
  /** Sound before this is not needed any more. */
  openFrom(): number;
}

/** Where to look for the quietest spot: the last seconds of the piece. */
const CUT_SEARCH_SAMPLES = 32_000;
const QUIET_WINDOW_SAMPLES = 1_600;
/** The word that is being said is left to the next piece. */
const CUT_MARGIN_SAMPLES = 8_000;

export function createSpeechText(deps: {
  sound: SoundBuffer;
  transcriber: Transcriber;
  fromSample: number;
  /** A closed piece could not be understood: its words are missing, the others are kept. */
  onPieceLost: (error: unknown) => void;
}): SpeechText {
  const { sound, transcriber } = deps;
  const closed: Promise<string>[] = [];
  let pieceFrom = deps.fromSample;

  const transcribe = async (from: number, to: number, language: LanguageCode): Promise<string> => {
    const samples = sound.slice(from, to);
    return samples.length === 0 ? '' : (await transcriber.transcribe(samples, language)).text;
  };

  return {
    async upTo(toSample, language) {
      const before = [...closed];
      const last = await transcribe(pieceFrom, toSample, language);
      return joinTexts([...(await Promise.all(before)), last]);
    },
    closeAtPause(endSample, text, language) {
      if (endSample - pieceFrom < transcriber.engineFor(language).comfortableSamples) return;
      closed.splice(0, closed.length, Promise.resolve(text));
      pieceFrom = endSample;
    },
    keepShort(nowSample, language) {
      if (nowSample - pieceFrom < transcriber.engineFor(language).maxSamples - CUT_MARGIN_SAMPLES) return;
      const searchFrom = nowSample - CUT_SEARCH_SAMPLES - CUT_MARGIN_SAMPLES;
      const searched = sound.slice(searchFrom, nowSample - CUT_MARGIN_SAMPLES);
      const cut = searchFrom + quietestPosition(searched, 0, searched.length, QUIET_WINDOW_SAMPLES);
      closed.push(
        transcribe(pieceFrom, cut, language).catch((error: unknown) => {
          deps.onPieceLost(error);
          return '';
        }),
      );
      pieceFrom = cut;
    },
    openFrom: () => pieceFrom,
  };
}
