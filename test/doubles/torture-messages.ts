import { createSocket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * SIP that strains a parser, after the descriptions of RFC 4475 (the numbers are its sections) and what scanners on the internet send. Written anew from those
 * descriptions: none of the texts is the RFC's. Whoever gets them may answer or drop them; it must go on to serve.
 */

const CRLF = '\r\n';
const lines = (...parts: string[]): string => `${parts.join(CRLF)}${CRLF}${CRLF}`;

/** What is strange about a request: `start` is its first line, `more` further headers, the rest headers in the place of the usual; null = left out. */
interface Change extends Partial<Record<'Via' | 'Max-Forwards' | 'From' | 'To' | 'Call-ID' | 'CSeq' | 'Content-Length', string | null>> {
  Contact?: string;
  Subject?: string;
  Expires?: string;
  Date?: string;
  'Content-Type'?: string;
  start?: string;
  more?: readonly string[];
  body?: string;
}

/** A plain request, in which one thing at a time is made strange. */
function request(port: number, name: string, change: Change = {}): string {
  const { start = `OPTIONS sip:600@127.0.0.1:${port} SIP/2.0`, more = [], body = '', ...headers } = change;
  const usual: Record<string, string | null | undefined> = {
    Via: `SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${name}`,
    'Max-Forwards': '70',
    From: `<sip:torture@127.0.0.1>;tag=${name}`,
    To: `<sip:600@127.0.0.1:${port}>`,
    'Call-ID': `${name}@127.0.0.1`,
    CSeq: '1 OPTIONS',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const given = Object.entries(usual).flatMap(([header, value]) => (value === null || value === undefined ? [] : [`${header}: ${value}`]));
  return `${lines(start, ...given, ...more)}${body}`;
}

/** The messages by what is strange about them. `number` is what the calls among them are for: best one that nobody answers. */
export function tortureMessages(port: number, number: string): ReadonlyMap<string, Buffer> {
  const invite = (name: string, change: Change = {}): string =>
    request(port, name, {
      start: `INVITE sip:${number}@127.0.0.1:${port} SIP/2.0`,
      CSeq: '1 INVITE',
      Contact: '<sip:torture@127.0.0.1:9>',
      ...change,
    });
  const texts: Record<string, string | Buffer> = {
    // 3.1.1: valid, but unusual.
    'folded headers, odd blanks and compact names': lines(
      `OPTIONS sip:600@127.0.0.1:${port};unknown=%20x SIP/2.0`,
      `v:  SIP  / 2.0\t/UDP`,
      `  127.0.0.1:9 ;branch =  z9hG4bKfold`,
      'MAX-forwards:   0070',
      'f: "quoted \\"name\\" \\\\ with, comma" <sip:torture@127.0.0.1> ; tag = fold',
      `t\t: sip:600@127.0.0.1:${port}`,
      'i:fold(a){b}"c"@x',
      'CSeq: 0009',
      '  OPTIONS',
      'unknown-header: ;;,,:@ \t weird',
      'l: 0',
    ),
    'every sign that a method may have': request(port, 'method', {
      start: `!interesting-Method0123456789_*+\`.%indeed'~ sip:600@127.0.0.1:${port} SIP/2.0`,
      CSeq: "1 !interesting-Method0123456789_*+`.%indeed'~",
    }),
    'escapes in the address': request(port, 'escape', {
      start: `OPTIONS sip:%36%30%30:%25%00@127.0.0.1:${port}?Route=%3Csip:x%3E SIP/2.0`,
    }),
    'a name in UTF-8 and one with a NUL': request(port, 'utf8', { From: '"Jörg \u202E \u0000 <b>" <sip:j%C3%B6rg@127.0.0.1>;tag=utf8' }),
    'a header of 60 kB': request(port, 'long', { Subject: 'x'.repeat(60_000) }),
    'a hundred Via headers': request(port, 'via', {
      more: Array.from({ length: 100 }, (_value, index) => `Via: SIP/2.0/UDP 10.0.0.${index};branch=z9hG4bK${index}`),
    }),
    'two messages in one datagram': request(port, 'first') + request(port, 'second'),
    // 3.1.2: invalid.
    'less body than it says': invite('short', { 'Content-Length': '9999', body: 'v=0' }),
    'more body than it says': invite('extra', { 'Content-Length': '0', body: 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n' }),
    'a negative length': invite('negative', { 'Content-Length': '-999' }),
    'a length beyond all numbers': invite('huge', { 'Content-Length': '99999999999999999999' }),
    'numbers too large for any integer': request(port, 'numbers', {
      CSeq: '36893488147419103232 OPTIONS',
      'Max-Forwards': '300',
      Expires: '10e21',
    }),
    'an open quote': request(port, 'quote', { To: `"Never closed <sip:600@127.0.0.1:${port}>` }),
    'an address in brackets that are not closed': request(port, 'bracket', {
      start: `OPTIONS <sip:600@127.0.0.1:${port}> SIP/2.0`,
      To: '<sip:600@[::1>',
    }),
    'blanks in the request line': request(port, 'blanks', { start: `OPTIONS  sip:600@127.0.0.1:${port};x="a b"   SIP/2.0 ` }),
    'another version': request(port, 'version', { start: `OPTIONS sip:600@127.0.0.1:${port} SIP/7.0` }),
    'a method that CSeq does not know': request(port, 'mismatch', { CSeq: '1 INVITE' }),
    'an unknown scheme': request(port, 'scheme', {
      start: 'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0',
      To: '<isbn:2983792873>',
    }),
    'no headers at all': lines(`OPTIONS sip:600@127.0.0.1:${port} SIP/2.0`),
    'no Call-ID, From or CSeq': request(port, 'bare', { 'Call-ID': null, From: null, CSeq: null }),
    'headers twice that may stand once': request(port, 'twice', {
      more: ['CSeq: 8 BYE', 'Call-ID: other', 'From: <sip:other@127.0.0.1>;tag=o', 'To: <sip:x@127.0.0.1>', 'Max-Forwards: 5'],
    }),
    'an answer that nobody asked for': lines(
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKnone',
      'From: <sip:a@b>;tag=1',
      'To: <sip:c@d>;tag=2',
      'Call-ID: none',
      'CSeq: 1 INVITE',
      'Content-Length: 0',
    ),
    'an answer with an impossible status': lines(
      'SIP/2.0 4294967301 better not break',
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx',
      'From: <sip:a@b>;tag=1',
      'To: <sip:c@d>;tag=2',
      'Call-ID: status',
      'CSeq: 1 INVITE',
      'Content-Length: 0',
    ),
    // 3.3 and 3.4: well formed, but what is one to do with it?
    'a body of an unknown kind': invite('kind', { 'Content-Type': 'application/unknown', body: '<audio>\n<pcmu port="443"/>\n</audio>' }),
    'a broken session description': invite('sdp', {
      'Content-Type': 'application/sdp',
      body: 'v=0\r\nm=audio -1 RTP/AVP 999 x\r\nc=IN IP9 ::::\r\na=rtpmap:\r\n',
    }),
    'a registration with an unknown parameter and a past date': request(port, 'register', {
      start: `REGISTER sip:127.0.0.1:${port} SIP/2.0`,
      CSeq: '1 REGISTER',
      Contact: '<sip:x@127.0.0.1;unknown>;expires=-5;q=9',
      Date: 'Fri, 01 Jan 2010 16:00:00 EST',
    }),
    'a bye for no call': request(port, 'bye', {
      start: `BYE sip:600@127.0.0.1:${port} SIP/2.0`,
      CSeq: '7 BYE',
      To: `<sip:600@127.0.0.1:${port}>;tag=nobody`,
    }),
    'markup and orders in the names': invite('markup', {
      From: '"<script>alert(1)</script>;exec(System(id))" <sip:%24%7BSHELL%28id%29%7D@127.0.0.1>;tag=markup',
      Subject: '${SYSTEM(id)}',
    }),
    'no text at all': Buffer.from(Array.from({ length: 1_200 }, (_value, index) => (index * 197) % 256)),
    nothing: Buffer.alloc(0),
    'only line ends': Buffer.from(CRLF.repeat(400)),
    'half a message': Buffer.from(invite('half')).subarray(0, 120),
  };
  return new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.isBuffer(text) ? text : Buffer.from(text)]));
}

/** Sends them all, one after the other, from a port that takes no answers. */
export async function sendTorture(port: number, number = '700'): Promise<number> {
  const socket = createSocket('udp4');
  const messages = tortureMessages(port, number);
  for (const message of messages.values()) {
    await new Promise<void>(
      (resolve, reject) => void socket.send(message, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
    await pause(5);
  }
  socket.close();
  return messages.size;
}
