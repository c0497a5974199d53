import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPicture, type Picture } from '../../face-lab/picture.ts';
import { writeReviewerPage } from '../../face-lab/reviewer-page.ts';

const grey = (value: number, width = 4): Picture => ({
  width,
  height: 3,
  data: new Uint8ClampedArray(width * 3 * 4).map((_value, index) => (index % 4 === 3 ? 255 : value)),
});

describe('writeReviewerPage', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'review-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('shows what was expected, what came and where they differ', async () => {
    const page = await writeReviewerPage(folder, [{ name: 'smile', expected: grey(100), got: grey(110), verdict: 'SSIM 0.9' }]);
    expect((await readdir(folder)).toSorted()).toEqual(['index.html', 'smile-difference.png', 'smile-expected.png', 'smile-got.png']);
    expect((await readPicture(join(folder, 'smile-got.png'))).data[0]).toBe(110);
    expect((await readPicture(join(folder, 'smile-difference.png'))).data[0]).toBe(148);
    const html = await readFile(page, 'utf8');
    expect(html).toContain('<h2>smile</h2><p>SSIM 0.9</p>');
    expect(html.match(/<img src="[^"]+"/g)).toEqual([
      '<img src="smile-expected.png"',
      '<img src="smile-got.png"',
      '<img src="smile-difference.png"',
    ]);
  });

  it('leaves the difference away when the sizes do', async () => {
    await writeReviewerPage(folder, [{ name: 'smile', expected: grey(100), got: grey(110, 5), verdict: 'another size' }]);
    expect((await readdir(folder)).toSorted()).toEqual(['index.html', 'smile-expected.png', 'smile-got.png']);
  });
});
