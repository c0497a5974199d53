import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimDataFolder } from '../../../../src-main/platform/config/data-folder-claim.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const claim = (dataDirectory: string) => claimDataFolder({ dataDirectory, nativeBinding: undefined });

describe('claimDataFolder', () => {
  it('refuses a second core until the first one has ended, and says how to reach the first', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const first = claim(folder);
    expect(() => claim(folder)).toThrow(expect.objectContaining({ code: 'core.already-running', details: { folder } }));
    expect(() => claim(folder)).toThrow(/"openclaw show".*"openclaw link".*OPENCLAW_DATA_DIR/);
    first.dispose();
    first.dispose();
    claim(folder).dispose();
  });

  it('lets cores on other folders be', async () => {
    const folder = await temporaryFolder();
    const [first, second] = [claim(join(folder, 'one')), claim(join(folder, 'two'))];
    first.dispose();
    second.dispose();
  });

  it('does not stop the app where nothing can be claimed', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    claim(join(folder, 'file', 'data')).dispose();
    mkdirSync(join(folder, 'core.lock'));
    claim(folder).dispose();
  });
});
