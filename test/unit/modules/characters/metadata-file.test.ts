import { describe, expect, it } from 'vitest';
import { parseMetadata, upgradeMetadata, writeMetadata } from '../../../../src-main/modules/characters/metadata-file.ts';
import { shippedCharacter } from '../../../doubles/shipped-characters.ts';

describe('parseMetadata', () => {
  it('reads what writeMetadata wrote', () => {
    const nova = shippedCharacter('default');
    expect(parseMetadata('default', writeMetadata(nova))).toEqual(nova);
  });

  it('bears the byte order mark that some editors put in front', () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFF'), writeMetadata(shippedCharacter('default'))]);
    expect(parseMetadata('default', bytes).name).toBe('Nova');
  });

  it('does not even parse a file that no app has written', () => {
    expect(() => parseMetadata('default', new Uint8Array(300_000))).toThrow('far too large');
  });
});

describe('upgradeMetadata', () => {
  const upgrades = [
    (old: Record<string, unknown>) => ({ ...old, title: old['name'] }),
    ({ name: _name, ...rest }: Record<string, unknown>) => rest,
  ];

  it('applies every step between the version of the file and the newest, in order', () => {
    expect(upgradeMetadata({ version: 1, name: 'Ada', kept: true }, 1, upgrades)).toEqual({ version: 3, title: 'Ada', kept: true });
    expect(upgradeMetadata({ version: 2, name: 'Ada', title: 'Ada' }, 2, upgrades)).toEqual({ version: 3, title: 'Ada' });
    expect(upgradeMetadata({ version: 3, title: 'Ada' }, 3, upgrades)).toEqual({ version: 3, title: 'Ada' });
  });
});
