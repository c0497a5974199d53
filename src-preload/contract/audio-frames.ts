import type { AudioPortMessage, SpeechTimingMessage } from './audio-port.ts';
import { parsePortraitMessage, type PortraitPictureMessage, type PortraitPortMessage } from './portrait-port.ts';

/*
 * Audio messages as binary WebSocket frames, little-endian:
 *
 *   0  u8   mark 0x4F
 *   1  u8   type: 1 capture, 2 speech, 3 speech.cancelled, 4 speech.timing, 5 portrait.motion or portrait.failed, 6 portrait.picture
 *   2  u8   sample format: 0 none, 1 float32, 2 int16
 *   3  u8   flags: bit 0 = last piece of the segment
 *   4  u32  sample rate in Hz (0 unless speech)
 *   8  u32  segment index (0 unless speech or speech.timing)
 *   12 u16  bytes of the utterance id
 *   14 u16  zero
 *   16      utterance id in UTF-8, padded with zeros to a multiple of four, then the samples;
 *           of speech.timing the JSON of [emotion, phonemes] in UTF-8 instead; type 5 is the message's JSON from 4 on, type 6 has
 *   4  u32  number, 8 u32 size, 12 f64 time of the frame, then the picture
 */
const MARK = 0x4f;
const HEADER_BYTES = 16;
const TYPES = { capture: 1, speech: 2, 'speech.cancelled': 3, 'speech.timing': 4 } as const;
const PORTRAIT_WORDS = 5;
const PORTRAIT_PICTURE = 6;
const PICTURE_HEADER_BYTES = 20;
/** A motion is less than 4 kB. */
const MAX_WORDS_BYTES = 16_384;
const FLOAT32 = 1;
const INT16 = 2;
const LAST_FLAG = 1;
const MAX_ID_BYTES = 200;
/** A sentence has some hundred phonemes; a symbol is one sound with its marks. */
const MAX_PHONEMES = 4096;
const MAX_SYMBOL_LENGTH = 16;

/** The largest frame that is sent or taken: about a minute of sound at 16 kHz. */
export const MAX_AUDIO_FRAME_BYTES = 4 * 1024 * 1024;

/** How samples travel: exact, or half the size with 16 bits of resolution. */
export type SampleEncoding = 'float32' | 'int16';

/** One message as one binary frame. Throws a `RangeError` for what no receiver would take (an overlong id or more than {@link MAX_AUDIO_FRAME_BYTES}). */
export function encodeAudioFrame(message: AudioPortMessage, encoding: SampleEncoding = 'float32'): Uint8Array<ArrayBuffer> {
  if (isPortraitMessage(message)) return encodePortraitFrame(message);
  const id = message.type === 'capture' ? new Uint8Array(0) : new TextEncoder().encode(message.utteranceId);
  const samples = 'samples' in message ? message.samples : undefined;
  const text = message.type === 'speech.timing' ? timingBytes(message) : new Uint8Array(0);
  const samplesAt = HEADER_BYTES + padded(id.length);
  const sizeBytes = samplesAt + (samples === undefined ? text.length : samples.length * (encoding === 'int16' ? 2 : 4));
  if (id.length > MAX_ID_BYTES) throw new RangeError(`The utterance id has ${id.length} bytes; ${MAX_ID_BYTES} are allowed`);
  if (sizeBytes > MAX_AUDIO_FRAME_BYTES) throw new RangeError(`The audio frame has ${sizeBytes} bytes; send it in smaller pieces`);

  const frame = new Uint8Array(sizeBytes);
  const view = new DataView(frame.buffer);
  view.setUint8(0, MARK);
  view.setUint8(1, TYPES[message.type]);
  view.setUint16(12, id.length, true);
  frame.set(id, HEADER_BYTES);
  if (message.type === 'speech') {
    view.setUint8(3, message.last ? LAST_FLAG : 0);
    view.setUint32(4, message.sampleRateHz, true);
    view.setUint32(8, message.segmentIndex, true);
  }
  if (message.type === 'speech.timing') {
    view.setUint32(8, message.segmentIndex, true);
    frame.set(text, samplesAt);
  }
  if (samples !== undefined) {
    view.setUint8(2, encoding === 'int16' ? INT16 : FLOAT32);
    writeSamples(frame.buffer, samplesAt, samples, encoding);
  }
  return frame;
}

