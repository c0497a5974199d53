import { decodeLinear, writeLinear } from './pcm.ts';

/*
 * AudioSocket, as Asterisk 22 speaks it (include/asterisk/res_audiosocket.h): kind (one byte), length (two bytes, big-endian), payload. The first message
 * is the UUID. Asterisk ends a call on any kind that it does not expect from us, so that only sound and the hang-up are ever sent.
 */

const HANG_UP = 0x00;
const ID = 0x01;
const DIGIT = 0x03;
const SOUND_8_KHZ = 0x10;
const SOUND_16_KHZ = 0x12;
const ERROR = 0xff;

const HEADER_BYTES = 3;
/** A quarter of a second at 16 kHz: Asterisk sends 20 ms at a time, and no more than this is ever meant. */
const MAX_PAYLOAD_BYTES = 8_192;

export type AudioSocketMessage =
  | { type: 'id'; legId: string }
  | { type: 'sound'; sampleRateHz: 8_000 | 16_000; samples: Float32Array }
  | { type: 'digit'; digit: string }
  | { type: 'hang-up' }
  /** Asterisk's own trouble; the call is over. */
  | { type: 'error' }
  /** This is no AudioSocket, or not in step any more: nothing that follows can be trusted, and nothing more is read. */
  | { type: 'broken'; why: string };

export interface AudioSocketParser {
  /** The messages that are complete now; bytes may come in pieces of any size. Never throws. */
  push(bytes: Uint8Array): AudioSocketMessage[];
}

export function createAudioSocketParser(): AudioSocketParser {
  let rest: Uint8Array = new Uint8Array(0);
  let isBroken = false;
  return {
    push(bytes) {
      if (isBroken) return [];
      const held = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const messages: AudioSocketMessage[] = [];
      let position = 0;
      while (position + HEADER_BYTES <= held.length && !isBroken) {
        const kind = held[position] ?? 0;
        const payloadBytes = ((held[position + 1] ?? 0) << 8) | (held[position + 2] ?? 0);
        const start = position + HEADER_BYTES;
        if (payloadBytes <= MAX_PAYLOAD_BYTES && start + payloadBytes > held.length) break;
        const message =
          payloadBytes > MAX_PAYLOAD_BYTES
            ? ({ type: 'broken', why: `a message of ${payloadBytes} bytes` } as const)
            : readMessage(kind, held.subarray(start, start + payloadBytes));
        if (message) messages.push(message);
        isBroken = message?.type === 'broken';
        position = start + payloadBytes;
      }
      // A copy: what is left would otherwise hold the whole received piece.
      rest = isBroken ? new Uint8Array(0) : new Uint8Array(held.subarray(position));
      return messages;
    },
  };
}

/** Undefined for kinds that a later Asterisk may have and that do not matter here. */
function readMessage(kind: number, payload: Uint8Array): AudioSocketMessage | undefined {
  switch (kind) {
    case HANG_UP:
      return { type: 'hang-up' };
    case ID:
      return payload.length === 16 ? { type: 'id', legId: uuidText(payload) } : { type: 'broken', why: `an id of ${payload.length} bytes` };
    case DIGIT: {
      const digit = String.fromCharCode(payload[0] ?? 0);
      return payload.length === 1 && /^[\d*#A-D]$/.test(digit) ? { type: 'digit', digit } : undefined;
    }
    case SOUND_8_KHZ:
      return { type: 'sound', sampleRateHz: 8_000, samples: decodeLinear(payload) };
    case SOUND_16_KHZ:
      return { type: 'sound', sampleRateHz: 16_000, samples: decodeLinear(payload) };
    case ERROR:
      return { type: 'error' };
    default:
      return undefined;
  }
}

/** A message with sound, 20 ms as a rule; an empty one would end the call. */
export function audioSocketSound(samples: Float32Array, sampleRateHz: number): Uint8Array {
  const message = Buffer.allocUnsafe(HEADER_BYTES + samples.length * 2);
  message[0] = sampleRateHz === 8_000 ? SOUND_8_KHZ : SOUND_16_KHZ;
  message.writeUInt16BE(samples.length * 2, 1);
  writeLinear(message, HEADER_BYTES, samples);
  return message;
}

export const AUDIO_SOCKET_HANG_UP: Uint8Array = Uint8Array.of(HANG_UP, 0, 0);

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
