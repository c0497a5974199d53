import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEspeak } from '../../../../src-main/inference/espeak/espeak-library.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const REFUSAL = {
  code: 'synthesis.espeak-missing',
  message: expect.stringMatching(/pronunciation library cannot be used: .* is missing or damaged\. Download it again/),
};

describe('openEspeak', () => {
  it('says that the library is missing', async () => {
    const folder = await temporaryFolder();
    const library = join(folder, 'libespeak-ng.so');
    expect(() => openEspeak({ library, dataDirectory: folder })).toThrow(
      expect.objectContaining({ ...REFUSAL, details: { path: library } }),
    );
  });

  it('says that the library is damaged, and does not end the process', async () => {
    const folder = await temporaryFolder();
    const library = join(folder, 'libespeak-ng.so');
    await writeFile(library, 'not a library');
    expect(() => openEspeak({ library, dataDirectory: folder })).toThrow(expect.objectContaining(REFUSAL));
  });
});