/** The message of a binary frame, with samples of its own; undefined for anything that is not a well-formed frame. Never throws. */
export function decodeAudioFrame(frame: Uint8Array): AudioPortMessage | undefined {
  if (frame.length < HEADER_BYTES || frame.length > MAX_AUDIO_FRAME_BYTES) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const isPortrait = view.getUint8(1) === PORTRAIT_WORDS || view.getUint8(1) === PORTRAIT_PICTURE;
  if (isPortrait) return view.getUint8(0) === MARK ? decodePortraitFrame(frame, view) : undefined;
  const idBytes = view.getUint16(12, true);
  const samplesAt = HEADER_BYTES + padded(idBytes);
  if (view.getUint8(0) !== MARK || idBytes > MAX_ID_BYTES || samplesAt > frame.length) return undefined;
  const type = view.getUint8(1);
  const utteranceId = readText(frame.subarray(HEADER_BYTES, HEADER_BYTES + idBytes));
  if (type === TYPES['speech.timing']) {
    const payload = readTiming(frame.subarray(samplesAt));
    return parseAudioMessage({ type: 'speech.timing', utteranceId, segmentIndex: view.getUint32(8, true), ...payload });
  }
  const samples = readSamples(frame.subarray(samplesAt), view.getUint8(2));

  if (type === TYPES.capture) return parseAudioMessage({ type: 'capture', samples });
  if (type === TYPES['speech.cancelled'])
    return samples === undefined ? parseAudioMessage({ type: 'speech.cancelled', utteranceId }) : undefined;
  if (type !== TYPES.speech) return undefined;
  return parseAudioMessage({
    type: 'speech',
    utteranceId,
    segmentIndex: view.getUint32(8, true),
    sampleRateHz: view.getUint32(4, true),
    samples,
    last: (view.getUint8(3) & LAST_FLAG) !== 0,
  });
}

/** Checks what came over a MessagePort: the value itself if it is an audio message with finite samples, else undefined. */
export function parseAudioMessage(value: unknown): AudioPortMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Partial<Record<string, unknown>>;
  const hasSamples = message['samples'] instanceof Float32Array && message['samples'].every(Number.isFinite);
  const hasId = typeof message['utteranceId'] === 'string' && message['utteranceId'] !== '';
  switch (message['type']) {
    case 'capture':
      return hasSamples ? (value as AudioPortMessage) : undefined;
    case 'speech.cancelled':
      return hasId ? (value as AudioPortMessage) : undefined;
    case 'speech':
      return hasSamples &&
        hasId &&
        isCount(message['segmentIndex']) &&
        isSampleRate(message['sampleRateHz']) &&
        typeof message['last'] === 'boolean'
        ? (value as AudioPortMessage)
        : undefined;
    case 'speech.timing':
      return hasId && isCount(message['segmentIndex']) && isEmotion(message['emotion']) && arePhonemes(message['phonemes'])
        ? (value as AudioPortMessage)
        : undefined;
    default:
      return parsePortraitMessage(message);
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isSampleRate(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 4000 && value <= 384_000;
}

function isEmotion(value: unknown): boolean {
  return value === 'neutral' || value === 'energetic' || value === 'calm';
}

/** In order and without overlap, as the one who draws the lips relies on; a hair of rounding is let through. */
function arePhonemes(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > MAX_PHONEMES) return false;
  let end = 0;
  return value.every((item: unknown) => {
    if (typeof item !== 'object' || item === null) return false;
    const { symbol, startMs, durationMs, level } = item as Partial<Record<string, unknown>>;
    const isWhole =
      typeof symbol === 'string' && symbol !== '' && symbol.length <= MAX_SYMBOL_LENGTH && isAmount(startMs) && isAmount(durationMs);
    if (!isWhole || startMs < end - 0.01 || !(level === undefined || (isAmount(level) && level <= 1))) return false;
    end = startMs + durationMs;
    return true;
  });
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function timingBytes({ emotion, phonemes }: SpeechTimingMessage): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([emotion, phonemes]));
}

