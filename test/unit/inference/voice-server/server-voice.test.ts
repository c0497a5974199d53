import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../../../src-main/base/deferred.ts';
import { splitSentences } from '../../../../src-main/inference/synthesis/sentences.ts';
import type { SpeakOptions } from '../../../../src-main/inference/synthesis/voice.ts';
import { createServerVoice } from '../../../../src-main/inference/voice-server/server-voice.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';
import { pcmBytes, startSpeechServer } from '../../../doubles/speech-server.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const TEXT = 'Well then. Good morning, everybody!';
const SENTENCE = splitSentences(TEXT)[1];
const SAMPLES = Array.from({ length: 2400 }, (_, at) => Math.sin(at / 10) * 0.5);
const MODEL = 'Qwen/Qwen3-TTS-12Hz-0.6B-CustomVoice';

const sendSound = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'audio/pcm' });
  response.end(pcmBytes(SAMPLES));
};

async function setUp(answer: (response: ServerResponse) => void = sendSound, model = MODEL, voice = '') {
  const server = await startSpeechServer(answer);
  return { ...server, ...speaker(server.baseUrl, model, voice) };
}

function speaker(baseUrl: string, model = MODEL, voice = '', remoteAllowed = false) {
  const clock = createVirtualClock();
  const spoken = createServerVoice({ baseUrl, model, voice, remoteAllowed }, { clock });
  const pieces: Float32Array[] = [];
  return {
    clock,
    voice: spoken,
    pieces,
    speak(options: Partial<SpeakOptions> = {}) {
      if (!SENTENCE) throw new Error('the text has two sentences');
      return spoken.speak(TEXT, SENTENCE, {
        language: 'de',
        speed: 1,
        signal: new AbortController().signal,
        onSamples: (samples) => void pieces.push(samples),
        ...options,
      });
    },
  };
}

function abilities(model: string): (boolean | undefined)[] {
  const { canClone, canDesign } = speaker('http://127.0.0.1:1/v1', model).voice.info;
  return [canClone, canDesign];
}

