import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type Koffi from 'koffi';
import type { Disposable } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';
import type { LanguageCode } from '../contracts/index.ts';

/** A word or phoneme of synthesised speech. */
export type EspeakEvent =
  /** `textPosition`: offset in code points of the text, from 0. */
  | { type: 'word'; sample: number; textPosition: number }
  /** `name`: IPA with stress marks; empty = pause. */
  | { type: 'phoneme'; sample: number; name: string };

export interface EspeakSpeech {
  samples: Float32Array;
  events: EspeakEvent[];
}

/**
 * libespeak-ng, loaded into this process. Its state is global: one instance per process, one call at a time (all calls are synchronous:
 * 0.1-1 ms for phonemes, about 2 ms per second of sound). Texts must be free of control characters (see `withoutControls`): U+0001 starts a command.
 */
export interface Espeak extends Disposable {
  readonly sampleRateHz: number;
  /** Primary language codes it can speak, e.g. 'de'. */
  readonly languages: readonly LanguageCode[];
  /** Name of its voice for a language; the English voice where it has none. */
  voiceFor(language: LanguageCode): string;
  /** IPA of a stretch of text; words are separated by blanks, stress is marked. Language switches "(en)" are left out. */
  phonemes(text: string, voice: string): string;
  /** `wordsPerMinute`: 80..450, normal is 175. */
  synthesize(text: string, options: { voice: string; wordsPerMinute: number }): EspeakSpeech;
}

// Constants of speak_lib.h, API revision 12.
const OUTPUT_SYNCHRONOUS = 2;
const INIT_PHONEME_EVENTS_IPA_NO_EXIT = 0x0001 | 0x0002 | 0x8000;
const CHARS_UTF8 = 1;
const PHONEMES_IPA = 0x02;
const POSITION_CHARACTER = 1;
const PARAMETER_RATE = 1;
const EVENT_LIST_END = 0;
const EVENT_WORD = 1;
const EVENT_PHONEME = 7;
const FALLBACK_VOICE = 'en-us';
/** Where the plain code is not the best voice, or not a voice at all. */
const VOICES: Record<LanguageCode, string> = { en: 'en-us', zh: 'cmn', no: 'nb', fr: 'fr-fr', pt: 'pt-br' };

interface RawEvent {
  type: number;
  text_position: number;
  sample: number;
  id: Uint8Array;
}

type Native = ReturnType<typeof bind>;

/** Loads the library and its data. Throws `synthesis.espeak-missing` when either is missing or damaged. */
export function openEspeak(paths: { library: string; dataDirectory: string }): Espeak {
  const native = load(paths.library);
  // Checked here because the library goes on with half its tables when they are not found, and crashes later.
  const tables = [join(paths.dataDirectory, 'espeak-ng-data', 'phontab'), join(paths.dataDirectory, 'phontab')];
  if (!tables.some((path) => existsSync(path))) throw missing(paths.dataDirectory);
  const sampleRateHz = native.initialize(OUTPUT_SYNCHRONOUS, 0, paths.dataDirectory, INIT_PHONEME_EVENTS_IPA_NO_EXIT);
  if (sampleRateHz <= 0) throw missing(paths.dataDirectory);
  const names = voiceNames(native);
  let voiceInUse = '';
  let disposed = false;
  const collected: EspeakSpeech & { pieces: Int16Array[] } = { samples: new Float32Array(0), events: [], pieces: [] };
  const callback = native.registerCallback((wave, count, events) => {
    if (wave !== null && count > 0) collected.pieces.push(native.samplesAt(wave, count));
    for (let index = 0; ; index += 1) {
      const event = native.eventAt(events, index);
      if (event.type === EVENT_LIST_END) return 0;
      if (event.type === EVENT_WORD) collected.events.push({ type: 'word', sample: event.sample, textPosition: event.text_position - 1 });
      if (event.type === EVENT_PHONEME) collected.events.push({ type: 'phoneme', sample: event.sample, name: nameOf(event.id) });
    }
  });
  native.setSynthCallback(callback);

  const useVoice = (voice: string): void => {
    if (disposed) throw new Error('espeak was used after it was closed');
    if (voice === voiceInUse) return;
    if (native.setVoice(voice) !== 0) native.setVoice(FALLBACK_VOICE);
    voiceInUse = voice;
  };

  return {
    sampleRateHz,
    languages: [...new Set([...names.map((name) => primary(name)), ...Object.keys(VOICES)])].sort(),
    voiceFor(language) {
      const code = primary(language);
      const wanted = VOICES[code] ?? code;
      return names.includes(wanted) ? wanted : (names.find((name) => primary(name) === code) ?? FALLBACK_VOICE);
    },
    phonemes(text, voice) {
      useVoice(voice);
      const position: (Uint8Array | null)[] = [Buffer.from(`${text}\0`)];
      const clauses: string[] = [];
      // The library reads one clause a call and moves the pointer on; it is null at the end.
      while (position[0] != null) clauses.push(native.textToPhonemes(position, CHARS_UTF8, PHONEMES_IPA) ?? '');
      return clauses
        .join(' ')
        .replaceAll(/\([a-z-]+\)/gu, '')
        .replaceAll(/\s+/gu, ' ')
        .trim();
    },
    synthesize(text, { voice, wordsPerMinute }) {
      useVoice(voice);
      native.setParameter(PARAMETER_RATE, Math.round(wordsPerMinute), 0);
      collected.pieces = [];
      collected.events = [];
      const bytes = Buffer.from(`${text}\0`);
      if (native.synth(bytes, bytes.length, 0, POSITION_CHARACTER, 0, CHARS_UTF8, null, null) !== 0) {
        throw new AppError('synthesis.failed', 'espeak could not speak this text. Try it again; if it happens each time, restart the app.');
      }
      return { samples: toFloat(collected.pieces), events: collected.events };
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      native.terminate();
      native.unregister(callback);
    },
  };
}

