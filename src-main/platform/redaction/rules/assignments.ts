import { isPlaceholder, looksGenerated, looksRandom } from '../value-checks.ts';
import { ASSIGN, VALUE, type Rule } from '../rule.ts';

/** What may follow the word inside a name: `password_hash`, `PASSWORD2`, `tokenValue`. */
const TAIL =
  '(?:s|[_-]?\\d{1,3}|[_-]?(?:hash|value|prod|production|dev|test|staging|old|new|current|confirm(?:ation)?|file|text|plain|key|code|string|base64|encoded))?';
/** `--password VALUE`, `password is VALUE`, `<password>VALUE<`, `PASSWORD 'VALUE'`. */
const WORDS = '(?:\\s{1,3}(?:is|ist|lautet|was|war|heißt|set to|now)(?:\\s{0,2}:)?\\s{1,3}|>)';
const FLAG = '(?<=--[\\w-]{1,40}) {1,3}(?=[^\\s-])';
const BETWEEN = `(?:${ASSIGN}|${WORDS}|${FLAG})`;

function assignment(names: string): Pick<Rule, 'pattern' | 'opening' | 'gaps' | 'endsWithValue'> {
  const opening = `(?<!\\[)(?:${names})${TAIL}${BETWEEN}`;
  return { pattern: new RegExp(`${opening}${VALUE}`, 'i'), opening: new RegExp(opening, 'i'), gaps: 'far', endsWithValue: true };
}

/** The match ends with the quotation mark that closes the value. */
function isQuoted(whole: string): boolean {
  return /["'`]$/.test(whole);
}

/** "The password is …": what follows may as well be a word of the sentence. */
function isProse(whole: string): boolean {
  return /^[\w-]{1,30}\s{1,3}(?:is|ist|lautet|was|war|heißt|set to|now)\s{1,3}\S{1,400}$/i.test(whole);
}

function isMadeUp(value: string): boolean {
  return /\d|[A-Za-z][^\w\s][A-Za-z]|[a-z][A-Z]/.test(value);
}

/** Names of values that people use for secrets. The surer the name, the less is asked of the value. */
export const assignmentRules: readonly Rule[] = [
  {
    name: 'password',
    keywords: [
      'password',
      'passwd',
      'passwort',
      'kennwort',
      'passphrase',
      'pwd',
      'passcode',
      'secretpw',
      'userpw',
      'contraseña',
      'mot de passe',
    ],
    // `…pWd=` also ends one key in 70 000.
    ...assignment(
      'password|passwd|passwort|kennwort|passphrase|(?<![A-Za-z\\d+/]{12})pwd|passcode|secretpw|userpw|contraseña|mot de passe',
    ),
    accept: (value, whole) =>
      value.length >= 3 && !isPlaceholder(value, isQuoted(whole)) && (!isProse(whole) || isMadeUp(value) || isQuoted(whole)),
  },
  {
    name: 'password',
    keywords: ['pass', 'psk'],
    pattern: new RegExp(`(?<![A-Za-z])(?:pass|psk)${ASSIGN}${VALUE}`, 'i'),
    opening: new RegExp(`(?<![A-Za-z])(?:pass|psk)${ASSIGN}`),
    gaps: 'far',
    accept: (value, whole) => value.length >= 4 && !isPlaceholder(value, isQuoted(whole)) && (/[\d\W_]/.test(value) || value.length >= 8),
  },
  {
    name: 'password',
    keywords: ['login '],
    // .netrc
    pattern: /login\s\S{1,60}\s{1,4}password\s{1,4}(?<secret>\S{3,100})/,
    gaps: 5,
  },
  {
    name: 'password',
    keywords: ['identified by', 'with password', 'encrypted password', 'requirepass', 'masterauth'],
    pattern:
      /(?:identified by|with password|encrypted password|requirepass|masterauth)\s{1,4}(?:\\{0,7}["'`](?<quoted>[^"'`\\\r\n]{3,200})|(?<bare>[^\s"'`\\;]{3,200}))/i,
    gaps: 5,
    accept: (value) => !isPlaceholder(value),
  },
  {
    name: 'secret',
    keywords: [
      'secret',
      'geheimnis',
      'apikey',
      'api_key',
      'api-key',
      'api key',
      'accesskey',
      'access_key',
      'access-key',
      'access key',
      'privatekey',
      'private_key',
      'private-key',
    ],
    ...assignment(
      '(?:client|app|shared|consumer|webhook|signing|master|session|jwt|hmac)?[_ -]?secret(?:[_ -]?(?:access)?[_ -]?(?:key|token))?|geheimnis|api[_ -]?key|access[_ -]?key|private[_ -]?key',
    ),
    accept: (value, whole) => looksGenerated(value, isQuoted(whole)),
  },
  {
    name: 'secret',
    keywords: [
      'encryption_key',
      'encryptionkey',
      'encryption-key',
      'encryption key',
      'signing_key',
      'signingkey',
      'master_key',
      'masterkey',
      'auth_key',
      'authkey',
      'secret_key',
      'secretkey',
      'license_key',
      'schlüssel',
      'schluessel',
    ],
    ...assignment('(?:encryption|signing|master|auth|secret|license)[_ -]?key|schl(?:ü|ue)ssel'),
    accept: (value) => value.length >= 12 && looksGenerated(value),
  },
  {
    name: 'entropy',
    keywords: ['token', 'credential', 'auth', 'sessionid', 'session_id', 'session_key', 'sessionkey', 'jwt', 'signature', 'salt', 'zugang'],
    ...assignment('token|credentials?|auth|session[_ -]?(?:id|key)|jwt|signature|salt|zugang\\w{0,12}'),
    accept: (value) => looksRandom(value, true),
  },
  {
    name: 'entropy',
    keywords: ['key'],
    ...assignment('key'),
    accept: (value) => value.length >= 20 && looksRandom(value, false),
  },
];
