/**
 * Just enough of protobuf's wire format to read and write the ONNX files that we cut and mend: a message is a row of fields, each a number, a wire type and
 * a payload (Protocol Buffers, "Encoding").
 */

const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

/** One field. Byte arrays are views of the message, nothing is copied. */
export interface Field {
  number: number;
  wireType: number;
  /** The value of a varint; 0 for other wire types. */
  value: number;
  /** The bytes of a length-delimited field; empty for other wire types. */
  bytes: Uint8Array;
  /** Tag, length and payload as they lie in the file. */
  whole: Uint8Array;
}

/** The fields of a message, in order. Throws a plain `Error` when the bytes are no message, or not a whole one. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const start = at;
    const tag = readVarint(message, at);
    at = tag.next;
    const field = { number: Math.floor(tag.value / 8), wireType: tag.value % 8, value: 0, bytes: message.subarray(0, 0), whole: message };
    if (field.wireType === WIRE_VARINT) ({ value: field.value, next: at } = readVarint(message, at));
    else if (field.wireType === WIRE_BYTES) {
      const length = readVarint(message, at);
      field.bytes = message.subarray(length.next, length.next + length.value);
      at = length.next + length.value;
    } else if (field.wireType === WIRE_FIXED64) at += 8;
    else if (field.wireType === WIRE_FIXED32) at += 4;
    else throw new Error(`This is not an ONNX model: wire type ${field.wireType} at byte ${start}.`);
    if (at > message.length) throw new Error('This is not a whole ONNX model: it ends in the middle of a field.');
    yield { ...field, whole: message.subarray(start, at) };
  }
}

/** The whole numbers of a repeated field, packed or not. */
export function integersOf(message: Uint8Array, number: number): number[] {
  const values: number[] = [];
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    if (field.wireType === WIRE_VARINT) values.push(field.value);
    else for (let at = 0; at < field.bytes.length;) ({ value: values[values.length], next: at } = readVarint(field.bytes, at));
  }
  return values;
}

/** Values above 2^53 (negative integers) lose precision, which nobody here looks at. */
function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let at = start; at < bytes.length && at < start + 10; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: at + 1 };
    factor *= 128;
  }
  throw new Error('This is not a whole ONNX model: it ends in the middle of a number.');
}

function writeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** A field with bytes: a text, a message, packed numbers. */
export function bytesField(number: number, payload: Uint8Array): Uint8Array {
  return Buffer.concat([bytesFieldStart(number, payload.length), payload]);
}

/** What comes before the payload of a field with bytes, for a payload that is written in pieces. */
export function bytesFieldStart(number: number, payloadBytes: number): Uint8Array {
  return Buffer.from([...writeVarint(number * 8 + WIRE_BYTES), ...writeVarint(payloadBytes)]);
}

/** A field with a whole number, 0 or more. */
export function varintField(number: number, value: number): Uint8Array {
  return Buffer.from([...writeVarint(number * 8 + WIRE_VARINT), ...writeVarint(value)]);
}

/** The first text field of that number, or ''. */
export function stringField(message: Uint8Array, number: number): string {
  for (const field of fieldsOf(message)) if (field.number === number) return text(field.bytes);
  return '';
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
