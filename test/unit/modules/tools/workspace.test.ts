import { chown, link, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkspace, type Workspace } from '../../../../src-main/modules/tools/index.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

async function makeWorkspace(chosen?: (home: string) => string): Promise<{ workspace: Workspace; home: string; root: string }> {
  const home = await temporaryFolder();
  const folder = chosen?.(home) ?? '';
  const workspace = createWorkspace({ config: { get: () => folder as never }, homeDirectory: home, forbidden: [join(home, 'data')] });
  return { workspace, home, root: join(home, 'OpenClaw') };
}
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? error,
  );
const replace = { mayReplace: true, keepBytes: 1_000 };

describe('createWorkspace', () => {
  it('makes its default folder with a place for notes at the first use', async () => {
    const { workspace, root } = await makeWorkspace();
    expect(await workspace.folder()).toBe(root);
    expect(await workspace.list('.', 9)).toMatchObject({ entries: [{ name: 'notes', kind: 'folder' }], left: 0 });
  });

  it.runIf(process.getuid?.() === 0)(
    'gives what it makes as root to the user of the sandbox, and new files to the owner of their folder',
    async () => {
      const { workspace, root } = await makeWorkspace();
      await workspace.folder();
      const owner = async (path: string) => (await stat(join(root, path))).uid;
      expect([await owner('.'), await owner('notes')]).toEqual([65_534, 65_534]);
      await workspace.write('notes/a.md', Buffer.from('one'), replace);
      expect(await owner('notes/a.md')).toBe(65_534);
      // A folder that is there already keeps its owner.
      await chown(join(root, 'notes'), 1234, 1234);
      await workspace.folder();
      await workspace.write('notes/a.md', Buffer.from('two'), replace);
      expect([await owner('notes'), await owner('notes/a.md')]).toEqual([1234, 1234]);
    },
  );

  it('writes, reads, lists and removes, and gives back what was there before', async () => {
    const { workspace } = await makeWorkspace();
    expect(await workspace.write('notes/a.md', Buffer.from('one'), replace)).toBeUndefined();
    expect((await workspace.write('notes/a.md', Buffer.from('two'), replace))?.toString()).toBe('one');
    expect(await codeOf(workspace.write('notes/a.md', Buffer.from('x'), { mayReplace: false, keepBytes: 9 }))).toBe('tools.file-exists');
    expect((await workspace.read('/workspace/notes/a.md', 99)).toString()).toBe('two');
    expect((await workspace.list('notes', 9)).entries.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([['notes/a.md', 3]]);
    await workspace.remove('notes/a.md');
    expect(await codeOf(workspace.read('notes/a.md', 99))).toBe('tools.no-file');
  });

  it('never leaves the folder: by dots, absolute paths or NUL', async () => {
    const { workspace, home } = await makeWorkspace();
    await writeFile(join(home, 'secret.txt'), 'secret');
    for (const path of ['../secret.txt', 'notes/../../secret.txt', join(home, 'secret.txt'), '/etc/passwd', 'a\0b', '..'])
      expect([path, await codeOf(workspace.read(path, 99))]).toEqual([path, 'tools.outside-workspace']);
    expect(await codeOf(workspace.write('../x', Buffer.from('x'), replace))).toBe('tools.outside-workspace');
  });

  it('never follows a symbolic link, at the end or on the way, for reading or writing', async () => {
    const { workspace, home, root } = await makeWorkspace();
    await workspace.folder();
    await writeFile(join(home, 'secret.txt'), 'secret');
    await mkdir(join(home, 'elsewhere'));
    await symlink(join(home, 'secret.txt'), join(root, 'link.txt'));
    await symlink(join(home, 'elsewhere'), join(root, 'way'));
    expect(await codeOf(workspace.read('link.txt', 99))).toMatch(/^tools\.(outside-workspace|not-a-file)$/);
    expect(await codeOf(workspace.write('link.txt', Buffer.from('x'), replace))).toBe('tools.not-a-file');
    for (const work of [
      () => workspace.read('way/x', 99),
      () => workspace.write('way/x', Buffer.from('x'), replace),
      () => workspace.list('way', 9),
    ])
      expect(await codeOf(work())).toMatch(/^tools\.(outside-workspace|not-a-folder)$/);
    expect(await readFile(join(home, 'secret.txt'), 'utf8')).toBe('secret');
  });

  it('is not led out by a folder that is swapped for a link while it works', async () => {
    const { workspace, home, root } = await makeWorkspace();
    await workspace.folder();
    await mkdir(join(home, 'victim'));
    const state = { goesOn: true };
    const swapping = (async () => {
      while (state.goesOn) {
        await rm(join(root, 'd'), { recursive: true, force: true });
        await mkdir(join(root, 'd'), { recursive: true }).catch(() => undefined);
        await rm(join(root, 'd'), { recursive: true, force: true });
        await symlink(join(home, 'victim'), join(root, 'd')).catch(() => undefined);
      }
    })();
    for (let round = 0; round < 150; round += 1) await workspace.write('d/x', Buffer.from('x'), replace).catch(() => undefined);
    state.goesOn = false;
    await swapping;
    await expect(readFile(join(home, 'victim', 'x'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not open keys, pipes or folders as files, or more than it was told to', async () => {
    const { workspace, root } = await makeWorkspace();
    await workspace.folder();
    for (const name of ['.env', '.env.local', 'id_rsa', 'server.pem', '.ssh/config', 'sub/.aws/credentials'])
      expect([name, await codeOf(workspace.read(name, 99))]).toEqual([name, 'tools.protected-file']);
    await writeFile(join(root, '.env'), 'TOKEN=1');
    expect((await workspace.list('.', 9)).entries.map(({ name }) => name)).toEqual(['notes']);
    expect(await codeOf(workspace.read('notes', 99))).toBe('tools.not-a-file');
    await writeFile(join(root, 'big.txt'), 'x'.repeat(100));
    expect(await codeOf(workspace.read('big.txt', 99))).toBe('tools.file-too-large');
    await link(join(root, 'big.txt'), join(root, 'again.txt'));
    expect((await workspace.read('again.txt', 100)).length).toBe(100);
  });

  it('refuses a workspace that holds more than the assistant may see', async () => {
    const { workspace, home } = await makeWorkspace();
    await mkdir(join(home, 'data', 'inner'), { recursive: true });
    await mkdir(join(home, 'docs'));
    await mkdir(join(home, '.ssh'));
    for (const folder of ['/', home, '/etc', '/var', join(home, '.ssh'), join(home, 'data'), join(home, 'data', 'inner'), join(home, '..')])
      expect([folder, await codeOf(workspace.accept(folder))]).toEqual([folder, 'tools.bad-workspace']);
    await symlink(home, join(home, 'docs', 'all'));
    expect(await codeOf(workspace.accept(join(home, 'docs', 'all')))).toBe('tools.bad-workspace');
    expect(await codeOf(workspace.accept(join(home, 'missing')))).toBe('tools.no-workspace');
    expect(await codeOf(workspace.accept(join(home, 'docs')))).toBe('done');
  });

  it('shows a path inside, or refuses, for any text', async () => {
    const { workspace } = await makeWorkspace();
    const piece = fc.constantFrom('..', '.', 'a', 'notes', '/', '//', '~', '\\', '\0', ' ', 'ä', '%2e%2e', '....');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const shown = await workspace.pathOf(pieces.join('/')).catch(() => 'refused');
        expect(shown.startsWith('/') || shown.split('/').includes('..')).toBe(false);
      }),
    );
  });
});
