import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatEstimate } from '../../../build/lib/format.mjs';
import { createReport, progressText } from '../../../build/lib/report.mjs';

describe('progressText', () => {
  it('says what, how much, how fast and how long', () => {
    expect(progressText({ done: 50e6, total: 200e6, unit: 'bytes', note: 'whisper-base' }, 10e6)).toBe(
      'whisper-base, 50 MB of 200 MB (25 %), 10 MB/s, 15 s left',
    );
  });

  it('leaves out what is not known', () => {
    expect(progressText({ done: 50e6, total: Number.NaN, unit: 'bytes' }, 0)).toBe('50 MB');
    expect(progressText({ done: 3, total: 9, unit: 'items' }, 0)).toBe('3 of 9');
  });
});

/** A report whose text and clock the test holds. */
const record = (isTTY: boolean) => {
  let text = '';
  let now = 0;
  const report = createReport({ stream: { isTTY, columns: 60, write: (chunk: string) => (text += chunk) }, nowMs: () => now });
  return { report, wait: (ms: number) => (now += ms), text: () => text };
};

describe('createReport', () => {
  it('writes plain lines at intervals where there is no terminal', () => {
    const { report, wait, text } = record(false);
    const step = report.step('Models', false);
    for (let second = 0; second < 12; second += 1) {
      step.progress({ done: second * 1e6, total: 12e6, unit: 'bytes' });
      wait(1_000);
    }
    step.done();
    expect(text().split('\n')).toEqual([
      '[+] Models',
      '[+] Models: 0 bytes of 12 MB (0 %)',
      '[+] Models: 5.0 MB of 12 MB (41 %), 1.0 MB/s, 7 s left',
      '[+] Models: 10 MB of 12 MB (83 %), 1.0 MB/s, 2 s left',
      '[+] Models: done in 12 s',
      '',
    ]);
    expect(text()).not.toContain('\x1b');
  });

  it('moves one line on a terminal and never lets it wrap', () => {
    const { report, wait, text } = record(true);
    const step = report.step('A rather long title of a step that downloads', false);
    for (let count = 0; count < 5; count += 1) {
      wait(200);
      step.progress({ done: count * 1e6, total: 12e6, unit: 'bytes', note: 'a-model-with-a-long-name' });
    }
    expect(text()).not.toContain('\n');
    for (const shown of text().split('\r\x1b[K')) expect(shown.length).toBeLessThan(60);
  });
});

describe('formatting', () => {
  it('keeps numbers short', () => {
    expect([0, 999, 1000, 3_400_000, 99_400_000, 1_240_000_000].map(formatBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1 kB',
      '3.4 MB',
      '99 MB',
      '1.2 GB',
    ]);
    expect([0.2, 59, 60, 130, 3_900].map(formatDuration)).toEqual(['0 s', '59 s', '1 min', '2 min 10 s', '1 h 5 min']);
    expect([3, 33, 61, 150].map(formatEstimate)).toEqual(['a few seconds', 'about 30 s', 'about a minute', 'about 3 minutes']);
  });
});
