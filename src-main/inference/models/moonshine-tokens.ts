import { damagedArchive } from './model-errors.ts';

/**
 * Moonshine's `tokenizer.bin` as the `tokens.txt` that sherpa-onnx reads: one line per token, base64 of its bytes, a space, its number. The
 * binary is a row of entries, each a length (one byte; from 128 on two: second * 128 + first - 128) and that many bytes.
 */
export function moonshineTokens(tokenizer: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < tokenizer.length;) {
    const first = tokenizer[at++] ?? 0;
    const length = first < 128 ? first : (tokenizer[at++] ?? 0) * 128 + first - 128;
    if (at + length > tokenizer.length) throw damagedArchive('tokenizer.bin', 'its last entry is cut off');
    lines.push(`${Buffer.from(tokenizer.subarray(at, at + length)).toString('base64')} ${lines.length}\n`);
    at += length;
  }
  return lines.join('');
}
