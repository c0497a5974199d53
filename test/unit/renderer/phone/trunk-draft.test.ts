import { describe, expect, it } from 'vitest';
import { trunkDraftSchema } from '../../../../src-preload/contract/index.ts';
import { formOf, newTrunk, TRUNK_PRESETS, trunkOf, wrongFields } from '../../../../src-renderer/features/phone/trunk-draft.ts';
import { PHONE_READY } from '../../../doubles/fake-core-phone-data.ts';

const [stored] = PHONE_READY.trunks;
if (!stored) throw new Error('There is no trunk');

describe('trunkOf', () => {
  it('makes a draft of every preset with user and password, as the contract wants it', () => {
    for (const preset of Object.keys(TRUNK_PRESETS) as (keyof typeof TRUNK_PRESETS)[]) {
      const form = { ...newTrunk(preset), name: 'Mine', username: '123e0', password: 'secret', callerId: '+49 30 / 12' };
      const draft = trunkOf(form.host === '' ? { ...form, host: 'sip.example.org' } : form, undefined);
      expect([preset, trunkDraftSchema.safeParse(draft).success]).toEqual([preset, true]);
      expect(draft?.callerId).toBe('+493012');
    }
  });

  it('leaves the stored password where the field is empty', () => {
    const draft = trunkOf(formOf(stored), stored);
    expect(draft).toMatchObject({ id: stored.id, host: stored.host, enabled: true });
    expect(draft && 'password' in draft).toBe(false);
    expect(trunkOf(formOf(stored), { ...stored, hasPassword: false })).toBeUndefined();
  });

  it('refuses what would break the lines of a configuration', () => {
    const form = { ...formOf(stored), password: 'x' };
    for (const wrong of [
      { host: 'a b' },
      { host: 'x;y' },
      { username: 'a"b' },
      { port: '0' },
      { port: '5060x' },
      { codecs: [] },
      { countryPrefix: '049' },
      { name: ' ' },
    ])
      expect([wrong, trunkOf({ ...form, ...wrong }, stored)]).toEqual([wrong, undefined]);
  });
});

describe('wrongFields', () => {
  it('names what is filled in and cannot be right, and not what is only missing', () => {
    expect([...wrongFields(newTrunk('custom'))]).toEqual([]);
    const form = { ...newTrunk('sipgate'), host: 'a b', username: 'a"b', callerId: '+49 30 x', port: '70000', countryPrefix: '+49' };
    expect([...wrongFields(form)]).toEqual(['host', 'username', 'callerId', 'port', 'countryPrefix']);
    expect(trunkOf({ ...formOf(stored), port: '' }, stored)).toBeUndefined();
  });
});
