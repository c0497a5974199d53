import { beforeAll, describe, expect, it } from 'vitest';
import { createInstance, type i18n } from 'i18next';
import { de } from '../../../../src-renderer/i18n/de.ts';
import { en } from '../../../../src-renderer/i18n/en.ts';
import { planLine } from '../../../../src-renderer/features/tools/use-plan-words.ts';

let words: i18n;
beforeAll(async () => {
  words = createInstance();
  await words.init({
    lng: 'de',
    fallbackLng: 'en',
    resources: { en: { translation: en }, de: { translation: de } },
    interpolation: { escapeValue: false },
  });
});

describe('planLine', () => {
  it("says what a call does in the reader's language, with sizes and times as people say them", () => {
    expect(planLine(words, { summary: 'Run df -h', code: 'run-command', values: { command: 'df -h' } })).toBe('df -h ausführen');
    expect(planLine(words, { summary: 'x', code: 'write-file', values: { file: 'a.md', sizeBytes: 2100 } })).toBe('a.md schreiben (2 kB)');
    expect(planLine(words, { summary: 'x', code: 'set-timer', values: { durationMs: 300_000 } })).toBe('Timer: 5 Minuten');
  });

  it('names a tool whose call was refused before it was planned', () => {
    expect(planLine(words, { summary: 'Write a file', code: 'tool', values: { tool: 'write_file' } })).toBe(de.tools.names.write_file);
  });

  it("shows the core's own line for codes it does not know", () => {
    expect(planLine(words, { summary: 'Use x', code: 'of-tomorrow', values: {} })).toBe('Use x');
    expect(planLine(words, { summary: 'Use x' })).toBe('Use x');
  });

  it('takes a command for a command, whatever stands in it', () => {
    const command = 'echo {{command}} $t(common.close) {{secret:KEY}}';
    expect(planLine(words, { summary: '', code: 'run-command', values: { command } })).toBe(`${command} ausführen`);
  });
});
