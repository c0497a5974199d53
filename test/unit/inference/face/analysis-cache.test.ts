import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PortraitAnalysis } from '../../../../src-preload/contract/index.ts';
import { createAnalysisCache } from '../../../../src-main/inference/face/analysis-cache.ts';
import { ANALYSIS_VERSION } from '../../../../src-main/inference/face/analysis-version.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

function analysis(hash: string): PortraitAnalysis {
  return { version: ANALYSIS_VERSION, hash, width: 640, height: 480, quarterTurns: 1, faces: [] };
}

describe('createAnalysisCache', () => {
  it('gives back what it was given, also after a restart, and knows nothing else', async () => {
    const folder = join(await temporaryFolder(), 'faces');
    await createAnalysisCache(folder).write(analysis('abc'));
    const again = createAnalysisCache(folder);
    expect(await again.read('abc')).toEqual(analysis('abc'));
    expect(await again.read('abd')).toBe(null);
  });

  it('does not use results of another version, damaged ones, or those of another picture', async () => {
    const folder = await temporaryFolder();
    const cache = createAnalysisCache(folder);
    await writeFile(join(folder, 'old.json'), JSON.stringify({ ...analysis('old'), version: ANALYSIS_VERSION - 1 }));
    await writeFile(join(folder, 'cut.json'), JSON.stringify(analysis('cut')).slice(0, 30));
    await writeFile(join(folder, 'moved.json'), JSON.stringify(analysis('other')));
    expect([await cache.read('old'), await cache.read('cut'), await cache.read('moved')]).toEqual([null, null, null]);
  });

  it('keeps the 64 newest', async () => {
    const folder = await temporaryFolder();
    const cache = createAnalysisCache(folder);
    for (let index = 0; index < 66; index += 1) {
      await writeFile(join(folder, `${index}.json`), JSON.stringify(analysis(String(index))));
      await utimes(join(folder, `${index}.json`), 1_000_000 + index, 1_000_000 + index);
    }
    await cache.write(analysis('new'));
    expect((await readdir(folder)).length).toBe(64);
    expect([await cache.read('2'), await cache.read('3'), await cache.read('new')]).toEqual([null, analysis('3'), analysis('new')]);
    expect(JSON.parse(await readFile(join(folder, 'new.json'), 'utf8'))).toEqual(analysis('new'));
  });
});
