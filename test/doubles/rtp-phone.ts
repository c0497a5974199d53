import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { createSeededRandom } from '../../src-main/base/seeded-random.ts';
import { decodeCompanded, encodeCompanded } from '../../src-main/modules/telephony/media/g711.ts';

/*
 * A telephone whose every packet is in the test's hand: as much SIP as a call needs, and A-law over RTP through a network that loses and delays. Everything on
 * loopback. For telephones as people have them, see baresip.ts.
 */

export interface Network {
  /** 0..1 of the packets that it sends. */
  lossShare: number;
  /** Each packet is held back for 0 … this long. */
  jitterMs: number;
  /** As in one queue, which most of the net is: none overtakes another. */
  keepsOrder: boolean;
}

export interface RtpPhone {
  readonly port: number;
  /** Calls a number and resolves when it is answered; rejects with what was said instead. */
  dial(number: string): Promise<void>;
  /** Says it, 8 kHz, behind what is being said; resolves when the last of it has been sent. Silence in between. */
  say(samples: Float32Array): Promise<void>;
  /** Sends nothing for so long, and goes on where it was, as a telephone does that changes its microphone: from then on all that it sends is later by that. */
  standStill(forMs: number): void;
  /** What has come until now, 8 kHz, each packet in its place. */
  heard(): Float32Array;
  /** Each packet as it came: when, by `performance.now()`, and where it belongs, in samples. */
  readonly received: readonly { atMs: number; place: number; samples: Float32Array }[];
  hangUp(): Promise<void>;
  dispose(): void;
}

const FRAME_SAMPLES = 160;
const FRAME_MS = 20;
const PAYLOAD_ALAW = 8;
const ALAW_SILENCE = 0xd5;
const ANSWER_MS = 20_000;
const CALM: Network = { lossShare: 0, jitterMs: 0, keepsOrder: true };

