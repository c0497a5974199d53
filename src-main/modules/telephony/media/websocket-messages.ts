import { decodeCompanded, encodeCompanded } from './g711.ts';
import { decodeLinear, writeLinear } from './pcm.ts';

/*
 * What chan_websocket of Asterisk 22 says and hears (docs/Configuration/Channel-Drivers/WebSocket.md), in its JSON form: text frames are events and
 * commands, binary frames are bare sound in the codec of the channel.
 */

export interface MediaStart {
  /** Every word by which the leg may have been named, in the order of trust. */
  names: string[];
  format: MediaFormat;
}

export interface MediaFormat {
  codec: 'linear' | 'ulaw' | 'alaw';
  sampleRateHz: number;
}

export type MediaEventText = { event: 'MEDIA_START'; start: MediaStart } | { event: 'DTMF_END'; digit: string } | { event: 'other' };

const FORMATS: Record<string, MediaFormat> = {
  slin: { codec: 'linear', sampleRateHz: 8_000 },
  slin16: { codec: 'linear', sampleRateHz: 16_000 },
  ulaw: { codec: 'ulaw', sampleRateHz: 8_000 },
  alaw: { codec: 'alaw', sampleRateHz: 8_000 },
};

/** Variable of the channel that names the leg; `v(…)` of the dial string is not used, because it leaks into later calls. */
const LEG_VARIABLE = 'OPENCLAW_LEG';

/** Undefined = not an event in JSON, or one that cannot be answered (a codec that we do not speak). Never throws. */
export function readMediaEvent(text: string): MediaEventText | undefined {
  const value = parseObject(text);
  if (!value) return undefined;
  if (value['event'] === 'DTMF_END') {
    const digit = value['digit'];
    return typeof digit === 'string' && /^[\d*#A-D]$/.test(digit) ? { event: 'DTMF_END', digit } : undefined;
  }
  if (value['event'] !== 'MEDIA_START') return typeof value['event'] === 'string' ? { event: 'other' } : undefined;
  const format = typeof value['format'] === 'string' ? FORMATS[value['format']] : undefined;
  if (!format) return undefined;
  const variables = value['channel_variables'];
  const named = typeof variables === 'object' && variables !== null ? (variables as Record<string, unknown>)[LEG_VARIABLE] : undefined;
  const names = [named, value['channel_id'], value['connection_id']].filter((name) => typeof name === 'string' && name !== '');
  return { event: 'MEDIA_START', start: { names: names as string[], format } };
}

export function mediaCommand(command: 'ANSWER' | 'HANGUP' | 'FLUSH_MEDIA'): string {
  return JSON.stringify({ command });
}

export function decodeMedia(bytes: Uint8Array, { codec }: MediaFormat): Float32Array {
  return codec === 'linear' ? decodeLinear(bytes) : decodeCompanded(bytes, codec);
}

export function encodeMedia(samples: Float32Array, { codec }: MediaFormat): Uint8Array {
  if (codec !== 'linear') return encodeCompanded(samples, codec);
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  writeLinear(bytes, 0, samples);
  return bytes;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
