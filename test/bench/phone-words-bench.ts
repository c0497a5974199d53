import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { joinSamples, resample } from '../../src-main/platform/audio/index.ts';
import { PHONE_RATE_HZ, startBaresip, type Baresip } from '../doubles/baresip.ts';
import { openTrunk } from '../doubles/open-trunk.ts';
import type { HeardSound } from '../doubles/phone-ear.ts';
import { startPhoneServer, type PhoneServer } from '../doubles/phone-server.ts';
import { openRecognitionBench, starterHearing } from '../models/recognition-bench.ts';
import { lastAudible, type Clip } from './audio.ts';
import { allOver, audibleFrom, audibleUntil, CALLER, until } from './phone-parts.ts';
import { single, wordErrors, type BenchResult, type Metric } from './statistics.ts';

const RATE_HZ = 16_000;
const TURNS_PER_CALL = 5;
/** Longer than the pause between two sentences. */
const QUIET_MS = 1_500;

interface Read {
  text: string;
  /** What was understood of the sound as it was made, and of what came through the telephone. */
  direct: string;
  through: string;
}

/**
 * Texts are read into the telephone by the caller and by the assistant, and recognised at the other end, and recognised without a telephone between. The
 * assistant's words are given to it, so that it reads, too.
 */
export async function runPhoneWordsBench(asked: readonly Clip[], answered: readonly Clip[]): Promise<BenchResult> {
  const notes: string[] = [];
  const heardThere: { clip: Clip; sound: Float32Array }[] = [];
  const heardHere: { clip: Clip; text: string }[] = [];
  const reader = await openReader();
  const core = await startPhoneServer();
  try {
    await core.call('models.setBackend', { kind: 'openai-compatible', baseUrl: reader.url, model: 'reader' });
    const phone = await startBaresip({ server: { port: core.sipPort, user: CALLER, password: '', registers: false } });
    try {
      await openTrunk(core, phone.sipPort);
      for (let from = 0; from < asked.length; from += TURNS_PER_CALL)
        await inCall(core, phone, async ({ callId, heard }) => {
          for (const [index, question] of asked.slice(from, from + TURNS_PER_CALL).entries()) {
            const answer = answered[(from + index) % answered.length];
            if (answer === undefined) continue;
            reader.reads(answer.text);
            const turn = await ask(core, phone, heard, { callId, question });
            heardHere.push({ clip: question, text: turn.text });
            heardThere.push({ clip: answer, sound: turn.sound });
          }
        }).catch((error: unknown) => notes.push(`call from turn ${from + 1}: ${String(error).split('\n')[0]}`));
    } finally {
      await phone.dispose();
    }
  } finally {
    await core.close();
    await reader.close();
  }
  return judge(heardHere, heardThere, notes);
}

async function judge(
  heardHere: readonly { clip: Clip; text: string }[],
  heardThere: readonly { clip: Clip; sound: Float32Array }[],
  notes: readonly string[],
): Promise<BenchResult> {
  const { whisper: _whisper, ...english } = starterHearing;
  const { service } = await openRecognitionBench(english);
  const understand = async (samples: Float32Array): Promise<string> =>
    spelled((await service.transcribe({ samples, language: 'en' })).text);
  const wordsIn: Read[] = [];
  for (const { clip, text } of heardHere) wordsIn.push({ text: clip.text, direct: await understand(clip.samples), through: spelled(text) });
  const wordsOut: Read[] = [];
  for (const { clip, sound } of heardThere)
    wordsOut.push({
      text: clip.text,
      direct: await understand(clip.samples),
      through: await understand(resample(sound, PHONE_RATE_HZ, RATE_HZ)),
    });
  const into = compare(wordsIn);
  const out = compare(wordsOut);
  const misheard = [...wordsIn, ...wordsOut].filter(({ text, through }) => wordErrors(text, through).errors > 0);
  return {
    bench: 'phone-words',
    metrics: { wer_in_points: into.points, wer_in_direct: into.direct, wer_out_points: out.points, wer_out_direct: out.direct },
    targets: { wer_in_points: '≤ 5', wer_out_points: '≤ 5' },
    notes: [
      'points = words misheard through the telephone (G.711) less those of the same sound at 16 kHz without one; in: the caller, at the assistant; out: the assistant, at the caller',
      ...misheard.map(
        ({ text, direct, through }) => `"${text}" was heard as "${through}"${direct === through ? ', and so without a telephone' : ''}`,
      ),
      ...notes,
    ],
  };
}

