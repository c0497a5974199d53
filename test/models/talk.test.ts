import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav, encodeWav, readWavFile, resample, rootMeanSquare } from '../../src-main/platform/audio/index.ts';
import { readEnvironment, readOwnerEnvironment } from '../../src-main/platform/config/index.ts';
import { createClipMaker } from '../bench/clips.ts';
import { wordErrors } from '../bench/statistics.ts';
import { makeWav } from '../doubles/make-wav.ts';
import { openRecognitionBench, starterHearing } from './recognition-bench.ts';

const entry = fileURLToPath(new URL('../../src-main/talk.node.ts', import.meta.url));
const RATE_HZ = 16_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openclaw-talk-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Printed {
  transcript: string;
  answer: string;
  status: string;
  latency_ms: Record<string, number>;
}

/** Runs `talk` with a core of its own on the installed models. */
async function talk(args: readonly string[]): Promise<{ exitCode: unknown; complaint: string; printed: Printed }> {
  const env = readOwnerEnvironment({ OPENCLAW_DATA_DIR: join(folder, 'data'), OPENCLAW_MODELS_DIR: readEnvironment().modelsDirectory });
  const child = spawn(process.execPath, [entry, ...args], { env });
  const [output, complaint, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode, complaint, printed: JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Printed };
}

/** The same sound on two channels of 24 bit at 8 kHz, as a telephone system might keep it. */
function telephoneRecording(samples: Float32Array): Uint8Array {
  const narrow = resample(samples, RATE_HZ, 8_000);
  const data = Buffer.alloc(narrow.length * 6);
  for (const [frame, sample] of narrow.entries()) {
    for (const channel of [0, 1]) data.writeIntLE(Math.round(sample * 8_388_607), frame * 6 + channel * 3, 3);
  }
  return makeWav({ rate: 8_000, channels: 2, bits: 24, data });
}

describe('npm run talk with the starter models', () => {
  it('understands a spoken question, answers it aloud into a file and prints transcript, answer and latencies', async () => {
    const clips = createClipMaker();
    // Its voice makes a gap behind "largest", where it could be over.
    const said = 'What is the largest animal in the sea?';
    const { samples } = await clips.speak(said);
    await clips.close();
    const [question, answer] = [join(folder, 'question.wav'), join(folder, 'answer.wav')];
    await writeFile(question, telephoneRecording(samples));
    const { exitCode, printed } = await talk(['--audio', question, '--out', answer, '--json']);
    expect(exitCode).toBe(0);
    expect(wordErrors(said, printed.transcript).errors).toBeLessThanOrEqual(2);
    expect(printed.answer.length).toBeGreaterThan(0);
    expect(printed.status).toBe('complete');
    for (const stage of ['e2e_latency', 'end_of_turn_delay', 'transcription_delay', 'llm_ttft', 'tts_ttfb']) {
      expect([stage, printed.latency_ms[stage]]).toEqual([stage, expect.any(Number)]);
      expect(printed.latency_ms[stage], stage).toBeGreaterThanOrEqual(0);
    }
    const spoken = await readWavFile(answer);
    expect(rootMeanSquare(spoken.samples)).toBeGreaterThan(0.01);
    // Heard by the recogniser itself: the sound says what the text says.
    const { whisper: _whisper, ...english } = starterHearing;
    const { service } = await openRecognitionBench(english);
    const heard = await service.transcribe({ samples: resample(spoken.samples, spoken.sampleRateHz, RATE_HZ), language: 'en' });
    const { errors, words } = wordErrors(printed.answer, heard.text);
    expect(errors / words, `"${printed.answer}" sounds like "${heard.text}"`).toBeLessThanOrEqual(0.4);
  });

  it('takes ten minutes of recording as one question: its first words and its last are answered', { timeout: 300_000 }, async () => {
    const clips = createClipMaker();
    const [first, last] = [await clips.speak('My favourite colour is green.'), await clips.speak('What is the opposite of black?')];
    await clips.close();
    const long = new Float32Array(10 * 60 * RATE_HZ);
    long.set(first.samples, RATE_HZ);
    long.set(last.samples, long.length - last.samples.length - RATE_HZ);
    const recording = join(folder, 'ten-minutes.wav');
    await writeFile(recording, encodeWav({ samples: long, sampleRateHz: RATE_HZ }));
    const { exitCode, complaint, printed } = await talk(['--audio', recording, '--json']);
    expect([exitCode, complaint]).toEqual([0, expect.any(String)]);
    expect(printed.transcript).toMatch(/green/i);
    expect(printed.transcript).toMatch(/opposite of black/i);
    expect(printed.answer.length).toBeGreaterThan(0);
  });

  it('says that there were no words in a recording of silence', async () => {
    const silence = join(folder, 'silence.wav');
    await writeFile(silence, encodeWav({ samples: new Float32Array(RATE_HZ * 2), sampleRateHz: RATE_HZ }));
    expect(decodeWav(await readFile(silence)).samples.length).toBe(RATE_HZ * 2);
    const { exitCode, complaint, printed } = await talk(['--audio', silence, '--json']);
    expect(exitCode).toBe(1);
    expect(complaint).toContain('No words were understood in the recording');
    expect(printed).toMatchObject({ error: { code: 'talk.nothing-heard' } });
  });
});
