/** Bits per character, from the frequencies inside the text itself: prose has about 3.5, random base64 of 40 characters about 4.8. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Words that stand where a secret would, and what programs put there: variables, templates, types, our own marks. */
const PLACEHOLDER =
  /^(?:\[secret\b|\*{2,}|x{3,}$|\.{2,}|…|<|\$\{|\$(?:[A-Za-z_]+|\d)(?:[\W_].*)?$|%[({]|%[a-z]$|%[A-Za-z_]+%|\{\{|\{\w*\}|process\.|os\.|env[.[(]|import\.meta|https?:\/\/|(?:required|optional|string|number|boolean|bool|null|nil|none|true|false|undefined|empty|hidden|redacted|masked|unset|changeme|example|placeholder|password|passwort|secret|token|str|text|bytes|int|any|unknown|default|invalid|wrong|incorrect|missing|expired|z\.\w+\(.*)\W{0,3}$)/i;

/** What stands in quotation marks is a value; without them it may be code: `request.body.password`, `readSecret(name)`. */
export function isPlaceholder(value: string, isQuoted = false): boolean {
  if (PLACEHOLDER.test(value)) return true;
  if (isQuoted) return false;
  return /^[a-z_$][A-Za-z_$]*(?:\??\.[A-Za-z_$]+)+(?:\(.{0,80})?[;,)]?$/.test(value) || /^[A-Za-z_$][A-Za-z_$]{0,60}\(.{0,80}$/.test(value);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HEX = /^[0-9a-f]+$/i;
/** `sha512-…`, `sha256:…`, `md5=…`: checksums say what they are. */
const CHECKSUM = /^(?:sha\d{1,3}|md5|blake\w{1,2}|crc\w{0,3})[-:=_]/i;

/** Made by a random generator rather than by a person: for names that mean a secret only sometimes (`key`, `token`, `auth`). */
export function looksRandom(value: string, allowHex: boolean): boolean {
  if (value.length < 16 || isPlaceholder(value) || UUID.test(value) || CHECKSUM.test(value)) return false;
  if (!/\d/.test(value)) return isLettersAtRandom(value);
  if (HEX.test(value)) return allowHex && value.length >= 20 && /[a-f]/i.test(value) && entropyOf(value) > 2.6;
  const letters = value.replaceAll(/[^A-Za-z]/g, '').length;
  if (letters < 4 || !/^[\x21-\x7e]+$/.test(value)) return false;
  // Paths, addresses, names of models and ids are made of short pieces; a random one has a long piece.
  const longest = Math.max(...value.split(/[/.:_\-\s]/).map((piece) => piece.length));
  return longest >= 14 && entropyOf(value) > 3.2;
}

/** One token in some 500 has no digit. It changes between capital and small letters at every second step; names in code do so once a word. */
function isLettersAtRandom(value: string): boolean {
  if (value.length < 24 || !/^[\w-]+$/.test(value)) return false;
  const changes = (value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g) ?? []).length;
  return changes > value.length * 0.28 && entropyOf(value) > 3.8;
}

/** For names that always mean a secret made by a machine (`api_key`, `client_secret`): less is asked. */
export function looksGenerated(value: string, isQuoted = false): boolean {
  if (value.length < 8 || isPlaceholder(value, isQuoted)) return false;
  return /\d/.test(value) || (value.length >= 16 && entropyOf(value) > 3) || /[^\w\s.-]/.test(value);
}

/** ISO/IEC 7812: the check digit of payment cards. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Has a digit: keeps words that merely begin like a token apart (`sk-learn-contrib-package`). */
export function hasDigit(value: string): boolean {
  return /\d/.test(value);
}
