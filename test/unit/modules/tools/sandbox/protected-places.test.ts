import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdsSecrets } from '../../../../../src-main/modules/tools/command-filter/guarded-paths.ts';
import { findProtected } from '../../../../../src-main/modules/tools/sandbox/protected-places.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

const pathsIn = async (root: string): Promise<string[]> =>
  (await findProtected(root, holdsSecrets)).map(({ path, isFolder }) => (isFolder ? `${path}/` : path));

describe('findProtected', () => {
  it('finds files and folders with keys at any depth, and what links of such a name lead to inside', async () => {
    const home = await temporaryFolder();
    const root = join(home, 'notes');
    for (const folder of ['a/b', '.ssh', 'a/.aws']) await mkdir(join(root, folder), { recursive: true });
    for (const file of ['a/b/.env', '.ssh/id_rsa', 'ID_RSA', 'server.pem', 'a/list.md', 'environment', 'settings', 'a/.npmrc'])
      await writeFile(join(root, file), 'x');
    await writeFile(join(home, 'outside'), 'x');
    await symlink('settings', join(root, '.env'));
    await symlink('../outside', join(root, '.netrc'));
    await symlink('nowhere', join(root, '.pgpass'));
    expect(await pathsIn(root)).toEqual(['.ssh/', 'ID_RSA', 'a/.aws/', 'a/.npmrc', 'a/b/.env', 'server.pem', 'settings']);
  });

  it('refuses a folder with more keys than can be covered', async () => {
    const root = await temporaryFolder();
    await Promise.all(Array.from({ length: 201 }, (_, index) => writeFile(join(root, `${index}.pem`), '')));
    await expect(pathsIn(root)).rejects.toMatchObject({ code: 'sandbox.refused' });
  });

  it('refuses a folder whose name nobody could give to the engine', async () => {
    const root = await temporaryFolder();
    await mkdir(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]));
    await expect(pathsIn(root)).rejects.toMatchObject({ code: 'sandbox.refused' });
  });
});
