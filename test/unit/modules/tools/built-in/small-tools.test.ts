import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { calculate } from '../../../../../src-main/modules/tools/built-in/calculator.ts';
import { createToolsRig, type ToolsRig } from '../../../../doubles/tools-rig.ts';

let rig: ToolsRig;
beforeEach(() => {
  rig = createToolsRig();
  onTestFinished(() => rig.dispose());
});
const textOf = async (name: string, input: unknown): Promise<string> => (await rig.call(name, input)).text;

describe('calculator', () => {
  // Loads the library.
  beforeAll(async () => void (await calculate('1')), 60_000);

  it.each([
    ['2 + 2 * 3', '8'],
    ['0.1 + 0.2', '0.3'],
    ['sqrt(144) ^ 2', '144'],
    ['15 * 0.01 * 80', '12'],
    ['3 inch to cm', '7.62 cm'],
    ['round(10 / 3, 2)', '3.33'],
    ['sin(pi / 2)', '1'],
    ['20 % 3', '2'],
  ])('%s = %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    'import("fs")',
    'a = 5',
    'f(x) = x',
    'evaluate("1+1")',
    'parse("1")',
    'createUnit("foo")',
    'cos.constructor("return process")()',
    '[1,2,3]',
    '"text"',
    '{a: 1}',
    '1:1e9',
    'ones(1e6)',
    'factorial(1e9)',
    '1e9!',
    '10^10^10^10',
    'config({})',
    'typed("x")',
    'range(1, 1e9)',
    'simplify("x")',
    '1;2;3',
    '1/0',
    '('.repeat(150),
    `1${'+1'.repeat(149)}`,
  ])('refuses %s', async (expression) => {
    await expect(calculate(expression)).rejects.toMatchObject({ code: 'tools.bad-expression' });
  });
});

describe('files', () => {
  it('are found by a name as people say it, and read', async () => {
    await rig.workspace.folder();
    await writeFile(join(rig.home, 'OpenClaw', 'notes', 'Shopping list.md'), 'milk\nbread');
    expect(await textOf('read_file', { path: 'shopping list' })).toBe('milk\nbread');
    expect(await textOf('read_file', { path: 'notes/Shopping list.md', fromLine: 2 })).toBe('bread');
    expect(await textOf('list_folder', { path: 'notes' })).toBe('Shopping list.md (10 bytes)');
    expect(await textOf('search_files', { words: 'BREAD' })).toBe('notes/Shopping list.md:2: bread');
    expect(await textOf('search_files', { words: 'pizza' })).toBe('Nothing was found.');
    expect(await textOf('read_file', { path: 'nothing' })).toMatch(/There is no file/);
  });

  it('that are no text are not read, and those outside are refused before anybody is asked', async () => {
    await mkdir(join(rig.home, 'OpenClaw'), { recursive: true });
    await writeFile(join(rig.home, 'OpenClaw', 'x.bin'), Buffer.from([1, 0, 2]));
    expect(await textOf('read_file', { path: 'x.bin' })).toMatch(/is not a text file/);
    expect(await textOf('write_file', { path: '../x', content: '' })).toMatch(/leads out of the workspace/);
    expect(rig.tools.approvals()).toEqual([]);
  });
});

describe('what only a desktop can do', () => {
  it('is done there', async () => {
    rig.clipboard = 'copied';
    expect(await rig.call('clipboard_read', {})).toEqual({ state: 'done', text: 'copied', tainted: true });
    await rig.call('clipboard_write', { text: 'new' });
    await rig.call('open_link', { url: 'https://example.org' });
    await rig.call('notify', { title: 'Hello' });
    expect(rig.effects).toEqual([
      { what: 'clipboard', detail: 'new' },
      { what: 'open', detail: 'https://example.org/' },
      { what: 'notify', detail: 'Hello' },
    ]);
    await rig.tools.undo(rig.tools.calls({ limit: 9 }).find(({ tool }) => tool === 'clipboard_write')?.id ?? '');
    expect(rig.clipboard).toBe('copied');
  });

  it('asks before a notification whose words may be from outside, which then says so', async () => {
    for (const change of [{ tainted: true }, { asker: { channel: 'phone' as const } }]) {
      const call = rig.call('notify', { title: 'Your bank', text: 'Call 555' }, rig.turn({ ...change, language: 'de' }));
      await vi.waitFor(() => expect(rig.tools.approvals()).toHaveLength(1));
      rig.tools.answer(rig.tools.approvals()[0]?.id ?? '', 'once', 'window');
      expect(await call).toMatchObject({ state: 'done' });
    }
    expect(rig.effects.map(({ detail }) => detail)).toEqual(['Von außen: Your bank', 'Von außen: Your bank']);
  });

  it('is said to be missing on a server, and links of other kinds are not opened', async () => {
    const server = createToolsRig({ hasDesktop: false });
    onTestFinished(() => server.dispose());
    expect(
      server.tools
        .list()
        .filter(({ unavailable }) => unavailable?.code === 'tools.no-desktop')
        .map(({ name }) => name),
    ).toEqual(['clipboard_read', 'clipboard_write', 'open_link', 'notify']);
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'smb://x/y'])
      expect(await rig.call('open_link', { url })).toMatchObject({ state: 'refused' });
    expect(rig.effects).toEqual([]);
  });
});

describe('what the machine knows', () => {
  it('is told without touching anything outside', async () => {
    expect(await textOf('date_and_time', { zone: 'UTC' })).toMatch(/^Sunday,? 1 March 2026 at 12:00:00 UTC$/);
    expect(await textOf('date_and_time', { zone: 'Nowhere/Land' })).toMatch(/cannot be used/);
    expect(await textOf('place', {})).toMatch(/No place is set/);
    rig.settings.set('tools.place', 'Hamburg, Germany');
    expect(await textOf('place', {})).toBe('Hamburg, Germany');
    expect(await textOf('disk_space', {})).toMatch(/^workspace: .* free of .*\(\d+ of \d+ bytes\)\nhome: /);
    expect(await textOf('read_shared_page', {})).toMatch(/No page is shared/);
  });
});
