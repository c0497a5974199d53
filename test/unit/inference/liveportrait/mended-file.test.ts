import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mendedFile } from '../../../../src-main/inference/liveportrait/mended-file.ts';
import { writeOnnxModel } from '../../../../src-main/inference/onnx/onnx-writer.ts';
import { parseOnnxGraph } from '../../../../src-main/inference/piper/onnx-graph.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

describe('mendedFile', () => {
  it('makes a mended copy once for each content and each way', async () => {
    const folder = await temporaryFolder();
    const source = join(folder, 'warping.onnx');
    const sampling = { operator: 'GridSample', inputs: ['x', 'grid'], outputs: ['out'] };
    await writeFile(source, writeOnnxModel({ operatorSet: 16, inputs: [], outputs: [], nodes: [sampling] }));
    const cache = join(folder, 'cache');
    const gathers = await mendedFile(source, 'gathers', cache);
    const renamed = await mendedFile(source, 'operator-set', cache);
    expect(parseOnnxGraph(await readFile(gathers)).nodes.filter(({ operator }) => operator === 'GatherND')).toHaveLength(8);
    expect(parseOnnxGraph(await readFile(renamed)).nodes.map(({ operator }) => operator)).toEqual(['GridSample']);
    // What is there already is taken as it is.
    await writeFile(gathers, 'kept');
    expect(await mendedFile(source, 'gathers', cache)).toBe(gathers);
    expect(await readFile(gathers, 'utf8')).toBe('kept');
    expect(await readdir(join(cache, 'liveportrait'))).toHaveLength(2);
  });

  it('leaves nothing behind for a file that is none of LivePortrait', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'page.onnx'), '<html>');
    await expect(mendedFile(join(folder, 'page.onnx'), 'gathers', folder)).rejects.toThrow('ONNX model');
    expect(await readdir(folder)).toEqual(['page.onnx']);
  });
});
