import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import type { Abilities } from '../../src-main/modules/mcp/index.ts';
import { openWebDoor } from '../../src-main/platform/contract-host/door-web.ts';
import { createContractHost, createPageHub, createPageResources } from '../../src-main/platform/contract-host/index.ts';
import type { McpAccess } from '../../src-preload/contract/index.ts';
import { createMcpRig, type McpRig } from '../doubles/mcp-rig.ts';
import { createScriptedHandlers } from '../doubles/scripted-handlers.ts';

const inspector = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);
const bridge = fileURLToPath(new URL('../../src-main/mcp-stdio.node.ts', import.meta.url));

interface Running {
  rig: McpRig;
  url: string;
  token: string;
  ownerToken: string;
  done: string[];
}

/** The module behind a real web door; what programs have done is written down. */
async function startApp({
  mayReadMessages = false,
  abilities = {},
}: { mayReadMessages?: boolean; abilities?: Partial<Abilities> } = {}): Promise<Running> {
  const done: string[] = [];
  const rig = await createMcpRig({
    abilities: {
      ask: ({ text }, { name }) => Promise.resolve(`${name} asked: ${text}`),
      speak: (text) => Promise.resolve(done.push(`said ${text}`) > 0 ? 'spoken' : 'written'),
      stop: ({ name }, level) => Promise.resolve(void done.push(`stopped by ${name} at ${level ?? 5}`)),
      calls: (query) =>
        Promise.resolve([
          {
            atMs: 1,
            direction: 'in',
            name: 'Ada',
            number: '+49',
            answeredBy: 'assistant',
            durationMs: 9,
            summary: `about ${query}`,
            tasks: [],
          },
        ]),
      messages: (query) => Promise.resolve([{ conversation: 'Tea', atMs: 1, who: 'owner', text: `about ${query}` }]),
      ...abilities,
    },
  });
  const pageDirectory = join(rig.folder, 'renderer');
  await mkdir(pageDirectory);
  await writeFile(join(pageDirectory, 'index.html'), '<p>the page</p>');
  const door = await openWebDoor({
    host: createContractHost({ log: silentLog, checkResults: true, handlers: createScriptedHandlers({}) }),
    hub: createPageHub({ log: silentLog, checkEvents: true }),
    attachAudio: () => undefined,
    resources: createPageResources({}),
    clock: systemClock,
    log: silentLog,
    pageDirectory,
    dataDirectory: rig.folder,
    port: 0,
    program: { path: '/mcp', handle: rig.mcp.serve },
  });
  onTestFinished(() => door.dispose());
  const { token } = await rig.mcp.handlers['mcp.createAccess']({ name: 'Editor', mayReadMessages }, { door: 'window', clientId: 'test' });
  const { token: ownerToken } = JSON.parse(await readFile(join(rig.folder, 'serve.json'), 'utf8')) as { token: string };
  return { rig, url: `${door.url}/mcp`, token, ownerToken, done };
}

async function connect(url: string, token: string, mode: 'auto' | 'legacy'): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
  onTestFinished(() => client.close());
  return client;
}

const namesOf = async (client: Client): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
const textOf = (result: { content: unknown }): string => (result.content as { text: string }[])[0]?.text ?? '';

