import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';

/*
 * An exchange that speaks as much SIP over WebSocket as a softphone needs: registers one user by password, calls it, hears its answers. Sound is not its matter.
 */

export interface SipRegistrar {
  readonly url: string;
  /** First lines of what came, in order. */
  readonly received: string[];
  password: string;
  /** How many are registered now. */
  registered(): number;
  /** Calls whoever registered last; resolves with the call. */
  invite(headers?: Record<string, string>): SipCall;
  /** Sends anything as it is. */
  send(text: string): void;
  /** Cuts all connections. */
  drop(): void;
  close(): Promise<void>;
}

export interface SipCall {
  /** Status codes of its answers, in order. */
  readonly statuses: number[];
  /** Description in the answer. */
  body: string;
  cancel(): void;
  hangUp(): void;
  /** Requests within the call, e.g. `BYE`, with their bodies. */
  readonly requests: { method: string; body: string }[];
}

const REALM = 'asterisk';

interface SipMessage {
  first: string;
  headers: Map<string, string>;
  body: string;
}

export async function createSipRegistrar(options: { port?: number; password?: string } = {}): Promise<SipRegistrar> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: options.port ?? 0, handleProtocols: () => 'sip' });
  await new Promise((done) => void server.once('listening', done));
  const contacts = new Map<WebSocket, string>();
  const calls = new Map<string, { call: SipCall; socket: WebSocket; invite: string; to: string; target: string }>();
  const received: string[] = [];
  let count = 0;

  const register = (socket: WebSocket, message: SipMessage): void => {
    const given = message.headers.get('authorization');
    if (given === undefined)
      return answer(socket, message, '401 Unauthorized', [`WWW-Authenticate: Digest realm="${REALM}", nonce="n1", algorithm=MD5`]);
    if (!isRight(given, registrar.password)) return answer(socket, message, '403 Forbidden');
    const contact = message.headers.get('contact') ?? '';
    const isLeaving = /expires=0/.test(contact) || message.headers.get('expires') === '0' || contact === '*';
    if (isLeaving) contacts.delete(socket);
    else contacts.set(socket, /<([^>]+)>/.exec(contact)?.[1] ?? '');
    answer(socket, message, '200 OK', isLeaving ? [] : [`Contact: ${contact};expires=60`]);
  };

  const request = (method: string, { socket, invite, to, target }: NonNullable<ReturnType<typeof calls.get>>, cseq: number): void => {
    const [, ...rest] = invite.split('\r\n\r\n')[0]?.split('\r\n') ?? [];
    const headers = rest
      .filter((line) => !/^(?:content-type|content-length|cseq|to):/i.test(line))
      .map((line) => (method === 'CANCEL' ? line : line.replace('branch=z9hG4bK', `branch=z9hG4bK${method}`)));
    socket.send(
      [`${method} ${target} SIP/2.0`, ...headers, `To: ${to}`, `CSeq: ${cseq} ${method}`, 'Content-Length: 0', '', ''].join('\r\n'),
    );
  };

  const response = (message: SipMessage): void => {
    const found = calls.get(message.headers.get('call-id') ?? '');
    if (!found || !message.headers.get('cseq')?.endsWith('INVITE')) return;
    const status = Number(message.first.split(' ')[1]);
    found.call.statuses.push(status);
    found.to = message.headers.get('to') ?? found.to;
    if (status < 200) return;
    found.call.body = message.body;
    request('ACK', found, 1);
  };

  server.on('connection', (socket) => {
    socket.on('close', () => contacts.delete(socket));
    socket.on('message', (data: Buffer) => {
      const message = parse(data.toString());
      if (!message) return;
      received.push(message.first);
      const [method = ''] = message.first.split(' ');
      if (method === 'SIP/2.0') return response(message);
      if (method === 'REGISTER') return register(socket, message);
      calls.get(message.headers.get('call-id') ?? '')?.call.requests.push({ method, body: message.body });
      if (method !== 'ACK') answer(socket, message, '200 OK');
    });
  });

  const registrar: SipRegistrar = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    received,
    password: options.password ?? 'secret',
    registered: () => contacts.size,
    invite(headers = {}) {
      const [socket, target] = [...contacts].at(-1) ?? [];
      if (!socket || target === undefined) throw new Error('Nobody has registered.');
      count += 1;
      const id = `call-${count}@there`;
      const body = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
      const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const invite = [
        `INVITE ${target} SIP/2.0`,
        `Via: SIP/2.0/WS 127.0.0.1;branch=z9hG4bK${count}`,
        'Max-Forwards: 70',
        `From: "Anna" <sip:+491711234567@127.0.0.1>;tag=there${count}`,
        'To: <sip:1000@asterisk>',
        `Call-ID: ${id}`,
        'CSeq: 1 INVITE',
        `Contact: <sip:asterisk@127.0.0.1:${(server.address() as AddressInfo).port};transport=ws>`,
        ...more,
        'Content-Type: application/sdp',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
      const call: SipCall = {
        statuses: [],
        body: '',
        requests: [],
        cancel: () => request('CANCEL', { ...entry, to: '<sip:1000@asterisk>' }, 1),
        hangUp: () => request('BYE', entry, 2),
      };
      const entry = { call, socket, invite, to: '', target };
      calls.set(id, entry);
      socket.send(invite);
      return call;
    },
    send(text) {
      for (const socket of server.clients) socket.send(text);
    },
    drop() {
      for (const socket of server.clients) socket.terminate();
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((done) => void server.close(done));
    },
  };
  onTestFinished(() => registrar.close());
  return registrar;
}

const answer = (socket: WebSocket, { headers }: SipMessage, status: string, more: string[] = []): void => {
  const copied = ['via', 'from', 'call-id', 'cseq'].map((name) => `${name}: ${headers.get(name) ?? ''}`);
  const to = headers.get('to') ?? '';
  socket.send(
    [`SIP/2.0 ${status}`, ...copied, `to: ${to}${to.includes('tag=') ? '' : ';tag=there'}`, ...more, 'Content-Length: 0', '', ''].join(
      '\r\n',
    ),
  );
};

function parse(text: string): SipMessage | undefined {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  if (first === '') return undefined;
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { first, headers, body };
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function isRight(authorization: string, password: string): boolean {
  const fields = new Map([...authorization.matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name, value]) => [name, value]));
  const user = md5(`${fields.get('username') ?? ''}:${REALM}:${password}`);
  const asked = md5(`REGISTER:${fields.get('uri') ?? ''}`);
  return fields.get('response') === md5(`${user}:${fields.get('nonce') ?? ''}:${asked}`);
}
