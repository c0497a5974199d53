import { isPlaceholder, looksGenerated, looksRandom } from './value-checks.ts';

const PASSWORD = /(?:password|passwd|passwort|kennwort|passphrase|pwd|passcode)$/i;
const SECRET = /(?:secret|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|client[_-]?secret|authorization|cookie)$/i;
const SOMETIMES = /(?:token|credential|auth|session[_-]?(?:id|key)|jwt)s?$/i;

/** Whether a field of this name keeps its value to itself: `{ password: "…" }` has no text around the value that would tell. */
export function isSecretField(name: string, value: string): boolean {
  if (PASSWORD.test(name)) return value.length >= 1 && !isPlaceholder(value);
  if (SECRET.test(name)) return looksGenerated(value);
  return SOMETIMES.test(name) && looksRandom(value, true);
}
