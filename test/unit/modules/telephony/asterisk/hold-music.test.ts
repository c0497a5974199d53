import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { holdMusic, writeHoldMusic } from '../../../../../src-main/modules/telephony/asterisk/hold-music.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

describe('holdMusic', () => {
  it('is soft, never silent for long, and begins anew without a click', () => {
    const samples = holdMusic();
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(20 * Math.log10(peak / 32_768)).toBeGreaterThan(-24);
    expect(20 * Math.log10(peak / 32_768)).toBeLessThan(-10);
    const second = 16_000;
    for (let start = 0; start + second <= samples.length; start += second) {
      const power = samples.subarray(start, start + second).reduce((sum, sample) => sum + sample * sample, 0) / second;
      expect(10 * Math.log10(power) - 20 * Math.log10(32_768)).toBeGreaterThan(-40);
    }
    const steps = samples.map((sample, index) => Math.abs(sample - (samples[(index + samples.length - 1) % samples.length] ?? 0)));
    const [seam = 0] = steps;
    expect(seam).toBeLessThanOrEqual(steps.subarray(1).reduce((most, step) => Math.max(most, step), 0));
  });
});

describe('writeHoldMusic', () => {
  it('leaves the file alone that is there, and replaces one that is not it', async () => {
    const folder = await temporaryFolder();
    const file = await writeHoldMusic(folder);
    const { mtimeMs } = await stat(file);
    expect(await writeHoldMusic(folder)).toBe(file);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    await writeFile(file, 'noise');
    await writeHoldMusic(folder);
    const bytes = await readFile(file);
    expect(bytes.length).toBe(2 * holdMusic().length);
    expect(bytes.readInt16LE(2_000)).toBe(holdMusic()[1_000]);
  });
});
