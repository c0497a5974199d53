import { describe, expect, it } from 'vitest';
import { createGuardedFetch } from '../../../../src-main/modules/mcp/guarded-fetch.ts';

interface Sent {
  url: string;
  key: string | null;
}

function rig(server: string, answer: () => Response = () => new Response('ok')) {
  const sent: Sent[] = [];
  const guarded = createGuardedFetch({
    server: new URL(server),
    headers: { 'X-Key': 'value' },
    signal: new AbortController().signal,
    pass: () => new AbortController().signal,
    fetch(input, init) {
      sent.push({ url: String(input), key: new Headers(init?.headers).get('x-key') });
      return Promise.resolve(answer());
    },
  });
  return { sent, guarded };
}

/** An answer in pieces. */
function stream(bytes: Uint8Array, count: number): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (let index = 0; index < count; index += 1) controller.enqueue(bytes);
      controller.close();
    },
  });
}

describe('createGuardedFetch', () => {
  it('sends the owner’s headers to the server, and to nobody else that it names', async () => {
    const { sent, guarded } = rig('https://mcp.example/mcp');
    await guarded('https://mcp.example/mcp');
    await guarded('https://login.example/token');
    expect(sent).toEqual([
      { url: 'https://mcp.example/mcp', key: 'value' },
      { url: 'https://login.example/token', key: null },
    ]);
  });

  it.each([
    'http://login.example/',
    'http://127.0.0.1:8080/',
    'https://localhost/',
    'https://192.168.0.1/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://2130706433/',
  ])('does not let a server elsewhere send us to %s', async (url) => {
    const { sent, guarded } = rig('https://mcp.example/mcp');
    await expect(guarded(url)).rejects.toThrow('not secure');
    expect(sent).toEqual([]);
  });

  it('lets a server of this machine name another of this machine', async () => {
    const { guarded } = rig('http://127.0.0.1:4000/mcp');
    expect(await (await guarded('http://localhost:5000/token')).text()).toBe('ok');
  });

  it('sends nothing while the off-switch is engaged', async () => {
    const guarded = createGuardedFetch({
      server: new URL('https://mcp.example/mcp'),
      headers: {},
      signal: new AbortController().signal,
      pass() {
        throw new Error('stopped');
      },
      fetch: () => Promise.resolve(new Response('ok')),
    });
    await expect(guarded('https://mcp.example/mcp')).rejects.toThrow('stopped');
  });

  it('cuts an answer that is too large, and lets an endless stream of small events pass', async () => {
    const piece = new Uint8Array(1024 * 1024).fill(120);
    const event = Buffer.concat([piece, Buffer.from('\n\n')]);
    const plain = rig('https://mcp.example/mcp', () => new Response(stream(piece, 6)));
    await expect(plain.guarded('https://mcp.example/mcp').then((response) => response.text())).rejects.toThrow('too large');
    const events = { headers: { 'content-type': 'text/event-stream' } };
    const small = rig('https://mcp.example/mcp', () => new Response(stream(event, 6), events));
    expect((await (await small.guarded('https://mcp.example/mcp')).text()).length).toBe(6 * event.length);
    const large = rig('https://mcp.example/mcp', () => new Response(stream(piece, 6), events));
    await expect(large.guarded('https://mcp.example/mcp').then((response) => response.text())).rejects.toThrow('too large');
  });
});
