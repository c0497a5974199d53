import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPiperVoice } from '../../../../src-main/inference/piper/piper-voice.ts';
import { createScriptedEspeak } from '../../../doubles/scripted-espeak.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const CONFIG = {
  audio: { sample_rate: 22_050 },
  espeak: { voice: 'en-us' },
  inference: { noise_scale: 0.667, length_scale: 1, noise_w: 0.8 },
  phoneme_id_map: { _: [0], '^': [1], $: [2] },
};
/** A real network, but no voice. */
const anotherKind = fileURLToPath(new URL('../../../../models/face/face_det.onnx', import.meta.url));

/** Tries to load a voice whose two files the test has written; undefined = missing. */
async function load(files: { config?: string; model?: string | Uint8Array | undefined }) {
  const folder = await temporaryFolder();
  const [model, config] = [join(folder, 'voice.onnx'), join(folder, 'voice.onnx.json')];
  if (files.config !== undefined) await writeFile(config, files.config);
  if (typeof files.model === 'string') await copyFile(files.model, model);
  else if (files.model) await writeFile(model, files.model);
  return loadPiperVoice({ id: 'v', name: 'Voice', languages: ['en'], model, config }, { espeak: createScriptedEspeak({}), threads: 1 });
}

describe('loadPiperVoice', () => {
  it.each([
    ['a missing configuration', { model: anotherKind }, 'voice.onnx.json', /ENOENT/],
    ['a configuration that is cut off', { config: JSON.stringify(CONFIG).slice(0, 40), model: anotherKind }, 'voice.onnx.json', /JSON/],
    ['a configuration of something else', { config: '{"name": "other"}', model: anotherKind }, 'voice.onnx.json', /sample_rate|audio/],
    [
      'a voice that takes letters',
      { config: JSON.stringify({ ...CONFIG, phoneme_type: 'text' }), model: anotherKind },
      'voice.onnx.json',
      /it takes text, not phonemes/,
    ],
    ['a missing network', { config: JSON.stringify(CONFIG) }, 'voice.onnx', /ENOENT/],
    ['an empty network', { config: JSON.stringify(CONFIG), model: new Uint8Array(0) }, 'voice.onnx', /no graph/],
    ['a network of another kind', { config: JSON.stringify(CONFIG), model: anotherKind }, 'voice.onnx', /no phoneme lengths/],
  ])('says which file is at fault and how to mend it: %s', async (_name, files, file, cause) => {
    const loading = load(files);
    await expect(loading).rejects.toMatchObject({
      code: 'synthesis.bad-model',
      message: expect.stringMatching(new RegExp(`${file} is missing, damaged or not a Piper voice\\. Download it again`)),
    });
    await expect(loading.catch((error: unknown) => (error instanceof Error ? String(error.cause) : ''))).resolves.toMatch(cause);
  });
});
