import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { McpTransport } from '../../../../src-preload/contract/index.ts';
import { serverEnvironment } from '../../../../src-main/modules/mcp/server-environment.ts';
import { createMcpRig } from '../../../doubles/mcp-rig.ts';

const nobody = { door: 'window', clientId: 'test' } as const;
const files: McpTransport = { kind: 'stdio', command: '/nowhere/files', args: ['a'], env: {} };

/* What connects to a server is tested in test/integration/mcp-*.test.ts. */
describe('createMcp', () => {
  it('keeps servers, changes them, switches them off and removes them, all on record', async () => {
    const rig = await createMcpRig();
    const saved = await rig.save({ name: 'Files', transport: files, enabled: false });
    expect(saved).toMatchObject({ name: 'Files', state: 'off', problem: null, version: null, tools: [] });
    await rig.save({ id: saved.id, name: 'My files', transport: files, enabled: false });
    expect(rig.servers()).toMatchObject([{ id: saved.id, name: 'My files' }]);
    await rig.mcp.handlers['mcp.remove']({ id: saved.id }, nobody);
    expect(rig.servers()).toEqual([]);
    expect(rig.audited.map(({ action }) => action)).toEqual(['mcp.save', 'mcp.save', 'mcp.remove']);
    expect(JSON.stringify(rig.audited)).not.toContain('/nowhere');
  });

  it('refuses a second server whose name the model could not tell from the first', async () => {
    const rig = await createMcpRig();
    await rig.save({ name: 'My Files', transport: files, enabled: false });
    await expect(rig.save({ name: 'my-files', transport: files, enabled: false })).rejects.toMatchObject({ code: 'mcp.name-taken' });
  });

  it('says so when a server, a tool or a program is not there', async () => {
    const rig = await createMcpRig();
    const { handlers } = rig.mcp;
    const { id } = await rig.save({ name: 'Files', transport: files, enabled: false });
    const decision = { id, tool: 'read', rights: [], policy: 'allow' as const };
    await expect(Promise.resolve(handlers['mcp.decide'](decision, nobody))).rejects.toMatchObject({ code: 'mcp.no-tool' });
    await expect(Promise.resolve(handlers['mcp.remove']({ id: 'x' }, nobody))).rejects.toMatchObject({ code: 'mcp.no-server' });
    await expect(Promise.resolve(handlers['mcp.signIn']({ id }, nobody))).rejects.toMatchObject({ code: 'mcp.not-connected' });
    await expect(Promise.resolve(handlers['mcp.revokeAccess']({ id: 'x' }, nobody))).rejects.toMatchObject({ code: 'mcp.no-access' });
  });

  it('fills no secret in for a server that it would reach over http', async () => {
    const filled: string[] = [];
    const rig = await createMcpRig({ resolveSecret: (template) => `value of ${filled.push(template)}` });
    const headers = { authorization: 'Bearer {{secret:key}}' };
    const { id } = await rig.add('Plain', { kind: 'http', url: 'http://192.0.2.1/mcp', headers });
    const { problem } = await rig.until(id, ({ state }) => state === 'failed');
    expect([problem?.code, filled]).toEqual(['mcp.secret-needs-tls', []]);
  });

  it('makes a token for a program, shows it once and keeps only its hash', async () => {
    const rig = await createMcpRig({ doorUrl: () => Promise.resolve('http://127.0.0.1:4711') });
    const made = await rig.mcp.handlers['mcp.createAccess']({ name: 'Editor' }, nobody);
    expect(made).toMatchObject({ token: expect.stringMatching(/^ocm_[\w-]{43}$/), url: 'http://127.0.0.1:4711/mcp' });
    expect(await readFile(join(rig.folder, 'mcp.json'), 'utf8')).not.toContain(made.token.slice(4));
    await rig.mcp.handlers['mcp.revokeAccess']({ id: made.access.id }, nobody);
    expect(rig.mcp.handlers['mcp.access']({}, nobody)).toEqual([]);
  });
});

describe('serverEnvironment', () => {
  it('lets only the way to programs, the home and the language through', () => {
    const ours = {
      PATH: '/bin',
      HOME: '/home/ada',
      LANG: 'de',
      LC_ALL: 'de',
      XDG_RUNTIME_DIR: '/run',
      LD_LIBRARY_PATH: '/x',
      API_KEY: 'k',
    };
    expect(serverEnvironment(ours)).toEqual({ PATH: '/bin', HOME: '/home/ada', LANG: 'de', LC_ALL: 'de' });
  });
});
