import { describe, expect, it } from 'vitest';
import { transcribeFile } from '../../../../src-main/inference/recognition/file-transcription.ts';
import { createTranscriber } from '../../../../src-main/inference/recognition/transcriber.ts';
import {
  createScriptedDetector,
  createScriptedEngine,
  quiet,
  voice,
  type ScriptedEngineOptions,
} from '../../../doubles/scripted-hearing.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

async function transcribe(samples: Float32Array, language?: string, options: Partial<ScriptedEngineOptions> = {}) {
  const engine = createScriptedEngine({
    clock: createVirtualClock(),
    text: (_piece, index) => `p${index}`,
    languages: ['en', 'de'],
    detect: () => 'de',
    ...options,
  });
  const spoken = await transcribeFile(samples, language, { detector: createScriptedDetector(), transcriber: createTranscriber([engine]) });
  return { ...spoken, engine };
}

describe('transcribeFile', () => {
  it('understands each speech of a recording and joins the texts', async () => {
    const sound = joinSamples([quiet(640), voice(1_280), quiet(1_280), voice(640), quiet(1_280)]);
    const { text, speeches, engine } = await transcribe(sound, 'en');
    expect(text).toBe('p0 p1');
    expect(speeches).toEqual([
      { text: 'p0', startMs: 640, endMs: 1_920 },
      { text: 'p1', startMs: 3_200, endMs: 3_840 },
    ]);
    expect(engine.pieces.map(({ samples }) => samples.length / 16)).toEqual([320 + 1_280 + 100, 320 + 640 + 100]);
  });

  it('understands a speech up to the very end of the recording', async () => {
    const { engine } = await transcribe(voice(1_280), 'en');
    expect(engine.pieces.map(({ samples }) => samples.length / 16)).toEqual([1_280]);
  });

  it.each([
    ['nothing', new Float32Array(0)],
    ['less than a frame', voice(20)],
    ['a minute of silence', quiet(60_000)],
    ['broken samples', new Float32Array(16_000).fill(Number.NaN)],
  ])('has no text for %s', async (_name, samples) => {
    const { text, engine } = await transcribe(samples, 'en');
    expect([text, engine.pieces.length]).toEqual(['', 0]);
  });

  it('names the language once and before the first piece is understood, however long it is', async () => {
    const { text, language, engine } = await transcribe(joinSamples([voice(30_016), quiet(1_280), voice(640), quiet(1_280)]));
    expect(language).toBe('de');
    expect(engine.pieces.length).toBeGreaterThan(4);
    expect(new Set(engine.pieces.map((piece) => piece.language))).toEqual(new Set(['de']));
    expect(text.split(' ')).toHaveLength(engine.pieces.length);
    expect(Math.max(...engine.pieces.map(({ samples }) => samples.length))).toBeLessThanOrEqual(engine.maxSamples);
  });

  it('rejects rather than leave out words', async () => {
    const failing = { text: (_piece: unknown, index: number) => (index === 0 ? new Error('out of memory') : 'words') };
    await expect(transcribe(voice(30_016), 'en', failing)).rejects.toThrow('out of memory');
    await expect(transcribe(voice(1_280), 'en', failing)).rejects.toThrow('out of memory');
  });
});
