import { createSocket } from 'node:dgram';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { errorCode } from '../../../base/atomic-file.ts';
import { exchangeError } from './exchange-errors.ts';

/** Two for each leg of a call (sound and its reports). */
const RTP_PORTS = 200;
const RTP_FROM = 20_000;
const RTP_TO = 40_000;
const ATTEMPTS = 50;

/** A port that nobody listens on now, for TCP on loopback. */
export function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The first of two neighbours that are free for UDP and TCP on this address. Rejects with `phone.port-taken` when none is found. */
export async function freeSipPort(address: string, random: () => number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = 30_000 + 2 * Math.floor(random() * 10_000);
    if ((await isFree(port, address)) && (await isFree(port + 1, address))) return port;
  }
  throw exchangeError('phone.port-taken', { port: 30_000, program: 'many programs' });
}

/** A row of ports for sound whose ends and middle are free: another exchange has the whole of its own row. */
export async function freeRtpPorts(random: () => number): Promise<[first: number, last: number]> {
  const rows = Math.floor((RTP_TO - RTP_FROM) / RTP_PORTS);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = RTP_FROM + RTP_PORTS * Math.floor(random() * rows);
    const probes = [first, first + 1, first + RTP_PORTS / 2, first + RTP_PORTS - 1];
    if ((await Promise.all(probes.map((port) => isUdpFree(port, '0.0.0.0')))).every(Boolean)) return [first, first + RTP_PORTS - 1];
  }
  return [RTP_FROM, RTP_TO];
}

/** Rejects with `phone.port-taken` and the program's name, where this system tells it. */
export async function mustBeFree(port: number, address: string): Promise<void> {
  if (await isFree(port, address)) return;
  throw exchangeError('phone.port-taken', { port, program: (await whoListens(port)) ?? 'another program' });
}

const isFree = async (port: number, address: string): Promise<boolean> =>
  (await isUdpFree(port, address)) && (await isTcpFree(port, address));

function isUdpFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: false });
    socket.once('error', (error) => {
      socket.close();
      resolve(errorCode(error) !== 'EADDRINUSE');
    });
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

function isTcpFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorCode(error) !== 'EADDRINUSE'));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** `asterisk (process 4711)`: Linux tells it of processes of the same user, root of all. */
async function whoListens(port: number): Promise<string | undefined> {
  const inodes = new Set<string>();
  for (const table of ['udp', 'udp6', 'tcp', 'tcp6']) {
    const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const [, local = '', , state = ''] = fields;
      const listens = table.startsWith('udp') || state === '0A';
      if (listens && Number.parseInt(local.split(':')[1] ?? '', 16) === port && fields[9] !== undefined)
        inodes.add(`socket:[${fields[9]}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const each of open) {
      if (!inodes.has(await readlink(`/proc/${pid}/fd/${each}`).catch(() => ''))) continue;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return `${name} (process ${pid})`;
    }
  }
  return undefined;
}
