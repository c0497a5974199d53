import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCertificate, ownCertificate } from '../../../../../src-main/modules/telephony/asterisk/certificate.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

const NOW_MS = Date.UTC(2026, 10, 30, 7);
const DAY_MS = 86_400_000;

describe('makeCertificate', () => {
  it('is for this machine alone, signed by its own key, and lives for two years', () => {
    const { certificate, key } = makeCertificate('study', NOW_MS);
    const read = new X509Certificate(certificate);
    expect(read.subject).toBe('CN=study');
    expect(read.subjectAltName).toBe('DNS:study, DNS:study.local');
    expect(read.checkHost('elsewhere')).toBeUndefined();
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect([Date.parse(read.validFrom), Date.parse(read.validTo)]).toEqual([NOW_MS - DAY_MS, NOW_MS + 820 * DAY_MS]);
    expect(makeCertificate('study', NOW_MS).certificate).not.toBe(certificate);
  });

  it('is taken by a phone that trusts it', async () => {
    const { certificate, key } = makeCertificate('study', Date.now());
    const server = createServer({ cert: certificate, key }, (socket) => void socket.end('hello'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const phone = connect({ port, host: '127.0.0.1', servername: 'study.local', ca: certificate });
    const [words] = (await once(phone, 'data')) as [Buffer];
    expect(words.toString()).toBe('hello');
  });
});

describe('ownCertificate', () => {
  it('stays the same over starts, and is made anew for another name, when its time is up, and when it is damaged', async () => {
    const folder = await temporaryFolder();
    const first = await ownCertificate(folder, 'study', NOW_MS);
    expect(await ownCertificate(folder, 'study', NOW_MS + 700 * DAY_MS)).toEqual(first);
    const renewed = await ownCertificate(folder, 'study', NOW_MS + 800 * DAY_MS);
    expect(renewed).not.toEqual(first);
    const renamed = await ownCertificate(folder, 'kitchen', NOW_MS + 800 * DAY_MS);
    expect(new X509Certificate(renamed.certificate).subject).toBe('CN=kitchen');
    await writeFile(join(folder, 'certificate.pem'), 'nonsense');
    const mended = await ownCertificate(folder, 'kitchen', NOW_MS + 800 * DAY_MS);
    expect(mended).not.toEqual(renamed);
    expect(await readFile(join(folder, 'certificate.pem'), 'utf8')).toBe(mended.certificate);
    if (process.platform !== 'win32') expect((await stat(join(folder, 'certificate-key.pem'))).mode & 0o777).toBe(0o600);
  });
});
