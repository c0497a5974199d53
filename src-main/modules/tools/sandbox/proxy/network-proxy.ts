import { lookup } from 'node:dns/promises';
import { chmod, rm } from 'node:fs/promises';
import { createServer, request as requestHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Disposable } from '../../../../base/dispose.ts';
import type { Log } from '../../../../base/log.ts';
import { isHostAllowed } from '../../host-rules.ts';
import { isPublicAddress } from './public-address.ts';

const MAX_CONNECTIONS = 32;
const CONNECT_MS = 10_000;
const IDLE_MS = 60_000;
/** Belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP =
  'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade'.split(' ');

export interface NetworkProxyDeps {
  /** Names that are let through, as `normalRule` takes them. */
  hosts: readonly string[];
  socketPath: string;
  log: Log;
  /** All addresses of a name; the system's own by default. */
  resolve?: (host: string) => Promise<readonly string[]>;
  /** Opens a connection to an address that was checked. */
  dial?: (address: string, port: number) => Socket;
}

/**
 * The only way out of a container: speaks HTTP and CONNECT, lets through the names on its list, looks them up itself, and connects to exactly the address that
 * it has checked, so that a name cannot point elsewhere the second time.
 */
export async function openNetworkProxy(deps: NetworkProxyDeps): Promise<Disposable> {
  const sockets = new Set<Duplex>();
  const keep = <Each extends Duplex>(socket: Each): Each => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const server = createServer(
    { maxHeaderSize: 32_768, insecureHTTPParser: false },
    (request, response) => void passRequest(deps, keep, request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => void passTunnel(deps, keep, request, client, head));
  await rm(deps.socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(deps.socketPath, resolve);
  });
  // Who may reach it is decided by the folder that it lies in; inside the container everybody is nobody.
  await chmod(deps.socketPath, 0o666);
  return {
    dispose: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

type Keep = <Each extends Duplex>(socket: Each) => Each;
type Way = { address: string } | { problem: string; status: number };

async function findWay({ hosts, log, resolve = resolveAll }: NetworkProxyDeps, host: string, port: number): Promise<Way> {
  const refuse = (status: number, problem: string): Way => {
    log.info('sandbox.network-refused', { host: host.slice(0, 255), port, problem });
    return { status, problem };
  };
  if (!isHostAllowed(host, 443, hosts) && !isHostAllowed(host, port, hosts))
    return refuse(403, `${host} is not among the hosts that the owner allows`);
  if (!isHostAllowed(host, port, hosts)) return refuse(403, `port ${port} of ${host} is not among the hosts that the owner allows`);
  const addresses = await resolve(host).catch(() => []);
  const [address] = addresses;
  if (address === undefined) return refuse(502, `${host} has no address`);
  // One private address among public ones is an attack, not a mistake.
  if (!addresses.every(isPublicAddress)) return refuse(403, `${host} leads into a private network`);
  return { address };
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function passRequest(deps: NetworkProxyDeps, keep: Keep, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url !== undefined && /^http:\/\//i.test(request.url) ? parseUrl(request.url) : undefined;
  if (!url || url.username !== '' || url.password !== '') return answer(response, 400, 'this proxy takes full http addresses only');
  const port = Number(url.port || 80);
  const way = await findWay(deps, url.hostname, port);
  if ('problem' in way) return answer(response, way.status, way.problem);
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
  const upstream = requestHttp({
    method: request.method,
    path: `${url.pathname}${url.search}`,
    // The name that was checked, not the one that the program claims.
    headers: { ...headers, host: url.host, connection: 'close' },
    createConnection: () => keep(dialled(deps, way.address, port)),
    timeout: IDLE_MS,
  });
  upstream.on('timeout', () => upstream.destroy());
  upstream.on('error', () => (response.headersSent ? response.destroy() : answer(response, 502, `${url.hostname} cannot be reached`)));
  upstream.on('response', (incoming) => {
    const back = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
    response.writeHead(incoming.statusCode ?? 502, back);
    incoming.on('error', () => response.destroy());
    incoming.pipe(response);
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

async function passTunnel(deps: NetworkProxyDeps, keep: Keep, request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
  const parts = /^([^:@/\s]+):(\d{1,5})$/.exec(request.url ?? '');
  const close = (status: number, problem: string): void =>
    void client.end(`HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${problem}\n`);
  if (!parts) return close(400, 'this proxy takes a name and a port');
  const port = Number(parts[2]);
  const way = await findWay(deps, parts[1] ?? '', port);
  if ('problem' in way) return close(way.status, way.problem);
  if (client.destroyed) return;
  const upstream = keep(dialled(deps, way.address, port));
  let open = false;
  upstream.once('connect', () => {
    open = true;
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) upstream.write(head);
    upstream.pipe(client);
    client.pipe(upstream);
  });
  upstream.once('error', () => (open ? client.destroy() : close(502, `${parts[1]} cannot be reached`)));
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
}

function dialled({ dial = dialAddress }: NetworkProxyDeps, address: string, port: number): Socket {
  const socket = dial(address, port);
  const late = setTimeout(() => socket.destroy(new Error('no connection in time')), CONNECT_MS);
  socket.once('connect', () => clearTimeout(late));
  socket.once('close', () => clearTimeout(late));
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  return socket;
}

const dialAddress = (address: string, port: number): Socket => connect({ host: address, port });

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, problem: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${problem}\n`);
}
