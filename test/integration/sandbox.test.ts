import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src-main/base/errors.ts';
import type { Gate } from '../../src-main/modules/killswitch/index.ts';
import type { PlannedPipeline } from '../../src-main/modules/tools/command-filter/command-verdict.ts';
import { createWorkspace } from '../../src-main/modules/tools/index.ts';
import { noDocker, openSandboxRig, piped, program, titled, type SandboxRig } from '../doubles/sandbox-rig.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

/** Only root can make folders of others, and disks. */
const isRoot = process.getuid?.() === 0;
const shut = (): AppError => new AppError('killswitch.engaged', 'stopped');

describe.skipIf(noDocker !== undefined)(titled('createSandbox'), () => {
  let rig: SandboxRig;
  beforeAll(async () => {
    rig = await openSandboxRig();
    await rig.sandbox.prepare();
  }, 900_000);
  afterAll(() => rig.close());
  afterEach(() => expect.poll(rig.containers, { timeout: 10_000 }).toEqual([]));

  it('executes exactly the planned words, and no shell', async () => {
    const result = await rig.run(['printf', '%s|', '$HOME', '`id`', "a'b", '', '*', 'ä']);
    expect(result).toMatchObject({ ended: 'exit', exitCode: 0, stdout: "$HOME|`id`|a'b||*|ä|", stderr: '', truncated: false });
  });

  it('runs pipelines, redirects, conditions, patterns and input as they were planned', async () => {
    const folder = rig.workspace;
    await writeFile(join(folder, '-rf'), '');
    await writeFile(join(folder, '.hidden'), '');
    const pipelines: PlannedPipeline[] = [
      { runs: 'always', processes: [program('cat'), program('tr', 'a-z', 'A-Z')] },
      { runs: 'if-failed', processes: [program('echo', 'never')] },
      {
        runs: 'if-ok',
        processes: [{ argv: ['echo', '*', '[a]*txt', String.raw`\*`, 'no*where'], patterns: [1, 2, 3, 4], env: {}, redirects: [] }],
      },
      {
        runs: 'always',
        processes: [
          {
            argv: ['sh', '-c', 'echo out; echo err >&2'],
            env: {},
            redirects: [
              { kind: 'write', descriptor: 1, path: 'both.txt' },
              { kind: 'duplicate', descriptor: 2, from: 1 },
            ],
          },
        ],
      },
      {
        runs: 'always',
        processes: [
          {
            argv: ['cat'],
            env: {},
            redirects: [
              { kind: 'append', descriptor: 1, path: 'both.txt' },
              { kind: 'text', descriptor: 0, text: 'x'.repeat(100_000) },
            ],
          },
        ],
      },
      { runs: 'always', processes: [{ argv: ['wc', '-c'], env: {}, redirects: [{ kind: 'read', descriptor: 0, path: 'both.txt' }] }] },
      { runs: 'always', processes: [{ argv: ['sh', '-c', 'echo $LC_ALL'], env: { LC_ALL: 'C' }, redirects: [] }] },
      { runs: 'always', processes: [{ ...program('sh', '-c', 'true & echo alone'), startsNothing: true }] },
      { runs: 'always', processes: [program('false'), program('true')] },
      { runs: 'if-ok', processes: [program('sh', '-c', 'exit 7')] },
    ];
    const result = await rig.run({ pipelines }, { workspace: { access: 'write', folder }, stdin: 'typed\n' });
    expect(result.stdout.split('\n')).toEqual(['TYPED', './-rf a note.txt a note.txt * no*where', '100008', 'C', '']);
    expect(result).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('fork') });
    expect(await readFile(join(folder, 'both.txt'), 'utf8')).toMatch(/^out\nerr\nx{100}/);
  });

  it('says what the shell would say about programs that are not there or do not start', async () => {
    expect(await rig.run(['nothing-of-that-name'])).toMatchObject({ exitCode: 127, stderr: 'nothing-of-that-name: command not found\n' });
    expect(await rig.run(['/etc/passwd'])).toMatchObject({ exitCode: 126 });
    expect(await rig.run(['sh', '-c', 'kill -9 $$'])).toMatchObject({ exitCode: 137, ended: 'exit' });
  });

  it('shows the workspace to be read, to be written, or not at all', async () => {
    const folder = rig.workspace;
    expect((await rig.run(['ls', '/workspace'])).stdout).toBe('');
    const read = await rig.run(['sh', '-c', 'cat "a note.txt"; id -u; echo x > new.txt'], { workspace: { access: 'read', folder } });
    expect(read).toMatchObject({ stdout: 'milk\n65534\n', exitCode: 2, stderr: expect.stringContaining('Read-only file system') });
    await rig.run(['sh', '-c', 'echo x > new.txt'], { workspace: { access: 'write', folder } });
    expect(await readFile(join(folder, 'new.txt'), 'utf8')).toBe('x\n');
  });

  it.runIf(isRoot)('writes as the one that the folder belongs to, and never as root', async () => {
    const { home, folders } = await ownedFolders(rig, { somebody: [1234, 0o755], closed: [1234, 0o700], nobody: [65_534, 0o755] });
    const made: string[] = [];
    for (const folder of Object.values(folders)) {
      const result = await rig.run(['sh', '-c', 'id -u; id -g; echo x > made'], { workspace: { access: 'write', folder } });
      const { uid, gid } = await stat(join(folder, 'made'));
      made.push(`${result.stdout.trim().replace('\n', ' ')} ${uid} ${gid}`);
    }
    expect(made).toEqual(['1234 1234 1234 1234', '1234 1234 1234 1234', '65534 65534 65534 65534']);
    const reading = async (folder: string) => (await rig.run(['sh', '-c', 'id -u; ls'], { workspace: { access: 'read', folder } })).stdout;
    expect(await reading(folders.somebody)).toBe('65534\nmade\n');
    expect(await reading(folders.closed)).toBe('1234\nmade\n');
    const rootFolder = join(home, 'root');
    await mkdir(rootFolder, { mode: 0o777 });
    const refusal = { code: 'sandbox.refused', details: { why: expect.stringContaining('chown -R 65534:65534') } };
    await expect(rig.run(['id'], { workspace: { access: 'write', folder: rootFolder } })).rejects.toMatchObject(refusal);
    const grant = { workspace: { access: 'write', folder: rootFolder }, hosts: [] } as const;
    await expect(rig.sandbox.explain({ grant, timeoutMs: 1 })).rejects.toMatchObject(refusal);
    expect(await reading(rootFolder)).toBe('65534\n');
  });

  it.runIf(isRoot)('lets a command go on with what a tool has written in the default workspace', async () => {
    const homeDirectory = join(rig.folder, 'home');
    const workspace = createWorkspace({ config: { get: () => '' as never }, homeDirectory, forbidden: [] });
    await workspace.folder();
    await workspace.write('notes/list.md', Buffer.from('milk\n'), { mayReplace: false, keepBytes: 99 });
    const grant = { workspace: { access: 'write', folder: await workspace.folder() } } as const;
    const result = await rig.run(['sh', '-c', 'echo eggs >> notes/list.md && mkdir notes/new && mv notes/list.md notes/new/'], grant);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await workspace.read('notes/new/list.md', 99)).toString()).toBe('milk\neggs\n');
    await workspace.write('notes/new/list.md', Buffer.from('tea\n'), { mayReplace: true, keepBytes: 99 });
    expect(await rig.run(['sh', '-c', 'echo jam >> notes/new/list.md; cat notes/new/list.md'], grant)).toMatchObject({
      stdout: 'tea\njam\n',
    });
  });

  it.runIf(isRoot)('ends a command that fills the disk of its workspace, and one that uses up its names', async () => {
    const folder = join(rig.folder, 'home', 'small');
    await mkdir(folder);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=4m,nr_inodes=200,uid=1234,gid=1234,mode=755`, 'tmpfs', folder]);
    expect(mounted.status).toBe(0);
    try {
      const full = { code: 'sandbox.disk-full' };
      const fill = 'dd if=/dev/zero of=big bs=64k count=60; sleep 10';
      await expect(rig.run(['sh', '-c', fill], { workspace: { access: 'write', folder } })).rejects.toMatchObject(full);
      await rm(join(folder, 'big'));
      const names = 'i=0; while [ $i -lt 190 ]; do : > f$i; i=$((i+1)); done; sleep 10';
      await expect(rig.run(['sh', '-c', names], { workspace: { access: 'write', folder } })).rejects.toMatchObject(full);
      // What is there can still be read, and cleared away.
      expect(await rig.run(['sh', '-c', 'rm f*; ls'], { workspace: { access: 'write', folder } })).toMatchObject({
        stdout: '',
        exitCode: 0,
      });
    } finally {
      spawnSync('umount', [folder]);
    }
  });

  it('tells pieces of output while they come', async () => {
    const pieces: { text: string; atMs: number }[] = [];
    await rig.run(['sh', '-c', 'echo one; sleep 1; echo two'], { onOutput: (text) => void pieces.push({ text, atMs: performance.now() }) });
    expect(pieces.map(({ text }) => text)).toEqual(['one\n', 'two\n']);
    expect((pieces[1]?.atMs ?? 0) - (pieces[0]?.atMs ?? 0)).toBeGreaterThan(500);
  });

  it('ends a run when its signal is aborted', async () => {
    const stop = new AbortController();
    const result = await rig.run(['sh', '-c', 'echo up; sleep 30'], { signal: stop.signal, onOutput: () => stop.abort() });
    expect(result).toMatchObject({ ended: 'stopped', exitCode: null, stdout: 'up\n' });
  });

  it('kills all that runs at once, and runs again afterwards', async () => {
    let started = 0;
    const runs = Array.from({ length: 3 }, () => rig.run(['sh', '-c', 'echo up; sleep 30'], { onOutput: () => void (started += 1) }));
    await expect.poll(() => started, { timeout: 30_000 }).toBe(3);
    expect(await rig.sandbox.killAll()).toHaveLength(3);
    for (const run of runs) expect(await run).toMatchObject({ ended: 'stopped' });
    expect(await rig.run(['echo', 'again'])).toMatchObject({ stdout: 'again\n' });
  });

  it('uses each warm container once, and none while the gate is shut', async () => {
    let isOpen = true;
    let controller = new AbortController();
    const gate: Gate = {
      isOpen: () => isOpen,
      pass: () => {
        if (!isOpen) throw shut();
      },
      signal: () => controller.signal,
    };
    const warm = await openSandboxRig({ isWarm: true, gate });
    onTestFinished(() => warm.close());
    await warm.sandbox.prepare();
    await expect
      .poll(async () => (await warm.containers()).filter((each) => each.endsWith('running')).length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const first = await warm.run(['sh', '-c', 'touch /tmp/trace; ls /tmp']);
    const second = await warm.run(['ls', '/tmp']);
    expect([first.stdout, second.stdout]).toEqual(['trace\n', '']);
    expect(first.containerId).not.toBe(second.containerId);
    isOpen = false;
    controller.abort(shut());
    await warm.sandbox.killAll();
    await expect.poll(warm.containers, { timeout: 10_000 }).toEqual([]);
    await expect(warm.run(['id'])).rejects.toMatchObject({ code: 'killswitch.engaged' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await warm.containers()).toEqual([]);
    isOpen = true;
    controller = new AbortController();
    // Whoever lifts the stop looks again, and then it is warm as before.
    await warm.sandbox.refresh();
    await expect
      .poll(async () => (await warm.containers()).filter((each) => each.endsWith('running')).length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    expect(await warm.run(['echo', 'lifted'])).toMatchObject({ stdout: 'lifted\n' });
  });

  it('takes the folder of the socket away with its container', async () => {
    const warm = await openSandboxRig({ isWarm: true });
    onTestFinished(() => warm.close());
    await warm.sandbox.prepare();
    await expect.poll(async () => (await warm.containers()).filter((each) => each.endsWith('running')).length, { timeout: 20_000 }).toBe(1);
    const instance = createHash('sha256').update(join(warm.folder, 'data')).digest('hex').slice(0, 16);
    const [runtime = ''] = (await readdir(tmpdir())).filter((name) => name.startsWith(`openclaw-sandbox-${instance}`));
    expect(await readdir(join(tmpdir(), runtime))).toHaveLength(3);
    await warm.sandbox.killAll();
    await expect.poll(async () => (await readdir(join(tmpdir(), runtime))).toSorted(), { timeout: 20_000 }).toEqual(['empty', 'nothing']);
  });

  it('explains what it asks the engine for', async () => {
    const folder = rig.workspace;
    const grant = { workspace: { access: 'read', folder }, hosts: ['example.org'] } as const;
    const explanation = await rig.sandbox.explain({ grant, timeoutMs: 5_000 });
    expect(explanation).toMatchObject({
      user: '65534:65534',
      runtime: 'runc',
      network: expect.stringContaining('example.org'),
      mounts: [{ from: folder, to: '/workspace', access: 'read' }, {}],
    });
    expect(JSON.stringify(explanation.create)).toContain('no-new-privileges');
  });

  it('refuses an image that is missing or another than was built', async () => {
    const other = await openSandboxRig();
    onTestFinished(() => other.close());
    expect(await other.sandbox.refresh()).toMatchObject({ state: 'no-image', problem: { code: 'sandbox.no-image' } });
    await expect(other.run(['id'])).rejects.toMatchObject({ code: 'sandbox.no-image' });
    await other.sandbox.prepare();
    const pin = join(other.folder, 'data', 'sandbox', 'image.json');
    await writeFile(pin, (await readFile(pin, 'utf8')).replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`));
    expect(await other.sandbox.refresh()).toMatchObject({ state: 'broken', problem: { code: 'sandbox.image-changed' } });
    await expect(other.run(['id'])).rejects.toMatchObject({ code: 'sandbox.image-changed' });
    await writeFile(pin, 'damaged');
    expect(await other.sandbox.refresh()).toMatchObject({ state: 'no-image' });
  });

  it('runs nothing after it was closed', async () => {
    const other = await openSandboxRig();
    await other.sandbox.prepare();
    await other.close();
    await expect(other.run(['id'])).rejects.toMatchObject({ code: 'sandbox.failed' });
  });

  it('refuses bad hosts and words before anything is created', async () => {
    await expect(rig.run(['id'], { hosts: ['127.0.0.1'] })).rejects.toMatchObject({ code: 'sandbox.refused' });
    await expect(rig.run(['id'], { hosts: ['*'] })).rejects.toMatchObject({ code: 'sandbox.refused' });
    await expect(rig.run(piped(program('a\0b')))).rejects.toMatchObject({ code: 'sandbox.refused' });
    await expect(rig.run(['id'], { workspace: { access: 'read', folder: rig.secret } })).rejects.toMatchObject({ code: 'sandbox.refused' });
  });

  it('tells that the engine went away in the middle of a run', async () => {
    const line = await openCuttableLine();
    const other = await openSandboxRig({ dockerHost: `unix://${line.path}` });
    onTestFinished(() => other.close());
    await other.sandbox.prepare();
    const run = other.run(['sh', '-c', 'echo up; sleep 20'], { onOutput: () => line.cut() });
    await expect(run).rejects.toMatchObject({ code: 'sandbox.not-answering' });
    expect(await other.sandbox.refresh()).toMatchObject({ state: 'stopped', problem: { code: 'sandbox.not-answering' } });
    // Its input is closed, so it ends without anybody.
    await expect.poll(async () => (await other.containers()).filter((each) => each.endsWith('running')), { timeout: 15_000 }).toEqual([]);
    await line.mend();
    expect(await other.sandbox.refresh()).toMatchObject({ state: 'ready' });
    await other.sandbox.sweep();
    expect(await other.run(['echo', 'back'])).toMatchObject({ stdout: 'back\n' });
  });
});

