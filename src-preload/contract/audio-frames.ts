import type { AudioPortMessage } from './audio-port.ts';

/*
 * Audio messages as binary WebSocket frames, little-endian:
 *
 *   0  u8   mark 0x4F
 *   1  u8   type: 1 capture, 2 speech, 3 speech.cancelled
 *   2  u8   sample format: 0 none, 1 float32, 2 int16
 *   3  u8   flags: bit 0 = last piece of the segment
 *   4  u32  sample rate in Hz (0 unless speech)
 *   8  u32  segment index (0 unless speech)
 *   12 u16  bytes of the utterance id
 *   14 u16  zero
 *   16      utterance id in UTF-8, padded with zeros to a multiple of four, then the samples
 */
const MARK = 0x4f;
const HEADER_BYTES = 16;
const TYPES = { capture: 1, speech: 2, 'speech.cancelled': 3 } as const;
const FLOAT32 = 1;
const INT16 = 2;
const LAST_FLAG = 1;
const MAX_ID_BYTES = 200;

/** The largest frame that is sent or taken: about a minute of sound at 16 kHz. */
export const MAX_AUDIO_FRAME_BYTES = 4 * 1024 * 1024;

/** How samples travel: exact, or half the size with 16 bits of resolution. */
export type SampleEncoding = 'float32' | 'int16';

/** One message as one binary frame. Throws a `RangeError` for what no receiver would take (an overlong id or more than {@link MAX_AUDIO_FRAME_BYTES}). */
export function encodeAudioFrame(message: AudioPortMessage, encoding: SampleEncoding = 'float32'): Uint8Array<ArrayBuffer> {
  const id = message.type === 'capture' ? new Uint8Array(0) : new TextEncoder().encode(message.utteranceId);
  const samples = message.type === 'speech.cancelled' ? undefined : message.samples;
  const samplesAt = HEADER_BYTES + padded(id.length);
  const sizeBytes = samplesAt + (samples === undefined ? 0 : samples.length * (encoding === 'int16' ? 2 : 4));
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
  const idBytes = view.getUint16(12, true);
  const samplesAt = HEADER_BYTES + padded(idBytes);
  if (view.getUint8(0) !== MARK || idBytes > MAX_ID_BYTES || samplesAt > frame.length) return undefined;
  const type = view.getUint8(1);
  const utteranceId = readText(frame.subarray(HEADER_BYTES, HEADER_BYTES + idBytes));
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
    default:
      return undefined;
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isSampleRate(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 4000 && value <= 384_000;
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
