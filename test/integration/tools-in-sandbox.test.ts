import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createSandbox, judgeCommand, type Sandbox } from '../../src-main/modules/tools/index.ts';
import { readEnvironment } from '../../src-main/platform/config/index.ts';
import { createToolsRig } from '../doubles/tools-rig.ts';

const rig = createToolsRig({ realClock: systemClock, judge: judgeCommand, sandbox: (gate, home) => makeSandbox(gate, home) });
const { sandbox } = rig;
afterAll(async () => {
  await rig.dispose();
  await sandbox.dispose();
});

function makeSandbox(gate: Parameters<typeof createSandbox>[0]['gate'], home: string): Sandbox {
  const { cacheDirectory, dockerHost } = readEnvironment();
  const dataDirectory = join(home, 'data');
  mkdirSync(join(dataDirectory, 'sandbox'), { recursive: true });
  const recipeFolder = join(import.meta.dirname, '../../resources/sandbox');
  return createSandbox({
    clock: systemClock,
    log: silentLog,
    dockerHost,
    dataDirectory,
    modelsDirectory: join(home, 'models'),
    cacheDirectory,
    recipeFolder,
    homeDirectory: home,
    isWarm: false,
    ...(gate ? { gate } : {}),
  });
}

/** As root, whom no command may be: to somebody else, as the owner of a folder is. */
function giveAway(folder: string, user: number): void {
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', `${user}:${user}`, folder]);
}

const { state } = await sandbox.refresh();
const found = state === 'no-image' ? (await sandbox.prepare()).state : state;
const notes = join(rig.home, 'OpenClaw', 'notes');
mkdirSync(notes, { recursive: true });
writeFileSync(join(notes, 'shopping.md'), 'milk\n');

describe.skipIf(found !== 'ready')(`tools in the locked room${found === 'ready' ? '' : ` (skipped: needs Docker; it is ${found})`}`, () => {
  it('answer the first question of the issue by two commands that really ran', async () => {
    const intent = rig.tools.intent('How much free space is on my disk, and what is in my notes folder?', 'en');
    const turn = rig.turn();
    const results = await Promise.all((intent?.calls ?? []).map((call) => turn.call(call)));
    expect(results.map((result) => result.state)).toEqual(['done', 'done']);
    expect(intent?.answer(results)).toMatch(
      /^Your disk has [\d.]+ \w+ free of [\d.]+ \w+\. Your notes folder holds one thing: shopping\.md\.$/,
    );
    expect(rig.tools.calls({ limit: 9 }).map(({ tool, plan }) => [tool, plan.sandboxed])).toEqual([
      ['run_command', true],
      ['run_command', true],
    ]);
  });

  it('find no network, no home and no other file there', async () => {
    const list = await rig.call('run_command', { command: 'ls -a /root /home /workspace' });
    expect(list.text).not.toContain('.ssh');
    expect(list.text).toContain('notes');
    expect(await rig.call('run_command', { command: 'cat /proc/net/route' })).toMatchObject({ state: 'done' });
    expect((await rig.call('run_command', { command: 'cat /proc/net/route' })).text.trim().split('\n')).toHaveLength(1);
  });

  it('see nothing of files and folders with keys, however they go through the workspace', async () => {
    const app = join(rig.home, 'OpenClaw', 'app');
    mkdirSync(join(app, '.ssh'), { recursive: true });
    for (const file of ['.env', 'server.pem', '.ssh/id_rsa', 'plain.txt']) writeFileSync(join(app, file), `TOP SECRET of ${file}\n`);
    giveAway(join(rig.home, 'OpenClaw'), 65_534);
    const search = await rig.call('run_command', { command: "grep -r '' ." });
    expect(search.text).toContain('TOP SECRET of plain.txt');
    expect(search.text.match(/TOP SECRET/g)).toHaveLength(1);
    const listed = await rig.call('run_command', { command: "find . -type f -size +0 -path './app/*'" });
    expect(listed.text.trim()).toBe('./app/plain.txt');
    const packed = rig.call('run_command', { command: 'tar -cf - app', writes: false });
    await vi.waitFor(() => expect(rig.tools.approvals()).toHaveLength(1), 5_000);
    rig.tools.answer(rig.tools.approvals()[0]?.id ?? '', 'once', 'window');
    expect(await packed).toMatchObject({
      state: 'done',
      text: expect.stringMatching(/^(?!.*TOP SECRET of [^p]).*TOP SECRET of plain.txt/s),
    });
    // One that comes while nothing runs is seen before the next command is.
    writeFileSync(join(app, '.npmrc'), 'TOP SECRET token');
    expect((await rig.call('run_command', { command: "grep -r '' app" })).text.match(/TOP SECRET/g)).toHaveLength(1);
  });

  it("start nothing that a repository's settings name, and still read the repository", async () => {
    const repository = join(rig.home, 'OpenClaw', 'repository');
    mkdirSync(repository, { recursive: true });
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
    git('init', '-q');
    writeFileSync(join(repository, 'a.txt'), 'one\n');
    writeFileSync(join(repository, 'evil.sh'), '#!/bin/sh\necho EVIL >&2\ncat "$@"\n', { mode: 0o755 });
    git('add', '.');
    git('commit', '-qm', 'first');
    writeFileSync(join(repository, 'a.txt'), 'two\n');
    chmodSync(repository, 0o700);
    giveAway(repository, 1234);
    rig.settings.set('tools.workspace', repository);
    const run = async (command: string): Promise<string> => (await rig.call('run_command', { command })).text;
    expect(await run('git diff')).toContain('+two');
    expect(await run('git log --oneline | cat')).toContain('first');
    const harmful = [
      'core.fsmonitor',
      'core.pager',
      'diff.external',
      'diff.x.textconv',
      'filter.x.clean',
      'core.sshCommand',
      'gpg.program',
    ];
    const own = ['-c', 'safe.directory=*'];
    for (const name of harmful) execFileSync('git', [...own, '-C', repository, 'config', name, '/workspace/evil.sh']);
    execFileSync('git', [...own, '-C', repository, 'config', 'log.showSignature', 'true']);
    writeFileSync(join(repository, '.gitattributes'), '*.txt diff=x filter=x\n');
    giveAway(repository, 1234);
    for (const command of ['status', 'diff', 'log -p', 'show', 'blame a.txt', 'diff --cached', 'ls-files -m', 'grep one', 'stash show'])
      expect([command, await run(`git ${command}`)]).toEqual([command, expect.not.stringContaining('EVIL')]);
    expect(await run('git status -s')).toContain('a.txt');
  });

  it('are ended by the off-switch in the middle of a run', async () => {
    const call = rig.call('run_command', { command: 'tail -f /dev/null' });
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    for (const approval of rig.tools.approvals()) rig.tools.answer(approval.id, 'once', 'window');
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    rig.gate.shut('tool');
    expect(await call).toMatchObject({ state: 'stopped' });
    expect(await rig.call('run_command', { command: 'ls' })).toMatchObject({ state: 'stopped' });
  });
});