describe('createSandbox without an engine', () => {
  it('says that Docker does not answer, and how to start it', async () => {
    const rig = await openSandboxRig({ dockerHost: 'unix:///nowhere/docker.sock' });
    onTestFinished(() => rig.close());
    expect(await rig.sandbox.refresh()).toMatchObject({ state: 'stopped', engine: null, problem: { code: 'sandbox.not-answering' } });
    await expect(rig.run(['id'])).rejects.toMatchObject({ code: 'sandbox.not-answering', message: expect.stringContaining('start it') });
    expect(await rig.sandbox.killAll()).toEqual([]);
  });

  it('gives up on an engine that takes the question and never answers', async () => {
    const path = join(await temporaryFolder(), 'd.sock');
    const open = new Set<Socket>();
    const server = createServer((socket) => void open.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
      server.close();
    });
    const rig = await openSandboxRig({ dockerHost: `unix://${path}` });
    onTestFinished(() => rig.close());
    expect(await rig.sandbox.refresh()).toMatchObject({ state: 'stopped', problem: { code: 'sandbox.not-answering' } });
  });
});

/** Folders in the rig's home, each with its owner and its mode. */
async function ownedFolders<Name extends string>(rig: SandboxRig, wanted: Record<Name, [owner: number, mode: number]>) {
  const home = join(rig.folder, 'home', 'owned');
  const folders = {} as Record<Name, string>;
  for (const name of Object.keys(wanted) as Name[]) {
    const [owner, mode] = wanted[name];
    const folder = join(home, name);
    folders[name] = folder;
    await mkdir(folder, { recursive: true });
    await chmod(folder, mode);
    await chown(folder, owner, owner);
  }
  return { home, folders };
}

/** A way to the engine that can be cut and mended. */
async function openCuttableLine(): Promise<{ path: string; cut: () => void; mend: () => Promise<void> }> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'line.sock');
  const engine = /^unix:\/\/(.+)$/.exec(process.env['DOCKER_HOST'] ?? '')?.[1] ?? '/var/run/docker.sock';
  const { connect } = await import('node:net');
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const mend = async (): Promise<void> => {
    server = createServer({ allowHalfOpen: true }, (client) => {
      const upstream = connect({ path: engine, allowHalfOpen: true });
      for (const each of [client, upstream]) {
        sockets.add(each);
        each.on('error', () => undefined);
      }
      client.pipe(upstream);
      upstream.pipe(client);
    });
    await new Promise<void>((resolve) => void server?.listen(path, resolve));
  };
  const cut = (): void => {
    server?.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  await mend();
  onTestFinished(cut);
  return { path, cut, mend };
}
