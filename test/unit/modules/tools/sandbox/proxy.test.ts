import { createServer, request as requestHttp } from 'node:http';
import { connect, createServer as createPlainServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../../../../src-main/base/log.ts';
import { openNetworkProxy } from '../../../../../src-main/modules/tools/sandbox/proxy/network-proxy.ts';
import { isPublicAddress } from '../../../../../src-main/modules/tools/sandbox/proxy/public-address.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111'])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each(
    '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.1.1 198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 2002:7f00:1:: 2001:db8::1 2001::1 localhost 8.8.8 0x7f.1'.split(
      ' ',
    ),
  )('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A proxy whose internet is one server on the loopback. */
async function openRig(addresses: readonly string[] = ['93.184.216.34']) {
  const web = createServer((request, response) =>
    response.end(`${request.headers.host} ${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`),
  );
  const port = await listening(web);
  const echo = await listening(createPlainServer((socket) => socket.pipe(socket)));
  const dialled: string[] = [];
  const socketPath = join(await temporaryFolder(), 's');
  const proxy = await openNetworkProxy({
    hosts: ['example.org', '*.example.net'],
    socketPath,
    log: silentLog,
    resolve: async () => addresses,
    dial: (address, toPort) => {
      dialled.push(`${address}:${toPort}`);
      return connect({ host: '127.0.0.1', port: toPort === 443 ? echo : port });
    },
  });
  onTestFinished(() => proxy.dispose());
  const get = (url: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = requestHttp({ socketPath, path: url, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on('error', reject);
      request.end();
    });
  const tunnel = (target: string, words: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(socketPath);
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.startsWith('HTTP/1.1 200') && !text.includes(words)) socket.write(words);
        else socket.end();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    });
  return { get, tunnel, dialled };
}

describe('openNetworkProxy', () => {
  it('passes a request on to the address that it has looked up, under the name that was checked', async () => {
    const { get, dialled } = await openRig();
    expect(await get('http://example.org/a?b=1', { host: 'other.example', 'proxy-authorization': 'secret' })).toEqual({
      status: 200,
      text: 'example.org GET /a?b=1 ',
    });
    expect(dialled).toEqual(['93.184.216.34:80']);
  });

  it('passes a tunnel on', async () => {
    const { tunnel } = await openRig();
    expect(await tunnel('a.example.net:443', 'hello')).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nhello$/s);
  });

  it.each([
    ['http://evil.example/', 403],
    ['http://example.org:22/', 403],
    ['http://user:pass@example.org/', 400],
    ['http://127.0.0.1/', 403],
    ['/relative', 400],
    ['ftp://example.org/', 400],
  ])('refuses %s', async (url, status) => {
    const { get, dialled } = await openRig();
    expect((await get(url)).status).toBe(status);
    expect(dialled).toEqual([]);
  });

  it.each(['evil.example:443', 'example.org:25', '169.254.169.254:80', '[::1]:443', 'example.org'])(
    'refuses a tunnel to %s',
    async (target) => {
      const { tunnel, dialled } = await openRig();
      expect(await tunnel(target, 'x')).toMatch(/^HTTP\/1\.1 40[03] /);
      expect(dialled).toEqual([]);
    },
  );

  it.each([[['127.0.0.1']], [['93.184.216.34', '10.0.0.1']], [['::ffff:169.254.169.254']], [[]]])(
    'refuses a name that leads to %j',
    async (addresses) => {
      const { get, tunnel, dialled } = await openRig(addresses);
      expect((await get('http://example.org/')).status).toBeGreaterThanOrEqual(403);
      expect(await tunnel('example.org:443', 'x')).toMatch(/^HTTP\/1\.1 (?:403|502) /);
      expect(dialled).toEqual([]);
    },
  );
});