/** A port of this machine on which nobody listens. */
async function silentPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Answers with JSON. */
function json(status: number, body: unknown): (response: ServerResponse) => void {
  return (response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

describe('createServerVoice', () => {
  it('asks for a sentence as OpenAI has it and hands its sound on', async () => {
    const { speak, pieces, requests } = await setUp(sendSound, MODEL, 'vivian');
    const spans = await speak({ speed: 1.25 });
    expect(requests).toEqual([
      {
        path: '/v1/audio/speech',
        body: {
          model: MODEL,
          input: 'Good morning, everybody!',
          voice: 'vivian',
          response_format: 'pcm',
          stream: true,
          speed: 1.25,
          language: 'German',
        },
      },
    ]);
    const sound = joinSamples(pieces);
    expect(sound.length).toBe(SAMPLES.length);
    expect(sound.every((sample, at) => Math.abs(sample - (SAMPLES[at] ?? 9)) < 1e-4)).toBe(true);
    expect(spans.map(({ word, start, end }) => [word, start, end])).toEqual([
      [0, 0, 800],
      [1, 800, 1600],
      [2, 1600, 2400],
    ]);
  });

  it.each(['http://192.0.2.7:8091/v1', 'http://127.0.0.1.example.invalid/v1'])(
    'sends nothing to %s unless that is allowed',
    async (baseUrl) => {
      const { host } = new URL(baseUrl);
      await expect(speaker(baseUrl).speak()).rejects.toMatchObject({ code: 'synthesis.server-remote', details: { where: host } });
    },
  );

  it('asks another machine when that is allowed', async () => {
    // An address that does not say that it is this machine, and is.
    const where = `0.0.0.0:${await silentPort()}`;
    await expect(speaker(`http://${where}/v1`).speak()).rejects.toMatchObject({ code: 'synthesis.server-remote' });
    await expect(speaker(`http://${where}/v1`, MODEL, '', true).speak()).rejects.toMatchObject({
      code: 'synthesis.server-unreachable',
      details: { where },
    });
  });

  it('follows nobody who sends it elsewhere', async () => {
    const elsewhere = await startSpeechServer(sendSound);
    const { speak } = await setUp((response) => void response.writeHead(307, { location: `${elsewhere.baseUrl}/audio/speech` }).end());
    await expect(speak()).rejects.toMatchObject({ code: 'synthesis.server-refused', details: { status: '307' } });
    expect(elsewhere.requests).toEqual([]);
  });

  it('hands sound on as it comes, also when a sample is cut in two', async () => {
    const bytes = pcmBytes(SAMPLES);
    const release = createDeferred<void>();
    const { speak, pieces } = await setUp((response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.write(bytes.subarray(0, 1001));
      void release.promise.then(() => response.end(bytes.subarray(1001)));
    });
    const spoken = speak();
    await expect.poll(() => pieces[0]?.length).toBe(500);
    release.resolve();
    await spoken;
    expect(joinSamples(pieces).length).toBe(SAMPLES.length);
  });

  it('says what the model can by its name', () => {
    expect([MODEL, 'Qwen/Qwen3-TTS-12Hz-1.7B-Base', 'Qwen/Qwen3-TTS-12Hz-1.7B-VoiceDesign'].map(abilities)).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
  });

  it('sends the sample of a voice that is to be copied, with its words when they are known', async () => {
    const path = join(await temporaryFolder(), 'voice.wav');
    await writeFile(path, 'RIFF…');
    const { speak, requests } = await setUp(sendSound, 'Qwen/Qwen3-TTS-12Hz-0.6B-Base');
    await speak({ reference: { path, transcript: 'Hello.' }, design: 'not for this model' });
    await speak({ reference: { path, transcript: '' } });
    const audio = `data:audio/wav;base64,${Buffer.from('RIFF…').toString('base64')}`;
    expect(
      requests.map(({ body: { task_type, ref_audio, ref_text, x_vector_only_mode, instructions } }) => [
        task_type,
        ref_audio,
        ref_text,
        x_vector_only_mode,
        instructions,
      ]),
    ).toEqual([
      ['Base', audio, 'Hello.', undefined, undefined],
      ['Base', audio, undefined, true, undefined],
    ]);
  });

  it('sends the words that describe a voice to a model that makes one, and no sample to one that cannot copy', async () => {
    const { speak, requests } = await setUp(sendSound, 'Qwen/Qwen3-TTS-12Hz-1.7B-VoiceDesign');
    await speak({ design: 'an old sailor', reference: { path: '/nowhere.wav', transcript: '' } });
    expect(requests[0]?.body).toMatchObject({ task_type: 'VoiceDesign', instructions: 'an old sailor' });
    expect(requests[0]?.body).not.toHaveProperty('ref_audio');
  });

  it.each([
    ['refuses a voice', json(400, { error: { message: 'Unknown speaker secret-key-123' } }), 'synthesis.server-refused', 'voice'],
    ['lacks the model', json(404, { detail: 'model not found' }), 'synthesis.server-refused', 'model'],
    ['is busy', json(503, { anything: 1 }), 'synthesis.server-refused', 'status 503'],
    ['answers with text', json(200, { audio: '…' }), 'synthesis.server-bad-sound', 'application/json'],
    [
      'answers with a page',
      (r: ServerResponse): void => void r.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      'synthesis.server-bad-sound',
      'text/html',
    ],
    [
      'sends MP3',
      (r: ServerResponse): void => void r.writeHead(200, { 'content-type': 'audio/mpeg' }).end('x'),
      'synthesis.server-bad-sound',
      'audio/mpeg',
    ],
    [
      'sends no sound',
      (r: ServerResponse): void => void r.writeHead(200, { 'content-type': 'audio/pcm' }).end(),
      'synthesis.server-bad-sound',
      'no sound',
    ],
    [
      'breaks off',
      (r: ServerResponse): void => {
        r.writeHead(200, { 'content-type': 'audio/pcm', 'content-length': '100000' });
        r.write(pcmBytes(SAMPLES), () => r.destroy());
      },
      /synthesis\.server-(?:failed|unreachable)/u,
      '127.0.0.1',
    ],
  ] as const)('tells when the server %s, and never what it said', async (_name, answer, code, words) => {
    const { speak } = await setUp(answer);
    const error: unknown = await speak().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: typeof code === 'string' ? code : expect.stringMatching(code),
      message: expect.stringContaining(words),
    });
    expect(String(error)).not.toContain('secret-key');
  });

  it.each([
    ['says nothing at all', false, '15'],
    ['falls silent in mid-sentence', true, '8'],
  ])('gives up when the server %s', async (_name, begins, seconds) => {
    const { speak, clock, requests, pieces } = await setUp((response) => {
      if (begins) response.writeHead(200, { 'content-type': 'audio/pcm' }).write(pcmBytes(SAMPLES));
    });
    const outcome = expect(speak()).rejects.toMatchObject({ code: 'synthesis.server-silent', details: { seconds } });
    await expect.poll(() => (begins ? pieces.length : requests.length)).toBeGreaterThan(0);
    await clock.advance(15_000);
    await outcome;
  });

  it('tells when nobody listens there', async () => {
    const port = await silentPort();
    await expect(speaker(`http://127.0.0.1:${port}/v1`).speak()).rejects.toMatchObject({
      code: 'synthesis.server-unreachable',
      details: { where: `127.0.0.1:${port}`, reason: 'nothing listens there' },
    });
  });

  it('stops at once when it is cancelled', async () => {
    const controller = new AbortController();
    const { speak, pieces } = await setUp((response) => {
      response.writeHead(200, { 'content-type': 'audio/pcm' });
      response.write(pcmBytes(SAMPLES));
    });
    const outcome = expect(speak({ signal: controller.signal })).rejects.toThrow('enough');
    await expect.poll(() => joinSamples(pieces).length).toBe(SAMPLES.length);
    controller.abort(new Error('enough'));
    await outcome;
    expect(joinSamples(pieces).length).toBe(SAMPLES.length);
  });
});
