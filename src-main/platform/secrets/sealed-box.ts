import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';

/**
 * A sealed value: format (1 byte) | key id (4) | nonce (12) | ciphertext | tag (16). AES-256-GCM with a fresh random nonce for each sealing.
 * The context (where the value belongs: table, row, version) is authenticated, not stored: a value moved elsewhere does not open.
 */
const FORMAT = 1;
const KEY_ID_BYTES = 4;
const NONCE_START = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const CIPHER_START = NONCE_START + NONCE_BYTES;
const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** Bytes that sealing adds to the UTF-8 text. */
export const SEALING_OVERHEAD_BYTES = CIPHER_START + TAG_BYTES;

/** The first bytes of everything sealed with a key: format and key id. Serves to find rows that are under another key. */
export function sealedHeader(keyId: string): Buffer {
  return Buffer.from([FORMAT, ...Buffer.from(keyId, 'hex')]);
}

/** The id of the key that sealed the value (8 hex digits), or undefined when it is no sealed value at all. */
export function sealingKeyId(sealed: Uint8Array): string | undefined {
  if (sealed[0] !== FORMAT || sealed.length < SEALING_OVERHEAD_BYTES) return undefined;
  return Buffer.from(sealed.subarray(1, NONCE_START)).toString('hex');
}

export function sealText(text: string, key: KeyObject, keyId: string, context: string): Buffer {
  const sealed = Buffer.allocUnsafe(SEALING_OVERHEAD_BYTES + Buffer.byteLength(text));
  sealed[0] = FORMAT;
  sealed.write(keyId, 1, 'hex');
  const nonce = sealed.subarray(NONCE_START, CIPHER_START);
  randomFillSync(nonce);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, OPTIONS);
  cipher.setAAD(Buffer.from(context));
  const ciphertext = cipher.update(text, 'utf8');
  cipher.final();
  ciphertext.copy(sealed, CIPHER_START);
  cipher.getAuthTag().copy(sealed, sealed.length - TAG_BYTES);
  return sealed;
}

/** Undefined when the authentication fails: changed, moved, or sealed with another key. */
export function openText(sealed: Uint8Array, key: KeyObject, context: string): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(NONCE_START, CIPHER_START), OPTIONS);
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const text = decipher.update(sealed.subarray(CIPHER_START, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return text.toString('utf8');
}