function load(library: string): Native {
  try {
    // koffi is CommonJS with a native part: `require` finds it both from source and in a bundle.
    return bind(createRequire(import.meta.url)('koffi') as typeof Koffi, library);
  } catch (error) {
    throw missing(library, error);
  }
}

function missing(path: string, cause?: unknown): AppError {
  return new AppError(
    'synthesis.espeak-missing',
    `The pronunciation library cannot be used: ${path} is missing or damaged. Download it again on the Models page.`,
    {
      cause,
      details: { path },
    },
  );
}

function bind(koffi: typeof Koffi, path: string) {
  const library = koffi.load(path);
  const eventType = koffi.struct({
    type: 'int',
    unique_identifier: 'uint',
    text_position: 'int',
    length: 'int',
    audio_position: 'int',
    sample: 'int',
    user_data: 'void *',
    id: koffi.array('uint8', 8, 'Typed'),
  });
  const voiceType = koffi.struct({ name: 'void *', languages: 'void *', identifier: 'void *' });
  const callbackType = koffi.pointer(koffi.proto('int', ['void *', 'int', 'void *']));
  const eventSize = koffi.sizeof(eventType);
  const listVoices = library.func('espeak_ListVoices', 'void *', ['void *']);
  return {
    initialize: library.func('espeak_Initialize', 'int', ['int', 'int', 'str', 'int']) as (
      output: number,
      buffer: number,
      path: string,
      options: number,
    ) => number,
    terminate: library.func('espeak_Terminate', 'int', []) as () => number,
    setVoice: library.func('espeak_SetVoiceByName', 'int', ['str']) as (name: string) => number,
    setParameter: library.func('espeak_SetParameter', 'int', ['int', 'int', 'int']) as (
      parameter: number,
      value: number,
      relative: number,
    ) => number,
    setSynthCallback: library.func('espeak_SetSynthCallback', 'void', [callbackType]) as (callback: unknown) => void,
    textToPhonemes: library.func('espeak_TextToPhonemes', 'str', [koffi.inout(koffi.pointer('void *')), 'int', 'int']) as (
      position: (Uint8Array | null)[],
      textMode: number,
      phonemeMode: number,
    ) => string | null,
    synth: library.func('espeak_Synth', 'int', ['void *', 'size_t', 'uint', 'int', 'uint', 'uint', 'void *', 'void *']) as (
      text: Uint8Array,
      size: number,
      position: number,
      positionType: number,
      endPosition: number,
      flags: number,
      identifier: null,
      userData: null,
    ) => number,
    registerCallback: (run: (wave: unknown, count: number, events: unknown) => number) => koffi.register(run, callbackType),
    unregister: (callback: unknown) => koffi.unregister(callback as Parameters<typeof koffi.unregister>[0]),
    samplesAt: (pointer: unknown, count: number): Int16Array =>
      Int16Array.from(koffi.decode(pointer, koffi.array('int16', count, 'Typed')) as Int16Array),
    eventAt: (pointer: unknown, index: number) => koffi.decode(pointer, index * eventSize, eventType) as RawEvent,
    /** One entry per voice: the bytes of its first language's name, after a priority byte. */
    voiceLanguages(): string[] {
      const list = listVoices(null) as unknown;
      const names: string[] = [];
      for (let index = 0; ; index += 1) {
        const pointer = koffi.decode(list, index * koffi.sizeof('void *'), 'void *') as unknown;
        if (pointer === null) return names;
        const { languages } = koffi.decode(pointer, voiceType) as { languages: unknown };
        names.push((koffi.decode(languages, 0, 'char', -1) as string).slice(1));
      }
    },
  };
}

function voiceNames(native: Native): string[] {
  return native.voiceLanguages().filter((name) => /^[a-z]{2,3}(-|$)/u.test(name));
}

function primary(name: string): LanguageCode {
  return name.toLowerCase().split(/[-_]/u)[0] ?? name;
}

/** Eight bytes, zero-ended; a longer name is cut by the library, perhaps within a character. */
function nameOf(id: Uint8Array): string {
  const end = id.indexOf(0);
  return Buffer.from(id.subarray(0, end < 0 ? id.length : end))
    .toString('utf8')
    .replaceAll('\uFFFD', '')
    .trim();
}

function toFloat(pieces: readonly Int16Array[]): Float32Array {
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    for (const value of piece) {
      samples[at] = value / 32_768;
      at += 1;
    }
  }
  return samples;
}
