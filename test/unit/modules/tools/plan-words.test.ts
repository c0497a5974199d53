import { describe, expect, it } from 'vitest';
import { planSummary, planWords } from '../../../../src-main/modules/tools/plan-words.ts';

describe('planWords', () => {
  it('gives the English line with what translates it', () => {
    expect(planWords('write-file', { file: 'notes/a.md', sizeBytes: 104 })).toEqual({
      summary: 'Write notes/a.md (104 bytes)',
      code: 'write-file',
      values: { file: 'notes/a.md', sizeBytes: 104 },
    });
  });
});

describe('planSummary', () => {
  it('says a plan in German, with times in words', () => {
    expect(planSummary(planWords('run-command', { command: 'df -h' }), 'de')).toBe('df -h ausführen');
    expect(planSummary(planWords('remind-in', { text: 'Tee', durationMs: 60_000 }), 'de-DE')).toBe('Erinnerung: Tee (in einer Minute)');
  });

  it('keeps the line of a plan that has no words here, and of English', () => {
    const other = { summary: '„add“ von Notes benutzen', code: 'use-tool', values: { tool: 'add', server: 'Notes' } };
    expect(planSummary(other, 'de')).toBe(other.summary);
    expect(planSummary({ summary: 'Old one' }, 'de')).toBe('Old one');
    expect(planSummary(planWords('look-at-clock'), 'en')).toBe('Look at the clock');
  });

  it('puts nothing in twice when a value looks like a blank', () => {
    expect(planSummary(planWords('search-folder', { words: '{folder}', folder: 'notes' }), 'de')).toBe('In notes nach „{folder}“ suchen');
  });
});
