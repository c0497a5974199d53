import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLastGood } from '../../../../../src-main/modules/telephony/asterisk/last-good.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

const wishes = {
  trunks: [],
  mobiles: [{ id: 'pocket', name: 'Pocket', extension: '1001', password: 'p' }],
  sipPort: 5060,
  reachableFrom: 'loopback',
  dongle: null,
  country: 'de',
} as const;

describe('createLastGood', () => {
  it('gives back what was written, without what belongs to one life', async () => {
    const folder = await temporaryFolder();
    const good = createLastGood(folder);
    expect(await good.read()).toBeUndefined();
    await good.write({ ...wishes, mediaWebSocketPort: 4711, ariPassword: 'secret' } as typeof wishes);
    expect(await good.read()).toEqual(wishes);
    const file = join(folder, 'last-good.json');
    expect(await readFile(file, 'utf8')).not.toMatch(/4711|secret/);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each(['{', '{"trunks":"none"}', ''])('has nothing to offer when its file is damaged (%s)', async (text) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'last-good.json'), text);
    expect(await createLastGood(folder).read()).toBeUndefined();
  });
});
