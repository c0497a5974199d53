import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMcpRig, type McpRig } from '../doubles/mcp-rig.ts';
import { startOAuthMcpServer, type OAuthMcpServer } from '../doubles/oauth-mcp-server.ts';

const nobody = { door: 'window', clientId: 'test' } as const;

async function addGuarded(): Promise<{ rig: McpRig; server: OAuthMcpServer; id: string }> {
  const server = await startOAuthMcpServer();
  const rig = await createMcpRig({ resolveSecret: (template) => template.replace('{{secret:own}}', 'own-value') });
  const { id } = await rig.add('Guarded', { kind: 'http', url: server.url, headers: { 'X-Own': '{{secret:own}}' } });
  return { rig, server, id };
}

/** What the owner's browser does with the page that was opened. */
async function visit(url: string, language = 'en'): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { headers: { 'accept-language': language } });
  return { status: response.status, text: await response.text() };
}

async function signIn({ rig, id }: { rig: McpRig; id: string }): Promise<string> {
  await rig.mcp.handlers['mcp.signIn']({ id }, nobody);
  return rig.opened.at(-1) ?? '';
}

describe('signing in to an MCP server', () => {
  it('asks for it without opening a browser by itself, and works after the owner has come back', async () => {
    const { rig, server, id } = await addGuarded();
    const asking = await rig.until(id, ({ state }) => state === 'needs-sign-in');
    expect(asking.problem).toMatchObject({ code: 'mcp.needs-sign-in' });
    expect([rig.opened, server.registered]).toEqual([[], []]);

    const page = await visit(await signIn({ rig, id }), 'de-DE,de;q=0.9');
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Du bist angemeldet') });
    await rig.ready(id);
    await rig.agree(id, 'secret_place');
    expect(await rig.call('mcp_guarded_secret_place', {})).toBe('under the mat');
    expect(server.registered).toMatchObject([{ client_name: 'OpenClaw Desktop', token_endpoint_auth_method: 'none' }]);

    // Tokens are sealed, and the owner's own header went to its server alone.
    expect(rig.secrets.get(`mcp.${id}`)).toContain([...server.accessTokens][0]);
    expect(await readFile(join(rig.folder, 'mcp.json'), 'utf8')).not.toMatch(/access-|refresh-|own-value/);
    expect(server.lastHeaders()['x-own']).toBe('own-value');
    expect(server.asked.map(({ headers }) => headers['x-own'])).toEqual(server.asked.map(() => undefined));
  });

  it('renews an expired token silently, and asks again when it cannot', async () => {
    const { rig, server, id } = await addGuarded();
    await rig.until(id, ({ state }) => state === 'needs-sign-in');
    await visit(await signIn({ rig, id }));
    await rig.ready(id);
    await rig.agree(id, 'secret_place');
    server.accessTokens.clear();
    expect(await rig.call('mcp_guarded_secret_place', {})).toBe('under the mat');

    server.accessTokens.clear();
    server.refreshTokens.clear();
    await expect(rig.call('mcp_guarded_secret_place', {})).rejects.toMatchObject({ code: 'mcp.needs-sign-in' });
    expect((await rig.until(id, ({ state }) => state === 'needs-sign-in')).problem).toMatchObject({ code: 'mcp.needs-sign-in' });
    expect(rig.opened).toHaveLength(1);
  });

  it('takes an answer only with its own state, and says when the owner was refused', async () => {
    const { rig, server, id } = await addGuarded();
    await rig.until(id, ({ state }) => state === 'needs-sign-in');
    const page = new URL(await signIn({ rig, id }));
    const back = page.searchParams.get('redirect_uri') ?? '';
    expect((await visit(`${back}?code=stolen&state=guessed`)).status).toBe(404);
    server.refuseNext();
    expect(await visit(page.href)).toMatchObject({ status: 400, text: expect.stringContaining('did not work') });
    const refused = await rig.until(id, ({ problem }) => problem?.code === 'mcp.sign-in-failed');
    expect(refused).toMatchObject({ state: 'needs-sign-in', problem: { details: { reason: 'access_denied' } } });
    // The address of return is closed after one answer.
    await expect(visit(`${back}?code=late&state=${page.searchParams.get('state')}`)).rejects.toThrow('fetch failed');
  });

  it('says that there is no browser on a machine without a desktop', async () => {
    const server = await startOAuthMcpServer();
    const rig = await createMcpRig({ openLink: undefined });
    const { id } = await rig.add('Guarded', { kind: 'http', url: server.url, headers: {} });
    await rig.until(id, ({ state }) => state === 'needs-sign-in');
    await expect(rig.mcp.handlers['mcp.signIn']({ id }, nobody)).rejects.toMatchObject({ code: 'mcp.no-browser' });
  });
});
