import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { probeModel } from '../../../../src-main/inference/onnx/model-probe.ts';
import { probeTokens } from '../../../../src-main/inference/sherpa/token-file.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

/** A real graph that is shipped with the app. */
const graph = fileURLToPath(new URL('../../../../models/face/face_det.onnx', import.meta.url));

describe('probeModel', () => {
  it('lets a whole graph pass', async () => {
    await expect(probeModel(graph)).resolves.toBeUndefined();
  });

  it('says that a file is missing, which one and how to mend it', async () => {
    const path = join(await temporaryFolder(), 'silero.onnx');
    await expect(probeModel(path)).rejects.toMatchObject({
      code: 'recognition.model-missing',
      message: expect.stringMatching(/silero\.onnx" is missing: download it again on the Models page/),
      details: { path },
    });
    await expect(probeModel(await temporaryFolder())).rejects.toMatchObject({ code: 'recognition.model-missing' });
  });

  it.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['a page of the hub instead of a model', () => Buffer.from('<!doctype html><title>Not found</title>')],
    ['full of zeros', (whole: Buffer) => Buffer.alloc(whole.length)],
  ])('says that a file is damaged when it is %s, and does not end the process', async (_name, damage) => {
    const path = join(await temporaryFolder(), 'silero.onnx');
    await writeFile(path, damage(await readFile(graph)));
    await expect(probeModel(path)).rejects.toMatchObject({
      code: 'recognition.model-damaged',
      message: expect.stringMatching(/"silero\.onnx" is damaged: delete it on the Models page and download it again/),
    });
  });

  it('says that a graph is of another kind when it lacks the inputs asked for', async () => {
    await expect(probeModel(graph, ['input_features'])).rejects.toMatchObject({
      code: 'recognition.model-damaged',
      message: expect.stringContaining('it has no input "input_features", so it is another kind of model'),
    });
  });
});

async function writeTokens(lines: readonly string[], end = '\n'): Promise<string> {
  const path = join(await temporaryFolder(), 'tokens.txt');
  await writeFile(path, lines.map((line) => line + end).join(''));
  return path;
}

describe('probeTokens', () => {
  const tokens = ['aGVsbG8= 0', 'd29ybGQ= 1', 'IQ== 2'];

  it('lets a whole list pass, with either kind of line end', async () => {
    await expect(probeTokens(await writeTokens(tokens), 3)).resolves.toBeUndefined();
    await expect(probeTokens(await writeTokens(tokens, '\r\n'), 3)).resolves.toBeUndefined();
  });

  it.each([
    ['cut off', tokens.slice(0, 2), '2 of 3 tokens'],
    ['with a gap', ['a 0', 'b 2', 'c 3'], 'line 2 is not "token 1"'],
    ['something else', ['<!doctype html>', '<title>', 'Not found'], 'line 1 is not "token 0"'],
  ])('says what is wrong with a list that is %s', async (_name, lines, why) => {
    await expect(probeTokens(await writeTokens(lines), 3)).rejects.toMatchObject({
      code: 'recognition.model-damaged',
      message: expect.stringContaining(why),
    });
  });

  it('says that the list is missing', async () => {
    await expect(probeTokens(join(await temporaryFolder(), 'tokens.txt'), 3)).rejects.toMatchObject({ code: 'recognition.model-missing' });
  });
});
