import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workerEntry } from '../../../../src-main/platform/workers/entries.ts';

describe('workerEntry', () => {
  it.each(['recognition', 'synthesis', 'language', 'portrait', 'watchdog'] as const)('finds the source of the %s worker', (name) => {
    expect(existsSync(workerEntry(name))).toBe(true);
  });

  it('finds the built worker beside the main entry, from whichever chunk it is called', () => {
    expect(workerEntry('language', 'file:///app/out/main/core-1a2b.js').href).toBe('file:///app/out/main/language.worker.js');
  });
});
