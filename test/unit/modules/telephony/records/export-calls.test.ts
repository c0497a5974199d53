import { describe, expect, it } from 'vitest';
import { exportCalls } from '../../../../../src-main/modules/telephony/records/export-calls.ts';
import { callRecord } from '../../../../doubles/phone-call.ts';

const AT = Date.UTC(2026, 2, 1, 23, 30);
const german = { locale: 'de', timeZone: 'Europe/Berlin' } as const;
const english = { locale: 'en', timeZone: 'Europe/Berlin' } as const;
const record = callRecord('c', { tasks: ['Call *Anna* back'] }, { startedAtMs: AT });

describe('exportCalls', () => {
  it('writes everything as JSON, named by the local day', async () => {
    const { fileName, content } = await exportCalls([record, record], 'json', AT, german);
    expect(fileName).toBe('Anrufe 2026-03-02.json');
    expect(content).toBe(`${JSON.stringify({ format: 'openclaw-calls', version: 1, calls: [record, record] }, null, 2)}\n`);
  });

  it('writes what was said as Markdown, and lets no text from outside become markup', async () => {
    const bad = callRecord(
      'c',
      {
        segments: [{ speaker: 'caller', text: '![x](http://evil) <b>\n# big', startMs: 3_725_000, endMs: 1 }],
        summary: '',
        tasks: ['*task*'],
      },
      { startedAtMs: AT, party: { number: '', name: '', contactId: null, standing: 'unknown' } },
    );
    const { content } = await exportCalls([bad], 'markdown', AT, english);
    expect(content).toContain('· from Withheld');
    expect(content).toContain('Answered by: the assistant · Duration: 01:00');
    expect(content).toContain('**01:02:05 Caller:** \\!\\[x\\](http://evil) \\<b\\> \\# big');
    expect(content).toContain('- [ ] \\*task\\*');
    expect((await exportCalls([record], 'markdown', AT, german)).content).toContain('## 02.03.2026, 00:30 · von Anna Grün · +491711234567');
  });

  it('writes one line for each call as CSV', async () => {
    const { content } = await exportCalls([record], 'csv', AT, english);
    const [header, line] = content.slice(1).split('\r\n');
    expect(content.codePointAt(0)).toBe(0xfe_ff);
    expect(header).toBe(
      `"started","direction","number","name","answered by","duration s","end","summary","tasks","sentiment","response ms"`,
    );
    expect(line).toBe(
      `"2026-03-02 00:30:00","in","'+491711234567","Anna Grün","assistant","60","hung-up-there","Anna said that the roof is finished.","Call *Anna* back","0.5","680"`,
    );
  });

  it.each(['=HYPERLINK("http://evil")', '+1+1', '-2+3', '@SUM(A1)', '\t=1', ' \u0000=1', '|calc', '\uFF1D1+1', '\u200B=1', '%0A=1'])(
    'makes no formula of a name like %j',
    async (name) => {
      const party = { number: '', name, contactId: null, standing: 'unknown' as const };
      const { content } = await exportCalls([callRecord('c', { sentiment: -0.5 }, { party, startedAtMs: AT })], 'csv', AT, english);
      const [, line = ''] = content.split('\r\n');
      const cells = [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell);
      expect(cells).toHaveLength(11);
      expect(cells[3]).toBe(`'${name.replaceAll('"', '""')}`);
      expect(cells[9]).toBe('-0.5');
    },
  );
});
