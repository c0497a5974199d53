import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';

const hex = (chars: number): string =>
  randomBytes(Math.ceil(chars / 2))
    .toString('hex')
    .slice(0, chars);
const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');
const oneOf = <Value>(values: readonly Value[]): Value => values[randomInt(values.length)] as Value;
const WORDS =
  'alpha bravo delta engine voice model store turn face agent window session portrait night river stone garden letter number simple'.split(
    ' ',
  );
const words = (count: number, glue: string): string => Array.from({ length: count }, () => oneOf(WORDS)).join(glue);

/** What looks random and is no secret: each line as it stands in logs, calls, lock files and talk. */
const makers: (() => string)[] = [
  () => createHash('sha256').update(randomBytes(8)).digest('hex'),
  () => createHash('sha1').update(randomBytes(8)).digest('hex'),
  () => `commit ${hex(40)}`,
  () => `sha256:${hex(64)}`,
  () => `"integrity": "sha512-${randomBytes(64).toString('base64')}"`,
  () => `etag: "${hex(32)}"`,
  () => randomUUID(),
  () => `id=${randomUUID()}`,
  () => `conversation_0${hex(20)}`,
  () => `message_${hex(12)}`,
  () => `+49 ${digits(3)} ${digits(7)}`,
  () => `+1-${digits(3)}-${digits(3)}-${digits(4)}`,
  () => `tel:+44${digits(10)}`,
  () => `Via: SIP/2.0/UDP 10.0.0.${randomInt(255)}:5060;branch=z9hG4bK${hex(16)};rport`,
  () => `From: <sip:${digits(4)}@pbx.example.org>;tag=${hex(10)}`,
  () => `To: "Alice" <sip:alice@example.org>;tag=as${hex(8)}`,
  () => `Call-ID: ${hex(32)}@192.168.0.${randomInt(255)}`,
  () => `CSeq: ${digits(5)} INVITE`,
  () => `data:audio/wav;base64,${randomBytes(300).toString('base64')}`,
  () => randomBytes(600).toString('base64'),
  () => `${oneOf(['qwen3', 'llama-3.2', 'whisper', 'kokoro', 'piper', 'smollm2'])}-${randomInt(70)}b-instruct-q${randomInt(8)}_k_m.gguf`,
  () => `/home/me/.local/share/${words(3, '/')}/${words(2, '-')}-${hex(8)}.json`,
  () => `C:\\Users\\me\\${words(3, '\\')}\\${words(2, '_')}.txt`,
  () => `https://example.org/${words(3, '/')}?page=${digits(2)}&id=${digits(8)}`,
  () => `npm install ${words(2, '-')}@${digits(1)}.${digits(2)}.${digits(1)}`,
  () => `max_tokens: ${digits(4)}, prompt_tokens=${digits(3)}`,
  () => `at ${words(2, '.')} (src-main/${words(2, '/')}.ts:${digits(3)}:${digits(2)})`,
  () => `key: ${words(2, '_')}, author: ${words(1, '')}, tokenizer: ${words(2, '-')}`,
  () => `public_key_id=${hex(16)} keyframe=${digits(5)} monkey=${words(1, '')}`,
  () => `2026-11-${10 + randomInt(19)}T10:${10 + randomInt(49)}:${10 + randomInt(49)}.${digits(3)}Z`,
  () => `Please set a new password before Friday; the key is under the mat and the secret is ${words(2, ' ')}.`,
  () => `Das Passwort muss geändert werden, sagt ${words(2, ' ')}.`,
  () => `order 4${digits(11)}, tracking 1Z${hex(8).toUpperCase()}${digits(8)}`,
  () => `IBAN DE${digits(2)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(2)}`,
  () => `model sha ${hex(7)}, build ${digits(8)}, port ${digits(4)}, ip 10.${randomInt(255)}.${randomInt(255)}.${randomInt(255)}`,
  () => `mac ${Array.from({ length: 6 }, () => hex(2)).join(':')}`,
  () => `function ${words(1, '')}(token: string, password: string): Promise<void>`,
  () => `const apiKey = process.env.API_KEY; const token = readToken(${words(1, '')});`,
  () => `<div class="${words(3, ' ')}" data-id="${hex(24)}">`,
  () => `${words(12, ' ')}.`,
];

export function harmlessTokens(count: number): string[] {
  return Array.from({ length: count }, (_value, index) => (makers[index % makers.length] ?? (() => ''))());
}
