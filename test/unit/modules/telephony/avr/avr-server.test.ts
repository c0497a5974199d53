import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../../../src-main/base/errors.ts';
import type { AvrEngines, AvrMessage } from '../../../../../src-main/modules/telephony/avr/avr-engines.ts';
import { openAvrServer } from '../../../../../src-main/modules/telephony/avr/avr-server.ts';
import { createRecordingLog } from '../../../../doubles/recording-log.ts';

const TOKEN = 'a-token-of-the-owner';
const authorization = `Bearer ${TOKEN}`;
const json = { 'content-type': 'application/json' };

/** Engines that do something simple with what they are given, and remember how it ended. */
function engines() {
  const seen = { samples: 0, peak: 0, messages: [] as readonly AvrMessage[], aborted: 0, pieces: 0 };
  const own: AvrEngines = {
    async *transcribe(sound, signal) {
      signal.addEventListener('abort', () => (seen.aborted += 1));
      for await (const samples of sound) {
        seen.samples += samples.length;
        seen.peak = Math.max(seen.peak, ...samples);
        yield `heard ${samples.length}`;
      }
      yield ' ';
      yield 'the end';
    },
    async *prompt(messages, signal) {
      signal.addEventListener('abort', () => (seen.aborted += 1));
      seen.messages = messages;
      for (let index = 0; index < 3; index += 1) yield ['Hel', '', 'lo "you"'][index] ?? '';
    },
    async *speak(text, signal) {
      signal.addEventListener('abort', () => (seen.aborted += 1));
      if (text === 'fail') throw new AppError('avr.no-voice', 'There is no voice.');
      if (text === 'break') yield { samples: new Float32Array(22_050), sampleRateHz: 22_050 };
      if (text === 'break') throw new Error('inner words');
      const count = text === 'endless' ? 100_000 : 2;
      for (let index = 0; index < count && !signal.aborted; index += 1) {
        seen.pieces += 1;
        yield { samples: new Float32Array(22_050).fill(0.5), sampleRateHz: 22_050 };
      }
    },
  };
  return { own, seen };
}

async function rig(more: { admit?: () => void } = {}) {
  const { own, seen } = engines();
  const log = createRecordingLog();
  const server = await openAvrServer({ engines: own, port: 0, token: TOKEN, admit: more.admit ?? (() => undefined), log });
  onTestFinished(() => server.dispose());
  const url = `http://127.0.0.1:${server.port}`;
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body, headers: { ...json, authorization, ...headers } });
  return { server, seen, log, url, post };
}