/** What the JSON holds, unchecked; nothing when it is none. */
function readTiming(bytes: Uint8Array): { emotion?: unknown; phonemes?: unknown } {
  try {
    const [emotion, phonemes] = JSON.parse(readText(bytes) ?? '[]') as unknown[];
    return { emotion, phonemes };
  } catch {
    return {};
  }
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

function writeSamples(buffer: ArrayBuffer, offset: number, samples: Float32Array, encoding: SampleEncoding): void {
  if (encoding === 'float32') {
    new Float32Array(buffer, offset).set(samples);
    return;
  }
  const target = new Int16Array(buffer, offset);
  for (const [index, sample] of samples.entries()) target[index] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
}

function readSamples(bytes: Uint8Array, format: number): Float32Array | undefined {
  const sizeBytes = format === FLOAT32 ? 4 : format === INT16 ? 2 : 0;
  if (sizeBytes === 0 || bytes.length % sizeBytes !== 0) return undefined;
  // A copy: a frame may start at an odd offset of a shared buffer, and the receiver keeps the samples. (`slice` of Node's Buffer does not copy.)
  const own = new Uint8Array(bytes).buffer;
  if (format === FLOAT32) return new Float32Array(own);
  return Float32Array.from(new Int16Array(own), (sample) => sample / 32_767);
}

function readText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isPortraitMessage(message: AudioPortMessage): message is PortraitPortMessage {
  return message.type === 'portrait.motion' || message.type === 'portrait.picture' || message.type === 'portrait.failed';
}

function encodePortraitFrame(message: PortraitPortMessage): Uint8Array<ArrayBuffer> {
  if (message.type === 'portrait.picture') return encodePicture(message);
  const words = new TextEncoder().encode(JSON.stringify(message));
  const frame = new Uint8Array(4 + words.length);
  frame.set([MARK, PORTRAIT_WORDS]);
  frame.set(words, 4);
  return frame;
}

function encodePicture({ number, atMs, size, pixels }: PortraitPictureMessage): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(PICTURE_HEADER_BYTES + pixels.length);
  const view = new DataView(frame.buffer);
  frame.set([MARK, PORTRAIT_PICTURE]);
  view.setUint32(4, number, true);
  view.setUint32(8, size, true);
  view.setFloat64(12, atMs, true);
  frame.set(pixels, PICTURE_HEADER_BYTES);
  return frame;
}

function decodePortraitFrame(frame: Uint8Array, view: DataView): PortraitPortMessage | undefined {
  if (view.getUint8(1) === PORTRAIT_PICTURE) {
    if (frame.length < PICTURE_HEADER_BYTES) return undefined;
    const [number, size, atMs] = [view.getUint32(4, true), view.getUint32(8, true), view.getFloat64(12, true)];
    const pixels = new Uint8Array(frame.subarray(PICTURE_HEADER_BYTES));
    return parsePortraitMessage({ type: 'portrait.picture', number, size, atMs, pixels });
  }
  if (frame.length > MAX_WORDS_BYTES) return undefined;
  try {
    const message: unknown = JSON.parse(readText(frame.subarray(4)) ?? '');
    return typeof message === 'object' && message !== null ? parsePortraitMessage(message) : undefined;
  } catch {
    return undefined;
  }
}
