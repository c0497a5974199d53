import { randomInt } from 'node:crypto';

/*
 * Credentials as their vendors describe them, made without looking at the redactor's rules: a list of formats, each with the text around it that people
 * paste. Every sample is new.
 */

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const HEX = `${DIGITS}abcdef`;
const ALPHANUMERIC = LOWER + UPPER + DIGITS;
const BASE64 = `${ALPHANUMERIC}+/`;
const URL_SAFE = `${ALPHANUMERIC}_-`;
const BASE58 = [...ALPHANUMERIC].filter((character) => !'0OIl'.includes(character)).join('');
const BASE32 = `${UPPER}234567`;

function pick(alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)] ?? '').join('');
}
const hex = (count: number): string => pick(HEX, count);
const alnum = (count: number): string => pick(ALPHANUMERIC, count);
const safe = (count: number): string => pick(URL_SAFE, count);
const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');
const oneOf = (...choices: readonly string[]): string => choices[randomInt(choices.length)] ?? '';
/** As people choose them: letters, digits and signs. */
const password = (): string =>
  `${pick(UPPER, 1)}${pick(LOWER, 5)}${pick(DIGITS, 2)}${oneOf('!', '$', '#', '*', '.', '-', '_')}${pick(LOWER, 3)}`;
const json64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** `text` is what is written; `secret` the part of it that must not be left anywhere. */
export interface Planted {
  kind: string;
  text: string;
  secret: string;
}

type Format = [kind: string, make: () => string | [text: string, secret: string]];

