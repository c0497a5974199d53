import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';

/** An MCP server that wants a sign-in, and the authorization server it trusts, at two ports of this machine. */
export interface OAuthMcpServer {
  url: string;
  /** The access tokens that count; taking one away makes it expired. */
  accessTokens: Set<string>;
  refreshTokens: Set<string>;
  /** What the authorization server was asked: path and the headers it got. */
  asked: { path: string; headers: Record<string, unknown> }[];
  registered: Record<string, unknown>[];
  /** Headers of the last request for MCP that was let in. */
  lastHeaders(): Record<string, unknown>;
  /** The owner presses "no" on the sign-in page. */
  refuseNext(): void;
}

export async function startOAuthMcpServer(): Promise<OAuthMcpServer> {
  const accessTokens = new Set<string>();
  const refreshTokens = new Set<string>();
  const asked: OAuthMcpServer['asked'] = [];
  const registered: Record<string, unknown>[] = [];
  const codes = new Map<string, { challenge: string; redirectUri: string; clientId: string }>();
  let isRefusing = false;
  let lastHeaders: Record<string, unknown> = {};
  let resource = '';
  let issuer = '';

  const issue = (response: ServerResponse): void => {
    const tokens = {
      access_token: `access-${randomUUID()}`,
      refresh_token: `refresh-${randomUUID()}`,
      token_type: 'Bearer',
      expires_in: 3600,
    };
    accessTokens.add(tokens.access_token);
    refreshTokens.add(tokens.refresh_token);
    sendJson(response, 200, tokens);
  };
  const authorize = (address: URL, response: ServerResponse): void => {
    const wanted = Object.fromEntries(address.searchParams);
    const client = registered.find(({ client_id }) => client_id === wanted['client_id']);
    const redirectUri = wanted['redirect_uri'] ?? '';
    const isRight = (client?.['redirect_uris'] as string[] | undefined)?.includes(redirectUri) === true;
    if (!isRight || wanted['code_challenge_method'] !== 'S256' || wanted['resource'] !== resource) {
      sendJson(response, 400, { error: 'invalid_request' });
      return;
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', wanted['state'] ?? '');
    back.searchParams.set('iss', issuer);
    if (isRefusing) back.searchParams.set('error', 'access_denied');
    else {
      const code = randomUUID();
      codes.set(code, { challenge: wanted['code_challenge'] ?? '', redirectUri, clientId: wanted['client_id'] ?? '' });
      back.searchParams.set('code', code);
    }
    isRefusing = false;
    response.writeHead(302, { location: back.href }).end();
  };
  const exchange = (form: URLSearchParams, response: ServerResponse): void => {
    if (form.get('grant_type') === 'refresh_token') {
      if (refreshTokens.delete(form.get('refresh_token') ?? '')) issue(response);
      else sendJson(response, 400, { error: 'invalid_grant' });
      return;
    }
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight = code?.challenge === proof && code.redirectUri === form.get('redirect_uri') && code.clientId === form.get('client_id');
    if (isRight) issue(response);
    else sendJson(response, 400, { error: 'invalid_grant' });
  };

  const authorization = await listen(async (request, response) => {
    const address = new URL(request.url ?? '/', issuer);
    asked.push({ path: address.pathname, headers: request.headers });
    if (address.pathname === '/.well-known/oauth-authorization-server')
      sendJson(response, 200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        registration_endpoint: `${issuer}/register`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
        authorization_response_iss_parameter_supported: true,
      });
    else if (address.pathname === '/register') {
      const client = { ...(JSON.parse(await bodyOf(request)) as Record<string, unknown>), client_id: randomUUID() };
      registered.push(client);
      sendJson(response, 201, client);
    } else if (address.pathname === '/authorize') authorize(address, response);
    else if (address.pathname === '/token') exchange(new URLSearchParams(await bodyOf(request)), response);
    else sendJson(response, 404, {});
  });
  issuer = `http://127.0.0.1:${authorization}`;

  const mcp = createMcpHandler(() => {
    const server = new McpServer({ name: 'guarded', version: '1' });
    server.registerTool('secret_place', { description: 'Where it is.' }, () => ({ content: [{ type: 'text', text: 'under the mat' }] }));
    return server;
  });
  const port = await listen(async (request, response) => {
    const address = new URL(request.url ?? '/', resource);
    if (address.pathname.startsWith('/.well-known/oauth-protected-resource')) {
      sendJson(response, 200, { resource, authorization_servers: [issuer] });
      return;
    }
    if (!accessTokens.has(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')) {
      const metadata = `${new URL(resource).origin}/.well-known/oauth-protected-resource/mcp`;
      response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` }).end();
      return;
    }
    lastHeaders = request.headers;
    const body = await bodyOf(request);
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await mcp.fetch(
      new Request(address, { method: request.method ?? 'GET', headers, ...(request.method === 'POST' ? { body } : {}) }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) response.write(piece);
    response.end();
  });
  resource = `http://127.0.0.1:${port}/mcp`;

  return {
    url: resource,
    accessTokens,
    refreshTokens,
    asked,
    registered,
    lastHeaders: () => lastHeaders,
    refuseNext: () => void (isRefusing = true),
  };
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<number> {
  const server: Server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
