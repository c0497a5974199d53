import { isPlaceholder, passesLuhn } from '../value-checks.ts';
import { ASSIGN, type Rule } from '../rule.ts';

const isValue = (value: string): boolean => !isPlaceholder(value);

/** What protocols carry: headers, cookies, addresses with a password, signatures of calls, tokens of the web. */
export const protocolRules: readonly Rule[] = [
  {
    name: 'json-web-token',
    keywords: ['eyj'],
    // Three parts signed, five encrypted; the first two begin as JSON does. A cut-off one still shows its claims.
    pattern: /(?<![A-Za-z0-9_-])eyJ[\w-]{8,2000}\.(?:eyJ[\w-]{6,6000}|[\w-]{0,600}\.[\w-]{8,600})(?:\.[\w-]{0,2000}){0,3}/,
    reachChars: 8000,
    gaps: 0,
  },
  {
    name: 'authorization',
    keywords: ['authorization', 'x-auth', 'x-api-key', 'x-access-token', 'x-csrf', 'api-key:'],
    pattern: new RegExp(
      `(?:(?:proxy-)?authorization|x-auth(?:orization)?(?:-token|-key)?|x-api-key|x-access-token|x-csrf-token|api-key)${ASSIGN}(?:\\\\{0,7}["'\`])?(?:(?:bearer|basic|token|apikey|ssws|negotiate|ntlm|aws|key|bot|splunk|discogs|hmac|sso-key) {1,4})?(?<secret>[^\\s"'\`\\\\<>,;]{4,2000})`,
      'i',
    ),
    reachChars: 2200,
    gaps: 4,
    // "Digest username=…" has rules of its own: its names and realm are no secrets.
    accept: (secret) => isValue(secret) && !/^(?:digest|bearer|basic)$/i.test(secret),
  },
  {
    name: 'bearer-token',
    keywords: ['bearer'],
    pattern: /(?<![A-Za-z0-9])bearer(?: {1,4}|\s?[:=]\s?["']?|%20|\+)(?<secret>[\w.~+/=-]{12,2000})/i,
    reachChars: 2200,
    gaps: 3,
    accept: (secret) => isValue(secret) && (/\d/.test(secret) || secret.length >= 24),
  },
  {
    name: 'basic-authorization',
    keywords: ['basic'],
    pattern: /(?<![A-Za-z0-9])basic(?: {1,4}|%20)(?<secret>[A-Za-z0-9+/]{8,600}={0,2})(?![A-Za-z0-9+/=])/i,
    reachChars: 700,
    gaps: 2,
    accept: (secret) => Buffer.from(secret, 'base64').toString('latin1').includes(':'),
  },
  {
    name: 'digest-response',
    keywords: ['response='],
    // The hash of a SIP or HTTP password: enough to guess it offline.
    pattern: /(?<![A-Za-z0-9])response=(?:\\{0,7}["'])?(?<secret>[0-9a-f]{32}(?:[0-9a-f]{32})?)(?![0-9a-f])/i,
  },
  {
    name: 'digest-cnonce',
    keywords: ['cnonce='],
    pattern: /(?<![A-Za-z0-9])cnonce=(?:\\{0,7}["'])?(?<secret>[\w+/=-]{6,100})/i,
  },
  {
    name: 'cookie',
    keywords: ['cookie'],
    pattern: new RegExp(`(?:set-)?cookie2?${ASSIGN}(?:\\\\{0,7}["'\`])?(?<secret>[^\\r\\n"'\`\\\\]{1,40}=[^\\r\\n"'\`\\\\]{1,3600})`, 'i'),
    opening: new RegExp(`cookie2?${ASSIGN}`),
    reachChars: 4000,
    gaps: 'far',
  },
  {
    name: 'session-cookie',
    keywords: [
      'sessionid=',
      'session_id=',
      'phpsessid=',
      'jsessionid=',
      'connect.sid=',
      'asp.net_sessionid=',
      'laravel_session=',
      'csrftoken=',
      '_session=',
    ],
    pattern: /[\w.]{5,20}=(?<secret>[\w%.:+/=-]{10,400})/i,
  },
  {
    name: 'address-password',
    keywords: ['://'],
    // postgres, mysql, mongodb, redis, amqp, smtp, sip, https …: user:password@host. The user stays.
    pattern: /:\/\/[^\s/@:"'`<>\\]{0,120}:(?<secret>[^\s@"'`<>\\]{1,200})@(?=[\w[%])/,
    accept: (secret) => isValue(secret) && !/^\d{1,5}\//.test(secret) && !secret.startsWith('//'),
  },
  {
    name: 'address-token',
    keywords: ['://'],
    // https://TOKEN@host: what Git calls a user name.
    pattern: /:\/\/(?<secret>[\w-]{20,250})@(?=[\w[])/,
    accept: (secret) => /\d/.test(secret) && /[A-Za-z]/.test(secret),
  },
  {
    name: 'sip-password',
    keywords: ['sip:', 'sips:'],
    pattern: /sips?:[\w.+%-]{1,80}:(?<secret>[^\s@"'<>;\\]{1,100})@(?=[\w[])/i,
    accept: isValue,
  },
  {
    name: 'media-key',
    keywords: ['inline:'],
    // RFC 4568: the key of an encrypted call stands in the open in its description.
    pattern: /inline:(?<secret>[A-Za-z0-9+/]{30,100}={0,2})/,
  },
  {
    name: 'ice-password',
    keywords: ['ice-pwd'],
    pattern: /ice-pwd[:=]\s?(?<secret>[A-Za-z0-9+/]{22,256})/,
  },
  {
    name: 'otp-seed',
    keywords: ['otpauth://', 'otpauth%3a'],
    pattern: /otpauth(?::\/\/|%3a%2f%2f)[^\s"'`<>\\]{1,300}?secret(?:=|%3d)(?<secret>[A-Za-z2-7]{8,130})/i,
  },
  {
    name: 'credit-card',
    keywords: ['card', 'karte', 'visa', 'amex', 'kreditkarte'],
    pattern: /(?:card|karte|visa|amex)\D{1,30}(?<secret>(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6\d{3}|3[47]\d\d)(?:[ -]?\d){11,12})(?!\d)/i,
    gaps: 8,
    accept: (secret) => passesLuhn(secret.replaceAll(/\D/g, '')),
  },
  {
    name: 'shell-password',
    keywords: ['sshpass', 'curl', 'wget', 'mysql', 'mysqldump', 'ldapsearch', 'redis-cli', 'smbclient'],
    pattern:
      /(?:sshpass|curl|wget|mysql(?:dump)?|ldapsearch|redis-cli|smbclient)\b[^\r\n|;&]{0,200}?\s(?:-p ?|-a |-w |-u ["']?[^\s:"']{1,60}:|--user[ =]["']?[^\s:"']{1,60}:|-U ["']?[^\s%"']{1,60}%)(?<quote>["']?)(?<secret>[^\s"']{3,100})/,
    gaps: 'far',
    accept: isValue,
  },
];