const bare: Format[] = [
  ['OpenAI project key', () => `sk-proj-${safe(74)}T3BlbkFJ${safe(74)}`],
  ['OpenAI key', () => `sk-${alnum(20)}T3BlbkFJ${alnum(20)}`],
  ['Anthropic', () => `sk-ant-api03-${safe(93)}AA`],
  ['Hugging Face', () => `hf_${pick(LOWER + UPPER, 34)}`],
  ['Groq', () => `gsk_${alnum(52)}`],
  ['Replicate', () => `r8_${alnum(37)}`],
  ['OpenRouter', () => `sk-or-v1-${hex(64)}`],
  ['xAI', () => `xai-${alnum(80)}`],
  ['GitHub', () => `gh${oneOf('p', 'o', 'u', 's', 'r')}_${alnum(36)}`],
  ['GitHub fine-grained', () => `github_pat_${alnum(22)}_${alnum(59)}`],
  ['GitLab', () => `glpat-${safe(20)}`],
  ['GitLab runner', () => `glrt-${safe(20)}`],
  ['Slack bot', () => `xoxb-${pick(DIGITS, 12)}-${pick(DIGITS, 13)}-${alnum(24)}`],
  ['Slack app', () => `xapp-1-A${pick(UPPER + DIGITS, 10)}-${pick(DIGITS, 13)}-${hex(64)}`],
  ['Discord bot', () => `${Buffer.from(pick('123456789', 1) + pick(DIGITS, 17)).toString('base64url')}.${safe(6)}.${safe(38)}`],
  ['Telegram', () => `${pick('123456789', 1)}${pick(DIGITS, 9)}:AA${safe(33)}`],
  ['AWS key id', () => `AKIA${pick(BASE32, 16)}`],
  ['Google API', () => `AIza${safe(35)}`],
  ['Google OAuth token', () => `ya29.a0${safe(120)}`],
  ['Google OAuth secret', () => `GOCSPX-${safe(28)}`],
  ['Azure AD client secret', () => `${alnum(3)}8Q~${alnum(34)}`],
  ['Stripe', () => `${oneOf('sk', 'rk')}_${oneOf('live', 'test')}_${alnum(24)}`],
  ['Stripe webhook', () => `whsec_${alnum(32)}`],
  ['Twilio key', () => `SK${hex(32)}`],
  ['SendGrid', () => `SG.${safe(22)}.${safe(43)}`],
  ['Mailgun', () => `key-${hex(32)}`],
  ['Mailchimp', () => `${hex(32)}-us${pick('123456789', 1)}`],
  ['npm', () => `npm_${alnum(36)}`],
  ['PyPI', () => `pypi-AgEIcHlwaS5vcmc${safe(150)}`],
  ['Docker Hub', () => `dckr_pat_${safe(27)}`],
  ['DigitalOcean', () => `dop_v1_${hex(64)}`],
  ['Shopify', () => `shpat_${hex(32)}`],
  ['Square', () => `sq0csp-${safe(43)}`],
  ['Sentry', () => `sntryu_${hex(64)}`],
  ['New Relic', () => `NRAK-${pick(UPPER + DIGITS, 27)}`],
  ['Linear', () => `lin_api_${alnum(40)}`],
  ['Notion', () => `ntn_${alnum(46)}`],
  ['Figma', () => `figd_${safe(40)}`],
  ['Airtable', () => `pat${alnum(14)}.${hex(64)}`],
  ['Asana', () => `1/12${pick(DIGITS, 14)}:${hex(32)}`],
  ['Dropbox', () => `sl.${safe(135)}`],
  ['Vault', () => `hvs.${safe(90)}`],
  ['Databricks', () => `dapi${hex(32)}`],
  ['Grafana', () => `glsa_${alnum(32)}_${hex(8)}`],
  ['Postman', () => `PMAK-${hex(24)}-${hex(34)}`],
  ['Supabase', () => `sbp_${hex(40)}`],
  ['Netlify', () => `nfp_${alnum(36)}`],
  ['Fly', () => `fo1_${safe(43)}`],
  ['Terraform', () => `${alnum(14)}.atlasv1.${safe(67)}`],
  ['Tailscale', () => `tskey-auth-${alnum(12)}CNTRL-${alnum(32)}`],
  ['Doppler', () => `dp.pt.${alnum(43)}`],
  ['Pulumi', () => `pul-${hex(40)}`],
  ['Atlassian', () => `ATATT3xFfGF0${safe(180)}`],
  ['HubSpot', () => `pat-eu1-${uuid()}`],
  ['age', () => `AGE-SECRET-KEY-1${pick('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`],
  ['JSON web token', () => `${json64({ alg: 'HS256', typ: 'JWT' })}.${json64({ sub: pick(DIGITS, 10), iat: 1516239022 })}.${safe(43)}`],
  ['extended private key', () => `xprv${pick(BASE58, 107)}`],
  ['Nostr', () => `nsec1${pick(LOWER + DIGITS, 58)}`],
];

