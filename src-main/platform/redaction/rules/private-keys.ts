import { isPlaceholder } from '../value-checks.ts';
import { ASSIGN, tokenRule, type Rule } from '../rule.ts';

const BASE58 = '[1-9A-HJ-NP-Za-km-z]';
/** Line ends as they are, or as JSON, shells and YAML write them. */
const BREAK = '(?:\\r|\\n|\\\\{1,8}[rn]|[ \\t])';

/** Keys that are files, and keys of wallets, tunnels and messengers. */
export const privateKeyRules: readonly Rule[] = [
  {
    name: 'private-key',
    keywords: ['private key', 'private%20key', 'private+key'],
    // PEM, OpenSSH and PGP; one that is cut off counts as well. The body has no quotation marks, so the JSON around it stays whole.
    pattern: new RegExp(
      `-----BEGIN[ %+20]{1,3}(?:[A-Z0-9]{1,12}[ %+20]{1,3}){0,3}PRIVATE[ %+20]{1,3}KEY(?:[ %+20]{1,3}BLOCK)?-----(?:${BREAK}|[A-Za-z0-9+/=:,.%_-](?!----END))*(?:.?-----END[ %+20A-Z0-9]{1,60}-----)?`,
    ),
    opening: /(?<=-----BEGIN[ %+A-Z0-9]{1,44})private/,
    behindChars: 48,
    reachChars: 16_000,
    gaps: 'far',
  },
  {
    name: 'putty-key',
    keywords: ['private-lines:'],
    pattern: new RegExp(
      `Private-Lines: \\d{1,4}(?<secret>(?:${BREAK}{1,4}[A-Za-z0-9+/=]{1,80}){1,120}(?:${BREAK}{1,4}Private-(?:MAC|Hash): [0-9a-f]{20,80})?)`,
    ),
    reachChars: 12_000,
    gaps: 'far',
  },
  tokenRule('age-key', 'age-secret-key-', 'AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,120}'),
  {
    name: 'wireguard-key',
    keywords: ['privatekey', 'presharedkey', 'private_key', 'preshared_key'],
    pattern: new RegExp(`(?:private|preshared)_?key${ASSIGN}(?:\\\\{0,7}["'\`])?(?<secret>[A-Za-z0-9+/]{43}=)`, 'i'),
  },
  {
    name: 'messenger-key',
    keywords: [
      'private',
      'privkey',
      'keydata',
      'rootkey',
      'chainkey',
      'ephemeralkeypair',
      'lastremoteephemeralkey',
      'signaturekey',
      'noisekey',
      'advsecretkey',
      'masterkey',
    ],
    // creds.json of Baileys (WhatsApp) and its session files: key pairs as {"type":"Buffer","data":…}, as text or as a list of numbers.
    pattern:
      /(?:private|privKey|keyData|rootKey|chainKey|ephemeralKeyPair|lastRemoteEphemeralKey|signatureKey|noiseKey|masterKey|advSecretKey)\\{0,7}["']?\s{0,4}:\s{0,4}(?:\{[^{}]{0,80}?data\\{0,7}["']\s{0,4}:\s{0,4})?(?:\\{0,7}["'](?<quoted>[A-Za-z0-9+/=]{20,200})\\{0,7}["']|\[(?<bare>[\d,\s]{40,1400})\])/i,
    opening: /\w{4,22}\\{0,7}["']?\s{0,4}:/,
    reachChars: 1600,
    gaps: 'far',
  },
  {
    name: 'ethereum-key',
    keywords: [
      'private key',
      'private_key',
      'privatekey',
      'privkey',
      'priv_key',
      'secret key',
      'secret_key',
      'secretkey',
      'signing key',
      'signing_key',
    ],
    pattern: new RegExp(
      `(?:private|priv|secret|signing)[_ ]?key(?: is| ist)?(?:${ASSIGN}| )(?:\\\\{0,7}["'\`])?(?<secret>(?:0x)?[0-9a-f]{64})(?![0-9a-f])`,
      'i',
    ),
    gaps: 5,
  },
  tokenRule('extended-private-key', ['xprv', 'yprv', 'zprv', 'tprv'], `[xyzt]prv${BASE58}{100,112}`),
  tokenRule('nostr-key', 'nsec1', 'nsec1[a-z0-9]{58}'),
  {
    name: 'wallet-key',
    keywords: [
      'wif',
      'wallet',
      'bitcoin',
      'btc',
      'importprivkey',
      'dumpprivkey',
      'private key',
      'privkey',
      'private_key',
      'solana',
      'phantom',
    ],
    // Not behind a plus or a slash: base64 holds "wif" and "btc" now and then, and 51 such letters between two of these.
    pattern: new RegExp(
      `(?:wif|wallet|bitcoin|btc|privkey|private.key|solana|phantom)[^\\r\\n]{1,30}?(?<![A-Za-z0-9+/])(?<secret>[5KLc9]${BASE58}{50,51}|${BASE58}{87,88})(?![A-Za-z0-9])`,
      'i',
    ),
    gaps: 6,
  },
  {
    name: 'seed-phrase',
    keywords: ['seed', 'mnemonic', 'recovery phrase', 'secret phrase', 'wiederherstellung'],
    pattern:
      /(?:seed(?: ?phrase| ?words)?|mnemonic|recovery phrase|secret phrase|wiederherstellungs\S{1,12})\\{0,7}["']?(?: is| ist)?\s?[:=]\s{0,3}\\{0,7}["']?(?<secret>(?:[a-z]{3,8}[ ,]{1,2}){11,23}[a-z]{3,8})/i,
    opening:
      /(?:seed(?: ?phrase| ?words)?|mnemonic|recovery phrase|secret phrase|wiederherstellungs\S{1,12})\\{0,7}["']?(?: is| ist)?\s?[:=]/,
    gaps: 'far',
    reachChars: 300,
  },
  {
    name: 'otp-seed',
    keywords: ['totp', 'otp_', 'otp secret', 'otpsecret', '2fa', 'mfa_', 'mfa secret'],
    pattern: new RegExp(
      `(?:totp|otp|2fa|mfa)[\\w -]{0,24}${ASSIGN}(?:\\\\{0,7}["'\`])?(?<secret>[A-Z2-7]{16,64}=*|(?:[a-z2-7]{4} ){3,15}[a-z2-7]{4})(?![A-Za-z0-9])`,
      'i',
    ),
    gaps: 'far',
    accept: (secret) => !isPlaceholder(secret),
  },
];