describe('openAvrServer', () => {
  it('says that it is well, to anybody', async () => {
    const { url } = await rig();
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
  });

  it('takes the token as a header, as a key or in the address, and refuses others and pages of browsers', async () => {
    const { url } = await rig();
    const speak = (path: string, headers: Record<string, string>) =>
      fetch(`${url}${path}`, { method: 'POST', body: '{"text":"hi"}', headers: { ...json, ...headers } }).then(({ status }) => status);
    expect(await speak('/text-to-speech', { authorization })).toBe(200);
    expect(await speak('/text-to-speech', { 'x-api-key': TOKEN })).toBe(200);
    expect(await speak(`/text-to-speech?token=${TOKEN}`, {})).toBe(200);
    expect(await speak('/text-to-speech', {})).toBe(401);
    expect(await speak('/text-to-speech?token=', { authorization: 'Bearer a-token-of-the-ownes' })).toBe(401);
    expect(await speak('/text-to-speech', { authorization, origin: 'https://evil.example' })).toBe(403);
    expect(await speak('/else', { authorization })).toBe(404);
    expect((await fetch(`${url}/prompt-stream`)).status).toBe(405);
  });

  it('turns sound into one chunk of text for each utterance, while it comes and cut anywhere', async () => {
    const { url, seen } = await rig();
    const call = request(`${url}/speech-to-text-stream?token=${TOKEN}`, { method: 'POST' });
    const response = new Promise<IncomingMessage>((resolve) => void call.once('response', resolve));
    call.flushHeaders();
    const answer = await response;
    expect(answer.headers['content-type']).toContain('text/event-stream');
    const chunks: string[] = [];
    answer.on('data', (chunk: Buffer) => void chunks.push(chunk.toString()));
    call.write(Buffer.from([0, 64, 0]));
    await expect.poll(() => chunks).toEqual(['heard 1']);
    call.write(Buffer.from([64, 0, 0, 7]));
    await expect.poll(() => chunks).toEqual(['heard 1', 'heard 2']);
    call.end();
    await once(answer, 'end');
    expect([chunks.at(-1), seen.samples, seen.peak]).toEqual(['the end', 3, 0.5]);
  });

  it('gives lines of JSON to whoever asks for them', async () => {
    const { post } = await rig();
    const answer = await post('/speech-to-text-stream', 'abcd', { accept: 'application/x-ndjson' });
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown).at(-1)).toEqual({ type: 'transcript', text: 'the end' });
  });

  it('answers prompts as JSON objects one behind the other', async () => {
    const { post, seen } = await rig();
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Yes?' },
    ];
    const answer = await post('/prompt-stream', JSON.stringify({ uuid: 'x', messages }));
    expect(await answer.text()).toBe('{"type":"text","content":"Hel"}{"type":"text","content":"lo \\"you\\""}');
    expect(seen.messages).toEqual(messages);
  });

  it('speaks as raw 8 kHz sound, as a stream or whole', async () => {
    const { post } = await rig();
    for (const path of ['/text-to-speech-stream', '/text-to-speech']) {
      const answer = await post(path, '{"text":"hello"}');
      expect(answer.headers.get('content-type')).toContain('audio/l16');
      const sound = Buffer.from(await answer.arrayBuffer());
      expect(sound.length).toBe(2 * 2 * 8_000);
      expect(sound.readInt16LE(16_000) / 32_768).toBeCloseTo(0.5, 2);
    }
  });

  it('refuses what is too large or no question, and says what is wrong', async () => {
    const { post } = await rig();
    for (const [path, body, status] of [
      ['/prompt-stream', '{"messages":[]}', 400],
      ['/prompt-stream', '{"messages":[{"role":"robot","content":"x"}]}', 400],
      ['/prompt-stream', 'no json', 400],
      ['/text-to-speech-stream', '{"text":"  "}', 400],
      ['/text-to-speech', `{"text":"${'x'.repeat(9_000)}"}`, 400],
      ['/prompt-stream', `{"messages":"${'x'.repeat(1_100_000)}"}`, 413],
    ] as const) {
      const answer = await post(path, body);
      expect([path, body.slice(0, 30), answer.status]).toEqual([path, body.slice(0, 30), status]);
      expect(await answer.json()).toEqual({ message: expect.any(String) });
    }
  });

  it('tells failures before the first byte, and cuts what has begun; words of ours stay inside', async () => {
    const { post, log } = await rig();
    const whole = await post('/text-to-speech', '{"text":"fail"}');
    expect([whole.status, await whole.json()]).toEqual([500, { message: 'There is no voice.' }]);
    const inner = await post('/text-to-speech', '{"text":"break"}');
    expect(await inner.json()).toEqual({ message: 'Something unexpected went wrong.' });
    const begun = await post('/text-to-speech-stream', '{"text":"break"}');
    await expect(begun.arrayBuffer()).rejects.toThrow();
    expect(log.messages('warn')).toEqual(['avr.request-failed', 'avr.request-failed', 'avr.request-failed']);
    expect(JSON.stringify(log.lines)).not.toContain('inner words');
  });

  it('makes no more than is taken, and stops at once when the other side hangs up', async () => {
    const { server, seen } = await rig();
    const socket = connect(server.port, '127.0.0.1');
    const body = '{"text":"endless"}';
    socket.write(
      `POST /text-to-speech-stream HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'readable');
    let before = -1;
    await expect
      .poll(
        () => {
          const stands = seen.pieces === before;
          before = seen.pieces;
          return stands;
        },
        { interval: 200, timeout: 20_000 },
      )
      .toBe(true);
    expect(seen.pieces).toBeLessThan(5_000);
    socket.destroy();
    await expect.poll(() => seen.aborted).toBe(1);
  }, 30_000);

  it('ends recognition when the caller is cut off', async () => {
    const { server, seen } = await rig();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `POST /speech-to-text-stream HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n`,
    );
    await once(socket, 'data');
    socket.destroy();
    await expect.poll(() => seen.aborted).toBe(1);
  });

  it('computes nothing while everything is stopped', async () => {
    const { post } = await rig({
      admit: () => {
        throw new AppError('killswitch.engaged', 'Everything is stopped.');
      },
    });
    const answer = await post('/prompt-stream', '{"messages":[{"role":"user","content":"x"}]}');
    expect([answer.status, await answer.json()]).toEqual([503, { message: 'Everything is stopped.' }]);
  });

  it('says which port is taken, and leaves nothing open', async () => {
    const { server } = await rig();
    const { own } = engines();
    const again = openAvrServer({ engines: own, port: server.port, token: TOKEN, admit: () => undefined, log: createRecordingLog() });
    await expect(again).rejects.toMatchObject({ code: 'avr.port-taken', details: { port: server.port } });
    await server.dispose();
    await pause(1);
    await expect(fetch(`http://127.0.0.1:${server.port}/health`)).rejects.toThrow();
  });
});