/** `[text, secret]`: what stands around tells what it is. */
const inContext: Format[] = [
  ['AWS secret', () => part('aws_secret_access_key = ', pick(BASE64, 40))],
  [
    'Azure storage',
    () => part('DefaultEndpointsProtocol=https;AccountName=store;AccountKey=', `${pick(BASE64, 86)}==`, ';EndpointSuffix=core.windows.net'),
  ],
  ['Twilio token', () => part('TWILIO_AUTH_TOKEN=', hex(32))],
  ['Datadog', () => part('DD_API_KEY=', hex(32))],
  ['Cloudflare', () => part('CLOUDFLARE_API_TOKEN=', safe(40))],
  ['Heroku', () => part('HEROKU_API_KEY: ', uuid())],
  ['Okta', () => part('Authorization: SSWS 00', safe(40))],
  ['bearer', () => part('Authorization: Bearer ', safe(40))],
  ['basic', () => part('Authorization: Basic ', Buffer.from(`user:${password()}`).toString('base64'))],
  ['API key header', () => part('X-Api-Key: ', alnum(32))],
  ['cookie', () => part('Cookie: theme=dark; session=', safe(40))],
  ['Postgres address', () => part('postgres://app:', password().replaceAll('#', '-'), '@db.example.org:5432/app')],
  ['MongoDB address', () => part('mongodb+srv://app:', alnum(16), '@cluster0.example.mongodb.net/test')],
  ['Redis address', () => part('redis://:', alnum(24), '@cache:6379/0')],
  ['AMQP address', () => part('amqp://guest:', alnum(12), '@rabbit:5672/')],
  ['password', () => part('password: ', password())],
  ['environment password', () => part('DB_PASSWORD=', password())],
  ['JSON password', () => part('{"user":"me","password":"', password(), '"}')],
  ['client secret', () => part('client_secret=', alnum(32))],
  ['API key', () => part('"apiKey": "', alnum(40), '"')],
  ['token', () => part('auth_token = "', alnum(36), '"')],
  ['command line', () => part('tool --password ', password(), ' --verbose')],
  [
    'SIP digest',
    () => part('Authorization: Digest username="100", realm="asterisk", nonce="1699/8f", uri="sip:100@pbx", response="', hex(32), '"'),
  ],
  ['trunk', () => part('[trunk-auth]\ntype=auth\nusername=49301234\npassword=', password())],
  ['SDES key', () => part('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:', pick(BASE64, 40))],
  [
    'Baileys key',
    () => part('{"noiseKey":{"private":{"type":"Buffer","data":"', `${pick(BASE64, 43)}=`, '"},"public":{"type":"Buffer"}}}'),
  ],
  ['Baileys secret', () => part('"advSecretKey":"', `${pick(BASE64, 43)}=`, '"')],
  ['WireGuard', () => part('[Interface]\nPrivateKey = ', `${pick(BASE64, 43)}=`)],
  ['OTP seed', () => part('otpauth://totp/Example:me?secret=', pick(BASE32, 32), '&issuer=Example')],
  ['PEM', () => part('-----BEGIN PRIVATE KEY-----\n', lines(26, 64), '\n-----END PRIVATE KEY-----')],
  ['OpenSSH', () => part('-----BEGIN OPENSSH PRIVATE KEY-----\n', lines(6, 70), '\n-----END OPENSSH PRIVATE KEY-----')],
  ['PGP', () => part('-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n', lines(10, 64), '\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----')],
  ['PuTTY', () => part('PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n', pick(BASE64, 44), '\nPrivate-MAC: 00')],
  ['Ethereum', () => part('private key: 0x', hex(64))],
  ['npmrc', () => part('//registry.npmjs.org/:_authToken=', uuid())],
  ['German', () => part('Das Passwort lautet: ', password())],
];

function part(before: string, secret: string, after = ''): [string, string] {
  return [`${before}${secret}${after}`, secret];
}

function lines(count: number, chars: number): string {
  return Array.from({ length: count }, () => pick(BASE64, chars)).join('\n');
}

export const plantedKinds = bare.length + inContext.length;

/** One of each kind, in a sentence of its own. */
export function plantSecrets(): Planted[] {
  const planted: Planted[] = [];
  for (const [kind, make] of [...bare, ...inContext]) {
    const made = make();
    const [text, secret] = typeof made === 'string' ? [made, made] : made;
    planted.push({ kind, text, secret });
  }
  return planted;
}

/** The ways on which a secret leaves in disguise. */
export const encodings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in lines': (text) =>
    (
      Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n'),
  hex: (text) => Buffer.from(text).toString('hex'),
  url: (text) => encodeURIComponent(text),
  'url, every character': (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  json: (text) => JSON.stringify({ text }),
  'json in json': (text) => JSON.stringify(JSON.stringify({ text })),
  'json, every character': (text) =>
    `"${[...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
  'base64 of base64': (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  'base64 of json': (text) => Buffer.from(JSON.stringify({ a: 1, text })).toString('base64'),
  'url of base64': (text) => encodeURIComponent(Buffer.from(`x=${text}`).toString('base64')),
  'base64 behind other bytes': (text) => Buffer.from(`\u0001\u0002${'é'.repeat(randomInt(3))} ${text}\n\u0000`).toString('base64'),
};
