import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openText,
  SEALING_OVERHEAD_BYTES,
  sealedHeader,
  sealingKeyId,
  sealText,
} from '../../../../src-main/platform/secrets/sealed-box.ts';

/** Also halves of surrogate pairs. */
const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

const key = createSecretKey(randomBytes(32));
const KEY_ID = '0a1b2c3d';
const seal = (text: string, context = 'table|row|1'): Buffer => sealText(text, key, KEY_ID, context);

describe('sealText', () => {
  it('gives back any text to who knows key and context, and nothing to anyone else', () => {
    fc.assert(
      fc.property(anyText, fc.string(), fc.string(), (text, context, other) => {
        const sealed = seal(text, context);
        expect(sealed.length).toBe(Buffer.byteLength(text) + SEALING_OVERHEAD_BYTES);
        expect(openText(sealed, key, context)).toBe(Buffer.from(text).toString());
        expect(openText(sealed, createSecretKey(randomBytes(32)), context)).toBeUndefined();
        if (other !== context) expect(openText(sealed, key, other)).toBeUndefined();
      }),
    );
  });

  it('takes a fresh nonce each time: no two sealings share one, or any bytes but the header', () => {
    const nonces = new Set(Array.from({ length: 1000 }, () => seal('same').toString('hex', 5, 17)));
    expect(nonces.size).toBe(1000);
  });

  it('says by its first bytes which key it is under', () => {
    const sealed = seal('text');
    expect(sealingKeyId(sealed)).toBe(KEY_ID);
    expect(sealed.subarray(0, 5)).toEqual(sealedHeader(KEY_ID));
    expect([sealingKeyId(Buffer.from('plain words, long enough to be sealed')), sealingKeyId(Buffer.alloc(3, 1))]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('openText', () => {
  it('finds every changed bit behind the header and every cut', () => {
    const sealed = seal('what was said');
    for (let byte = 5; byte < sealed.length; byte += 1) {
      const changed = Buffer.from(sealed);
      changed[byte] = (changed[byte] ?? 0) ^ (1 << (byte % 8));
      expect(openText(changed, key, 'table|row|1'), `byte ${byte}`).toBeUndefined();
    }
    for (let length = SEALING_OVERHEAD_BYTES; length < sealed.length; length += 1)
      expect(openText(sealed.subarray(0, length), key, 'table|row|1'), `length ${length}`).toBeUndefined();
  });
});
