import type { KnownText } from './compiled-rules.ts';

/** Below this a value would be found everywhere. */
const MIN_CHARS = 5;
/** Shorter ones count only when they stand alone. */
const MIN_GLUED_CHARS = 8;
const MAX_SECRETS = 500;

/**
 * The stored secrets themselves, as they stand and in the forms that they take on the way: base64 at each of the three alignments, hexadecimal, percent
 * escapes, escapes of JSON. (Encoded texts are looked into anyway; these forms are found also where the code around them is broken.)
 */
export function knownTexts(values: readonly string[]): KnownText[] {
  const found = new Map<string, KnownText>();
  const add = (text: string, options: { anyCase?: boolean; alone?: boolean } = {}): void => {
    if (text.length >= MIN_CHARS && !found.has(text))
      found.set(text, { text, anyCase: options.anyCase ?? false, alone: options.alone ?? false });
  };
  for (const value of values.slice(0, MAX_SECRETS)) {
    // Keys are often stored with the line end of the file they came from.
    const secret = value.trim();
    if (secret.length < MIN_CHARS) continue;
    add(secret, { alone: secret.length < MIN_GLUED_CHARS });
    if (secret.length < MIN_GLUED_CHARS) continue;
    const bytes = Buffer.from(secret);
    for (let shift = 0; shift < 3; shift += 1) {
      for (const encoding of ['base64', 'base64url'] as const) add(base64Core(bytes, shift, encoding));
    }
    add(bytes.toString('hex'), { anyCase: true });
    add(encodeURIComponent(secret), { anyCase: false });
    add(encodeURIComponent(secret).replaceAll('%20', '+'));
    const json = JSON.stringify(secret).slice(1, -1);
    add(json);
    add(JSON.stringify(json).slice(1, -1));
    // Several lines: each long one counts by itself, because programs print them one by one.
    if (/[\r\n]/.test(secret)) for (const line of secret.split(/[\r\n]+/)) if (line.length >= 20 && !line.startsWith('-----')) add(line);
  }
  return [...found.values()];
}

/** The characters of the code that depend on the secret alone, when `shift` other bytes stand before it. */
function base64Core(bytes: Buffer, shift: number, encoding: 'base64' | 'base64url'): string {
  const code = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(encoding)
    .replaceAll('=', '');
  const firstWhole = shift === 0 ? 0 : shift + 1;
  const lastWhole = Math.floor(((shift + bytes.length) * 8) / 6);
  const core = code.slice(firstWhole, lastWhole);
  return core.length >= MIN_GLUED_CHARS ? core : '';
}