export async function startRtpPhone(options: {
  /** SIP port of whoever is called. */
  target: number;
  user: string;
  network?: Network;
}): Promise<RtpPhone> {
  const { target, user, network = CALM } = options;
  const sip = await bound();
  const rtp = await bound();
  const dialog = createDialog(sip, { target, user, rtpPort: rtp.address().port });
  let isOpen = true;
  const microphone = createMicrophone(network, (packet) => {
    if (isOpen && dialog.soundPort !== undefined) rtp.send(packet, dialog.soundPort, '127.0.0.1');
  });
  const received: { atMs: number; place: number; samples: Float32Array }[] = [];
  rtp.on('message', (packet) => {
    if (packet.length <= 12 || ((packet[1] ?? 0) & 0x7f) !== PAYLOAD_ALAW) return;
    received.push({ atMs: performance.now(), place: packet.readUInt32BE(4), samples: decodeCompanded(packet.subarray(12), 'alaw') });
  });
  return {
    port: sip.address().port,
    received,
    async dial(number) {
      received.length = 0;
      await dialog.invite(number);
      microphone.start();
    },
    say: microphone.say,
    standStill: microphone.standStill,
    heard() {
      const places = received.map(({ place }) => place);
      const first = Math.min(...places);
      const sound = new Float32Array(received.length === 0 ? 0 : Math.max(...places) - first + FRAME_SAMPLES);
      for (const { place, samples } of received) sound.set(samples.subarray(0, FRAME_SAMPLES), place - first);
      return sound;
    },
    async hangUp() {
      microphone.stop();
      await dialog.bye();
    },
    dispose() {
      if (!isOpen) return;
      isOpen = false;
      microphone.stop();
      sip.close();
      rtp.close();
    },
  };
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

/** Sends a packet every 20 ms, counted from the first. */
function createMicrophone(network: Network, send: (packet: Buffer) => void) {
  const random = createSeededRandom('network');
  const queue: Uint8Array[] = [];
  let waiting: (() => void)[] = [];
  let sent = 0;
  let lastArrivesMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const tick = (startMs: number, count: number): void => {
    const payload = queue.shift() ?? new Uint8Array(FRAME_SAMPLES).fill(ALAW_SILENCE);
    const packet = Buffer.alloc(12 + FRAME_SAMPLES);
    packet.writeUInt16BE(0x8000 | PAYLOAD_ALAW, 0);
    packet.writeUInt16BE(sent & 0xffff, 2);
    packet.writeUInt32BE(sent * FRAME_SAMPLES, 4);
    packet.writeUInt32BE(0x0c0ffee0, 8);
    packet.set(payload, 12);
    sent += 1;
    const nowMs = performance.now();
    const arrivesMs = Math.max(nowMs + random() * network.jitterMs, network.keepsOrder ? lastArrivesMs : 0);
    lastArrivesMs = arrivesMs;
    if (random() >= network.lossShare) {
      if (arrivesMs <= nowMs) send(packet);
      else setTimeout(send, Math.ceil(arrivesMs - nowMs), packet);
    }
    if (queue.length === 0) for (const done of waiting.splice(0)) done();
    timer = setTimeout(tick, Math.max(0, startMs + (count + 1) * FRAME_MS - performance.now()), startMs, count + 1);
  };
  return {
    start: () => void (timer ??= setTimeout(tick, 0, performance.now(), 0)),
    standStill(forMs: number): void {
      clearTimeout(timer);
      timer = setTimeout(tick, forMs, performance.now() + forMs, 0);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      for (const done of waiting.splice(0)) done();
    },
    say(samples: Float32Array): Promise<void> {
      for (let start = 0; start < samples.length; start += FRAME_SAMPLES) {
        const frame = new Uint8Array(FRAME_SAMPLES).fill(ALAW_SILENCE);
        frame.set(encodeCompanded(samples.subarray(start, start + FRAME_SAMPLES), 'alaw'));
        queue.push(frame);
      }
      return new Promise((resolve) => (queue.length === 0 ? resolve() : waiting.push(resolve)));
    },
  };
}

/** The calling side of one call after another. */
function createDialog(socket: Socket, { target, user, rtpPort }: { target: number; user: string; rtpPort: number }) {
  const own = `127.0.0.1:${socket.address().port}`;
  let call = { id: '', number: '', to: '', contact: '' };
  let count = 0;
  let soundPort: number | undefined;
  let settle: ((answer: { status: number; line: string }) => void) | undefined;

  const send = (lines: readonly string[], body = ''): void => {
    const end = body === '' ? ['Content-Length: 0'] : ['Content-Type: application/sdp', `Content-Length: ${body.length}`];
    socket.send([...lines, ...end, '', body].join('\r\n'), target, '127.0.0.1');
  };
  const request = (method: string, sequence: number, place: string, body = ''): void =>
    send(
      [
        `${method} ${place} SIP/2.0`,
        `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${randomUUID()}`,
        `From: <sip:${user}@${own}>;tag=t${count}`,
        `To: ${call.to}`,
        `Call-ID: ${call.id}`,
        `CSeq: ${sequence} ${method}`,
        `Contact: <sip:${user}@${own}>`,
        'Max-Forwards: 70',
      ],
      body,
    );
  const answered = (text: string, status: number): void => {
    const sequence = header(text, 'CSeq');
    if (header(text, 'Call-ID') !== call.id) return;
    if (status >= 200 && sequence.endsWith('INVITE')) {
      call.to = header(text, 'To');
      call.contact = /<([^>]+)>/.exec(header(text, 'Contact'))?.[1] ?? `sip:${call.number}@127.0.0.1:${target}`;
      request('ACK', 1, call.contact);
      const port = /^m=audio (\d+)/m.exec(text)?.[1];
      soundPort = port === undefined ? undefined : Number(port);
    }
    if (status >= 200) settle?.({ status, line: text.split('\r\n')[0] ?? '' });
  };

  socket.on('message', (bytes) => {
    const text = bytes.toString('utf8');
    const status = /^SIP\/2\.0 (\d{3})/.exec(text)?.[1];
    if (status !== undefined) return answered(text, Number(status));
    if (text.startsWith('ACK')) return;
    if (text.startsWith('BYE')) soundPort = undefined;
    const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${header(text, name)}`);
    send(['SIP/2.0 200 OK', ...copied, `Contact: <sip:${user}@${own}>`]);
  });

  const ask = async (method: 'INVITE' | 'BYE', sequence: number, place: string, body?: string): Promise<void> => {
    const answer = new Promise<{ status: number; line: string }>((resolve) => {
      settle = resolve;
      setTimeout(resolve, ANSWER_MS, { status: 408, line: 'no answer' }).unref();
    });
    request(method, sequence, place, body);
    const { status, line } = await answer;
    if (status !== 200) throw new Error(`${method} ${place}: ${line}`);
  };
  return {
    get soundPort() {
      return soundPort;
    },
    async invite(number: string): Promise<void> {
      count += 1;
      const place = `sip:${number}@127.0.0.1:${target}`;
      call = { id: `call-${count}-${own}`, number, to: `<${place}>`, contact: place };
      const body = `v=0\r\no=- ${count} 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${rtpPort} RTP/AVP ${PAYLOAD_ALAW}\r\na=rtpmap:${PAYLOAD_ALAW} PCMA/8000\r\na=ptime:20\r\n`;
      await ask('INVITE', 1, place, body);
    },
    async bye(): Promise<void> {
      if (soundPort === undefined) return;
      soundPort = undefined;
      await ask('BYE', 2, call.contact);
    },
  };
}

function header(text: string, name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';
}
