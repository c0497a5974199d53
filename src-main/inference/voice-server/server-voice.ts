import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, isAbort } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { LanguageCode, VoiceInfo, VoiceServer } from '../contracts/index.ts';
import { codeOf, isLoopback, reasonOf } from '../remote/reach.ts';
import { createStreamWatch, type Deadlines } from '../remote/stream-watch.ts';
import type { SpeakOptions, Voice } from '../synthesis/voice.ts';
import { badSound, remoteNotAllowed, serverFailed, serverRefused, serverSilent, serverUnreachable } from './server-errors.ts';

/** Id of the voice in the list. */
export const SERVER_VOICE_ID = 'voice-server';

/** PCM of OpenAI's speech interface: 24 kHz, mono, 16 bit, little-endian; Qwen3-TTS makes the same. */
const RATE_HZ = 24_000;
/** What these servers make is about as loud as the voices of sherpa. */
const GAIN = 0.7;
/** Longer than this no sentence sounds; more is a server that has gone astray. */
const LONGEST_SECONDS = 120;
const DEADLINES: Deadlines = { connectMs: 3000, firstTokenMs: 15_000, idleMs: 8000 };

/** The languages of Qwen3-TTS, as it names them. */
const LANGUAGES: Record<LanguageCode, string> = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  it: 'Italian',
  pt: 'Portuguese',
  ru: 'Russian',
  zh: 'Chinese',
  ja: 'Japanese',
  ko: 'Korean',
};

/** What a server says when it refuses; only the kind of it is used, for the rest may quote what was sent. */
const errorBody = z.object({ error: z.object({ message: z.string() }) }).or(z.object({ detail: z.string() }));

/**
 * A voice on a server with OpenAI's `POST /audio/speech`, as vLLM-Omni, llama.cpp's and other servers of Qwen3-TTS offer it: sound streams in as it is
 * made. What such servers add to OpenAI's fields is only sent when it is wanted: `language`; `ref_audio` and `ref_text` with the task "Base", which copies
 * a voice; `instructions` with the task "VoiceDesign", which makes one from words. What the model can is read off its name. `speak` rejects with
 * `synthesis.server-remote` when the server is on another machine and that was not allowed.
 */
export function createServerVoice(server: VoiceServer, deps: { clock: Clock }): Voice {
  const info: VoiceInfo = {
    id: SERVER_VOICE_ID,
    name: server.voice === '' ? server.model : `${server.voice} (${server.model})`,
    languages: Object.keys(LANGUAGES),
    engine: 'server',
    canClone: /base$/iu.test(server.model),
    canDesign: /voicedesign$/iu.test(server.model),
  };
  const address = new URL('audio/speech', server.baseUrl.endsWith('/') ? server.baseUrl : `${server.baseUrl}/`);
  return {
    info,
    sampleRateHz: RATE_HZ,
    gain: GAIN,
    async speak(text, sentence, options) {
      options.signal.throwIfAborted();
      if (!server.remoteAllowed && !isLoopback(address)) throw remoteNotAllowed(address.host);
      const body = await bodyOf(server, info, text.slice(sentence.start, sentence.end).trim(), options);
      const length = await stream(address, body, { ...deps, options });
      // It tells no timings: the words are spread over the sound, the lips read them off it.
      return spread(sentence.words.length, length);
    },
    dispose: () => undefined,
  };
}

async function bodyOf(server: VoiceServer, info: VoiceInfo, input: string, options: SpeakOptions): Promise<Record<string, unknown>> {
  const { reference, design, language, speed } = options;
  const language_name = LANGUAGES[language];
  return {
    model: server.model,
    input,
    voice: server.voice === '' ? 'default' : server.voice,
    response_format: 'pcm',
    stream: true,
    ...(speed === 1 ? {} : { speed }),
    ...(language_name === undefined ? {} : { language: language_name }),
    ...(info.canClone && reference
      ? {
          task_type: 'Base',
          ref_audio: `data:audio/wav;base64,${(await readFile(reference.path)).toString('base64')}`,
          ...(reference.transcript === '' ? { x_vector_only_mode: true } : { ref_text: reference.transcript }),
        }
      : {}),
    ...(info.canDesign && design !== undefined ? { task_type: 'VoiceDesign', instructions: design } : {}),
  };
}

/** Hands the sound on as it comes; resolves with its length in samples. */
async function stream(
  address: URL,
  body: Record<string, unknown>,
  { clock, options }: { clock: Clock; options: SpeakOptions },
): Promise<number> {
  const watch = createStreamWatch(clock, DEADLINES, options.signal);
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'audio/pcm' },
      body: JSON.stringify(body),
      // Where it sends us is not where its owner pointed us: words and samples stay here.
      redirect: 'manual',
      signal: watch.signal,
    });
    if (!response.ok) throw serverRefused(address.host, response.status, await reasonIn(response));
    const kind = response.headers.get('content-type') ?? '';
    if (/text|json|xml|mpeg|ogg|wav|flac/iu.test(kind) || response.body === null) throw badSound(address.host, kind.split(';')[0] ?? '');
    return await takeSound(response.body, address.host, () => watch.alive(), options);
  } catch (error) {
    options.signal.throwIfAborted();
    const expired = watch.expired();
    if (expired) throw serverSilent(address.host, expired.afterMs);
    if (error instanceof AppError && !isAbort(error)) throw error;
    throw codeOf(error) === undefined ? serverFailed(address.host) : serverUnreachable(address.host, reasonOf(error));
  } finally {
    watch.end();
  }
}

async function takeSound(body: ReadableStream<Uint8Array>, host: string, alive: () => void, options: SpeakOptions): Promise<number> {
  let length = 0;
  /** A sample may be cut in two by the borders of what arrives. */
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    options.signal.throwIfAborted();
    alive();
    const bytes = Buffer.concat([rest, chunk]);
    const count = bytes.length >> 1;
    rest = bytes.subarray(count * 2);
    if (count === 0) continue;
    length += count;
    if (length > LONGEST_SECONDS * RATE_HZ) throw badSound(host, 'sound without end');
    options.onSamples(Float32Array.from({ length: count }, (_, at) => bytes.readInt16LE(at * 2) / 32_768));
  }
  if (length === 0) throw badSound(host, 'no sound at all');
  return length;
}

async function reasonIn(response: Response): Promise<'voice' | 'model' | 'other'> {
  const text = (await response.text().catch(() => '')).slice(0, 10_000);
  const parsed = errorBody.safeParse(parseJson(text));
  if (!parsed.success) return 'other';
  const message = 'error' in parsed.data ? parsed.data.error.message : parsed.data.detail;
  if (/voice|speaker/iu.test(message)) return 'voice';
  return /model/iu.test(message) ? 'model' : 'other';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each word takes the same time. */
function spread(words: number, length: number): { symbol: string; start: number; end: number; word: number }[] {
  const border = (word: number): number => Math.round((length * word) / words);
  return Array.from({ length: words }, (_, word) => ({ symbol: 'ə', start: border(word), end: border(word + 1), word }));
}
