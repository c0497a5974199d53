import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installOfficialElectron, officialArchive } from '../../../build/lib/electron-official.mjs';
import { temporaryFolder } from '../../doubles/temporary-folder.ts';
import { makeZip } from '../../fixtures/models/make-archive.ts';

const archive = makeZip({ electron: 'the program', 'resources/default_app.asar': 'the default app' });
const checksum = createHash('sha256').update(archive).digest('hex');

/** A checkout whose installed electron package names this checksum, and a mirror on loopback that serves the archive. */
async function createMachine(sha256 = checksum) {
  const root = await temporaryFolder();
  const electronPackage = join(root, 'node_modules', 'electron');
  await mkdir(electronPackage, { recursive: true });
  await writeFile(join(electronPackage, 'package.json'), '{"version":"45.4.1"}');
  await writeFile(join(electronPackage, 'checksums.json'), JSON.stringify({ 'electron-v45.4.1-linux-x64.zip': sha256 }));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-length': archive.length }).end(archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror`;
  const install = (arch = 'x64', variables: NodeJS.ProcessEnv = { ELECTRON_MIRROR: address }) =>
    installOfficialElectron({ root, cache: join(root, 'cache') }, () => {}, {
      variables,
      platform: 'linux',
      arch,
      node: process.execPath,
      connectTimeoutMs: 2_000,
    });
  return { root, asked, address, install };
}

/** A proxy on loopback that takes every connection to the machine at `address`; `proxy` is what it was asked to reach. */
async function createProxy(address: string) {
  const proxy: string[] = [];
  const server = createServer().on('connect', (request, client) => {
    proxy.push(request.url ?? '');
    const target = connect(Number(new URL(address).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(target).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { proxy, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('installOfficialElectron', () => {
  it('fetches the pinned release from the mirror, checks it and unpacks it', async () => {
    const { root, asked, install } = await createMachine();
    const { directory, executable } = await install();
    expect(asked).toEqual(['/mirror/v45.4.1/electron-v45.4.1-linux-x64.zip']);
    expect(readFileSync(executable, 'utf8')).toBe('the program');
    expect(readFileSync(join(directory, 'resources', 'default_app.asar'), 'utf8')).toBe('the default app');
    expect(existsSync(join(root, 'cache', 'downloads', 'electron-v45.4.1-linux-x64.zip'))).toBe(false);
  });

  it('fetches nothing a second time', async () => {
    const { asked, install } = await createMachine();
    expect(await install()).toEqual(await install());
    expect(asked).toHaveLength(1);
  });

  it('goes through the proxy that is set, also where its own Node takes no notice of it', async () => {
    const { asked, address, install } = await createMachine();
    const { proxy, url } = await createProxy(address);
    const { executable } = await install('x64', { ELECTRON_MIRROR: 'http://releases.invalid/mirror', http_proxy: url });
    expect(readFileSync(executable, 'utf8')).toBe('the program');
    expect(asked).toHaveLength(1);
    expect(proxy).toEqual(['releases.invalid:80']);
  });

  it('reports what happened behind the proxy as if there were none', async () => {
    const { address, install } = await createMachine('0'.repeat(64));
    const { url } = await createProxy(address);
    await expect(install('x64', { ELECTRON_MIRROR: 'http://releases.invalid/mirror', http_proxy: url })).rejects.toMatchObject({
      code: 'download.corrupt',
    });
  });

  it('unpacks nothing whose checksum is not the one of the installed package', async () => {
    const { root, install } = await createMachine('0'.repeat(64));
    await expect(install()).rejects.toMatchObject({ code: 'download.corrupt' });
    expect(existsSync(join(root, 'cache', 'electron'))).toBe(false);
  });

  it('says so where Electron is not made for this machine', async () => {
    const { install } = await createMachine();
    await expect(install('s390x')).rejects.toMatchObject({ code: 'electron.no-release' });
  });
});

describe('officialArchive', () => {
  it("names Electron's release file, or the mirror's", () => {
    expect(officialArchive('45.4.1', {}, 'linux', 'x64')).toEqual({
      fileName: 'electron-v45.4.1-linux-x64.zip',
      url: 'https://github.com/electron/electron/releases/download/v45.4.1/electron-v45.4.1-linux-x64.zip',
    });
    expect(officialArchive('45.4.1', { ELECTRON_MIRROR: 'http://127.0.0.1:9/e' }, 'darwin', 'arm64').url).toBe(
      'http://127.0.0.1:9/e/v45.4.1/electron-v45.4.1-darwin-arm64.zip',
    );
  });
});
