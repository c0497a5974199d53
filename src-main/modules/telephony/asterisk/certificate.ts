import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../base/atomic-file.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Phones take no certificate that lives longer. */
const VALID_DAYS = 820;
const RENEWED_BEFORE_DAYS = 30;

/** PEM texts. */
export interface OwnCertificate {
  certificate: string;
  key: string;
}

/** The certificate of this exchange for SIP over TLS, kept in `folder`; made when there is none, or it names another machine, or its time is nearly up. */
export async function ownCertificate(folder: string, host: string, nowMs: number): Promise<OwnCertificate> {
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'certificate-key.pem') };
  const [certificate, key] = await Promise.all([files.certificate, files.key].map((file) => readFile(file, 'utf8').catch(() => '')));
  if (certificate && key && isGood(certificate, host, nowMs)) return { certificate, key };
  const made = makeCertificate(host, nowMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The key first: a certificate without its key would be taken for whole.
  await writeFileAtomically(files.key, made.key);
  await writeFileAtomically(files.certificate, made.certificate);
  return made;
}

function isGood(pem: string, host: string, nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const leftMs = Date.parse(certificate.validTo) - nowMs;
    return certificate.checkHost(host) !== undefined && leftMs > RENEWED_BEFORE_DAYS * DAY_MS;
  } catch {
    return false;
  }
}

/** Self-signed, with an elliptic key (P-256), for a server of this name and of the same name on the local network. */
export function makeCertificate(host: string, nowMs: number): OwnCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = certificateBody(host, nowMs, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = sign('sha256', body, { key: privateKey, dsaEncoding: 'der' });
  const whole = sequence(body, sequence(ECDSA_WITH_SHA256), bitString(signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

// --- DER (ITU-T X.690) of a certificate (RFC 5280) ------------------------------------------------------------------------------------------------

const element = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, ...parts);
const bitString = (content: Buffer): Buffer => element(0x03, Buffer.from([0]), content);
const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));
/** `261130073618Z`: this century, as RFC 5280 wants it until 2049. */
const time = (ms: number): Buffer =>
  element(
    0x17,
    Buffer.from(
      new Date(ms)
        .toISOString()
        .slice(2)
        .replaceAll(/[-:T]|\.\d+/g, ''),
      'latin1',
    ),
  );
/** An object identifier, by its content in hexadecimal. */
const identifier = (hexadecimal: string): Buffer => element(0x06, Buffer.from(hexadecimal, 'hex'));

const ECDSA_WITH_SHA256 = identifier('2a8648ce3d040302');
const COMMON_NAME = identifier('550403');
const ALTERNATIVE_NAMES = identifier('551d11');
const EXTENDED_KEY_USAGE = identifier('551d25');
const SERVER = identifier('2b06010505070301');

function certificateBody(host: string, nowMs: number, publicKey: Buffer): Buffer {
  // Positive, whatever the first bit is.
  const serial = element(0x02, Buffer.from([0x01]), randomBytes(15));
  const name = sequence(element(0x31, sequence(COMMON_NAME, utf8(host.slice(0, 64)))));
  const validity = sequence(time(nowMs - DAY_MS), time(nowMs + VALID_DAYS * DAY_MS));
  const names = [host, `${host}.local`].map((each) => element(0x82, Buffer.from(each, 'latin1')));
  const extension = (id: Buffer, content: Buffer): Buffer => sequence(id, element(0x04, content));
  const extensions = sequence(extension(ALTERNATIVE_NAMES, sequence(...names)), extension(EXTENDED_KEY_USAGE, sequence(SERVER)));
  const version = element(0xa0, element(0x02, Buffer.from([2])));
  return sequence(version, serial, sequence(ECDSA_WITH_SHA256), name, validity, name, publicKey, element(0xa3, extensions));
}