/** "To-morrow" is misspelled and not misheard. */
const spelled = (text: string): string => text.replaceAll(/(?<=\p{L})-(?=\p{L})/gu, '');

/** Word errors without a telephone, and how many points more there are with it. */
function compare(read: readonly Read[]): { points: Metric; direct: Metric } {
  const words = read.reduce((sum, { text }) => sum + wordErrors(text, '').words, 0);
  const rate = (which: 'direct' | 'through'): number =>
    (100 * read.reduce((sum, each) => sum + wordErrors(each.text, each[which]).errors, 0)) / Math.max(1, words);
  return { points: single('%', rate('through') - rate('direct'), words), direct: single('%', rate('direct'), words) };
}

/** A call that the assistant takes, from the end of its greeting on. */
async function inCall(
  core: PhoneServer,
  phone: Baresip,
  talk: (call: { callId: string; heard: readonly HeardSound[] }) => Promise<void>,
): Promise<void> {
  const ear = await phone.listen();
  try {
    const sinceMs = performance.now();
    await phone.dial(CALLER);
    const { call } = await core.untilCall(({ state }) => state.state === 'ringing', { sinceMs });
    await core.call('phone.answer', { callId: call.id, by: 'assistant' });
    await soundFrom(ear.heard, performance.now());
    await talk({ callId: call.id, heard: ear.heard });
  } finally {
    await phone.hangUp().catch(() => undefined);
    await ear.close();
    await allOver(core);
  }
}

async function ask(
  core: PhoneServer,
  phone: Baresip,
  heard: readonly HeardSound[],
  { callId, question }: { callId: string; question: Clip },
): Promise<{ text: string; sound: Float32Array }> {
  const samples = question.samples.subarray(0, lastAudible(question.samples));
  const saidMs = await phone.say({ samples, sampleRateHz: RATE_HZ });
  const endMs = saidMs + (samples.length / RATE_HZ) * 1000;
  const sound = await soundFrom(heard, endMs);
  const captions = new Map<number, string>();
  for (const { payload, atMs } of core.told('phone.caption'))
    if (atMs >= saidMs && payload.callId === callId && payload.speaker === 'caller' && payload.final)
      captions.set(payload.seq, payload.text);
  return { text: [...captions.values()].join(' '), sound };
}

/** What comes out of the telephone from this moment on, until it has been quiet again for a while. */
async function soundFrom(heard: readonly HeardSound[], fromMs: number): Promise<Float32Array> {
  await until(() => audibleFrom(heard, fromMs), 'sound at the telephone');
  await until(() => (performance.now() - (audibleUntil(heard, Infinity) ?? 0) > QUIET_MS ? true : undefined), 'end of the sound');
  return joinSamples(heard.filter(({ atMs }) => atMs >= fromMs).map(({ samples }) => samples));
}

/** A piece of an answer as servers stream it. */
const piece = (delta: object, finishReason: string | null): string =>
  `data: ${JSON.stringify({ id: 'r', object: 'chat.completion.chunk', created: 1, model: 'reader', choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;

/** A language server that says what it is given, whatever it is asked. */
async function openReader(): Promise<{ url: string; reads(text: string): void; close(): Promise<void> }> {
  let text = '';
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/v1/models') return void response.end(JSON.stringify({ data: [{ id: 'reader' }] }));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${piece({ role: 'assistant', content: text }, null)}${piece({}, 'stop')}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    reads: (next) => void (text = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