/** With headers that `fetch` would not let through. */
function status(url: string, headers: Record<string, string>, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** How the bridge ends when it is asked one thing. */
const runBridge = (args: string[], dataDirectory: string): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [bridge, ...args], {
      env: { OPENCLAW_DATA_DIR: dataDirectory, PATH: process.env['PATH'] ?? '' },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr.on('data', (text: Buffer) => (words += text.toString()));
    child.once('exit', (code) => resolve(`${code}: ${words}`));
    child.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`);
  });

describe('the assistant as an MCP server', () => {
  it.each(['auto', 'legacy'] as const)('answers the official client over HTTP, protocol chosen %s', async (mode) => {
    const { url, token, done } = await startApp();
    const client = await connect(url, token, mode);
    expect(await namesOf(client)).toEqual(['ask', 'speak', 'status', 'stop']);
    expect(textOf(await client.callTool({ name: 'ask', arguments: { question: 'Tea or coffee?' } }))).toBe('Editor asked: Tea or coffee?');
    expect(textOf(await client.callTool({ name: 'speak', arguments: { text: 'Dinner!' } }))).toBe('spoken');
    expect(JSON.parse(textOf(await client.callTool({ name: 'status' })))).toMatchObject({ state: 'ready', killLevel: 0 });
    await client.callTool({ name: 'stop', arguments: { level: 2 } });
    expect(done).toEqual(['said Dinner!', 'stopped by Editor at 2']);
    expect(client.getServerVersion()).toMatchObject({ name: 'openclaw-desktop' });
  });

  it('shows messages only to a program that may read them, and never offers a way to lift the stop', async () => {
    const { url, token } = await startApp({ mayReadMessages: true });
    const client = await connect(url, token, 'auto');
    expect(await namesOf(client)).toEqual(['ask', 'speak', 'status', 'stop', 'calls', 'messages']);
    const calls = await client.callTool({ name: 'calls', arguments: { query: 'tea' } });
    expect(JSON.stringify(calls)).toMatch(/about tea.*fromOutside|fromOutside.*about tea/);
    const found = await client.callTool({ name: 'messages', arguments: { query: 'tea' } });
    expect(JSON.parse(textOf(found))).toEqual([{ conversation: 'Tea', atMs: 1, who: 'owner', text: 'about tea' }]);
  });

  it('tells a program why something did not work, and refuses what does not fit', async () => {
    const { url, token } = await startApp({ abilities: { ask: () => Promise.reject(new Error('Everything is stopped.')) } });
    const client = await connect(url, token, 'auto');
    expect(await client.callTool({ name: 'ask', arguments: { question: 'hello' } })).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'Everything is stopped.' }],
    });
    expect(await client.callTool({ name: 'ask', arguments: { question: '' } })).toMatchObject({ isError: true });
  });

  it('lets one program ask two things at once, and not a third', async () => {
    const waiting: (() => void)[] = [];
    const ask: Abilities['ask'] = () => new Promise((resolve) => void waiting.push(() => resolve('at last')));
    const { url, token } = await startApp({ abilities: { ask } });
    const client = await connect(url, token, 'auto');
    const first = client.callTool({ name: 'ask', arguments: { question: 'one' } });
    const second = client.callTool({ name: 'ask', arguments: { question: 'two' } });
    await expect.poll(() => waiting.length).toBe(2);
    expect(textOf(await client.callTool({ name: 'ask', arguments: { question: 'three' } }))).toContain('Too many requests');
    for (const go of waiting) go();
    expect([textOf(await first), textOf(await second)]).toEqual(['at last', 'at last']);
  });

  it('turns away wrong tokens, revoked programs, other origins and other names of this machine', async () => {
    const { rig, url, token, ownerToken } = await startApp();
    const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const initialize = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const bearer = (value: string) => ({ ...json, authorization: `Bearer ${value}` });
    expect(await status(url, bearer(token), initialize)).toBe(200);
    expect(await status(url, bearer(ownerToken), initialize)).toBe(200);
    expect(await status(url, json, initialize)).toBe(401);
    expect(await status(url, bearer(`${token}x`), initialize)).toBe(401);
    expect(await status(url, { ...bearer(token), origin: 'https://evil.example' }, initialize)).toBe(403);
    expect(await status(url, { ...bearer(token), host: 'evil.example:80' }, initialize)).toBe(421);
    // A token of a program opens nothing else of the door.
    expect(await status(url.replace('/mcp', '/'), bearer(token))).toBe(403);
    expect(await status(url, bearer(token), 'x'.repeat(300_000))).toBe(413);
    const list = () => rig.mcp.handlers['mcp.access']({}, { door: 'window', clientId: 'test' }) as McpAccess[];
    await expect.poll(list).toMatchObject([{ name: 'Editor', lastUsedAtMs: expect.any(Number), mayReadMessages: false }]);
    expect(await readFile(join(rig.folder, 'mcp.json'), 'utf8')).not.toContain(token);
    await rig.mcp.handlers['mcp.revokeAccess']({ id: list()[0]?.id ?? '' }, { door: 'window', clientId: 'test' });
    expect(await status(url, bearer(token), initialize)).toBe(401);
  });

  it('works with the official inspector, over HTTP and through "openclaw mcp"', async () => {
    const { rig, url, token } = await startApp();
    const env = { ...process.env, OPENCLAW_DATA_DIR: rig.folder, HOME: rig.folder };
    const inspect = async (...args: string[]): Promise<unknown> => {
      const { stdout } = await promisify(execFile)(process.execPath, [inspector, '--cli', ...args], { env });
      return JSON.parse(stdout.slice(stdout.indexOf('{')));
    };
    const overHttp = ['--transport', 'http', '--server-url', url, '--header', `Authorization: Bearer ${token}`];
    expect(await inspect(...overHttp, '--method', 'tools/list')).toMatchObject({
      tools: [{ name: 'ask' }, { name: 'speak' }, { name: 'status' }, { name: 'stop' }],
    });
    expect(await inspect(...overHttp, '--method', 'tools/call', '--tool-name', 'ask', '--tool-arg', 'question=Tea?')).toMatchObject({
      content: [{ text: 'Editor asked: Tea?' }],
    });
    expect(await inspect(process.execPath, bridge, '-e', `OPENCLAW_DATA_DIR=${rig.folder}`, '--method', 'tools/list')).toMatchObject({
      tools: [{ name: 'ask' }, { name: 'speak' }, { name: 'status' }, { name: 'stop' }],
    });
  });

  it.each(['auto', 'legacy'] as const)(
    '"openclaw mcp" carries the official client through standard streams, protocol chosen %s',
    async (mode) => {
      const { rig, token } = await startApp();
      const tokenFile = join(rig.folder, 'editor.token');
      await writeFile(tokenFile, `${token}\n`);
      const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [bridge, '--token-file', tokenFile],
          env: { OPENCLAW_DATA_DIR: rig.folder, PATH: process.env['PATH'] ?? '' },
          stderr: 'inherit',
        }),
      );
      expect(textOf(await client.callTool({ name: 'ask', arguments: { question: 'Tea?' } }))).toBe('Editor asked: Tea?');
      await client.close();
    },
  );

  it('"openclaw mcp" says so in one line when the app does not run, or does not know the token', async () => {
    const { rig } = await startApp();
    const nowhere = join(rig.folder, 'nowhere');
    await mkdir(nowhere);
    expect(await runBridge([], nowhere)).toMatch(/^1: OpenClaw Desktop is not running .*\n$/);
    const wrong = join(rig.folder, 'wrong.token');
    await writeFile(wrong, 'ocm_wrong');
    expect(await runBridge(['--token-file', wrong], rig.folder)).toMatch(/^1: OpenClaw Desktop does not know this token/);
  });
});
