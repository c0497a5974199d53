import { spawn } from 'node:child_process';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { McpTransport } from '../../src-preload/contract/index.ts';
import { createMcpRig } from '../doubles/mcp-rig.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const packageFile = (path: string): string => fileURLToPath(new URL(`../../node_modules/@modelcontextprotocol/${path}`, import.meta.url));
const reference = (path: string, args: string[] = [], env: Record<string, string> = {}): McpTransport => ({
  kind: 'stdio',
  command: process.execPath,
  args: [packageFile(path), ...args],
  env,
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The official reference server over streamable HTTP, in a process of its own. */
async function startEverything(): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [packageFile('server-everything/dist/index.js'), 'streamableHttp'], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The reference server ended')));
    child.stderr.on('data', (text: Buffer) => String(text).includes('listening') && resolve());
    child.stdout.on('data', (text: Buffer) => String(text).includes('listening') && resolve());
  });
  return `http://127.0.0.1:${port}/mcp`;
}

describe('the official reference servers', () => {
  it('"everything" works over the streams of a process: its tools are off until they are agreed to, then they answer', async () => {
    const rig = await createMcpRig();
    const { id } = await rig.add('Everything', reference('server-everything/dist/index.js', ['stdio']));
    const view = await rig.ready(id);
    expect(view.version).toMatch(/\d+\.\d+/);
    expect(view.tools.map(({ serverName }) => serverName)).toEqual(expect.arrayContaining(['echo', 'get-sum', 'get-tiny-image']));
    expect(new Set(view.tools.map(({ state }) => state))).toEqual(new Set(['new']));
    expect(rig.tools.get('mcp_everything_echo')?.unavailable()).toMatchObject({ code: 'mcp.new' });

    await rig.agree(id, 'echo');
    await rig.agree(id, 'mcp_everything_get_sum');
    await rig.agree(id, 'get-tiny-image');
    expect(rig.tools.get('mcp_everything_echo')?.unavailable()).toBeUndefined();
    expect(await rig.call('mcp_everything_echo', { message: 'hello' })).toContain('hello');
    expect(await rig.call('mcp_everything_get_sum', { a: 2, b: 40 })).toContain('42');
    await expect(rig.call('mcp_everything_get_sum', { a: 'two', b: 40 })).rejects.toThrow(/type/i);
    expect(await rig.call('mcp_everything_get_tiny_image', {})).toMatch(/\[image, image\/png, \d+ bytes, not shown\]/);
    expect([...rig.watched]).toEqual([{ kind: 'process', pid: expect.any(Number), group: true }]);
  });

  it('"everything" tells how far it is, and a call that is cut off ends at once', async () => {
    const rig = await createMcpRig();
    const { id } = await rig.add('Everything', reference('server-everything/dist/index.js', ['stdio']));
    await rig.ready(id);
    await rig.agree(id, 'trigger-long-running-operation');
    const progress: string[] = [];
    const stop = new AbortController();
    const running = rig.call(
      'mcp_everything_trigger_long_running_operation',
      { duration: 60, steps: 120 },
      { signal: stop.signal, onProgress: (text) => progress.push(text) },
    );
    setTimeout(() => stop.abort(new Error('enough')), 1500);
    await expect(running).rejects.toThrow('enough');
    expect(progress.length).toBeGreaterThan(0);
  });

  it('"everything" works over streamable HTTP', async () => {
    const rig = await createMcpRig();
    const { id } = await rig.add('Far', { kind: 'http', url: await startEverything(), headers: {} });
    await rig.ready(id);
    await rig.agree(id, 'echo');
    expect(await rig.call('mcp_far_echo', { message: 'over the net' })).toContain('over the net');
  });

  it('"everything" sees nothing of our environment but what it needs, and the variables that its owner gave it', async () => {
    const rig = await createMcpRig({
      environment: { PATH: process.env['PATH'] ?? '', HOME: '/tmp', LANG: 'C', XDG_RUNTIME_DIR: '/run/secret', LD_LIBRARY_PATH: '/lib' },
      resolveSecret: (template) => template.replace('{{secret:key}}', 'the value'),
    });
    const { id } = await rig.add('Everything', reference('server-everything/dist/index.js', ['stdio'], { OWN: '{{secret:key}}' }));
    await rig.ready(id);
    await rig.agree(id, 'get-env');
    const seen = JSON.parse(await rig.call('mcp_everything_get_env', {})) as Record<string, string>;
    expect(seen).toEqual({ PATH: process.env['PATH'], HOME: '/tmp', LANG: 'C', OWN: 'the value' });
    expect(await readFile(join(rig.folder, 'mcp.json'), 'utf8')).not.toContain('the value');
  });

  it('"filesystem" reads in its folder and says no outside of it', async () => {
    const rig = await createMcpRig();
    const folder = await realpath(await temporaryFolder());
    await mkdir(join(folder, 'notes'));
    await writeFile(join(folder, 'notes', 'milk.txt'), 'Buy milk.');
    const { id } = await rig.add('Files', reference('server-filesystem/dist/index.js', [folder]));
    await rig.ready(id);
    await rig.agree(id, 'read_text_file', ['read-files']);
    expect(await rig.call('mcp_files_read_text_file', { path: join(folder, 'notes', 'milk.txt') })).toBe('Buy milk.');
    expect(await rig.call('mcp_files_read_text_file', { path: '/etc/passwd' })).toMatch(/^The tool reported an error: .*denied/s);
  });

  it('"memory" keeps what it is told', async () => {
    const rig = await createMcpRig();
    const file = join(await temporaryFolder(), 'memory.json');
    const { id } = await rig.add('Memory', reference('server-memory/dist/index.js', [], { MEMORY_FILE_PATH: file }));
    await rig.ready(id);
    await rig.agree(id, 'create_entities', ['write-memory']);
    await rig.agree(id, 'read_graph');
    await rig.call('mcp_memory_create_entities', { entities: [{ name: 'Ada', entityType: 'person', observations: ['likes tea'] }] });
    expect(await rig.call('mcp_memory_read_graph', {})).toContain('likes tea');
  });
});
