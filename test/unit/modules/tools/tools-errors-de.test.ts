import { describe, expect, it } from 'vitest';
import { notDone } from '../../../../src-main/modules/tools/intents/intent-part.ts';
import { germanReason } from '../../../../src-main/modules/tools/tools-errors-de.ts';
import { toolReason } from '../../../../src-main/modules/tools/tools-errors.ts';

describe('germanReason', () => {
  it('fills the blanks, rights in words', () => {
    expect(germanReason(toolReason('tools.no-file', { path: 'einkauf.md' }))).toContain('einkauf.md');
    expect(germanReason(toolReason('policy.right', { right: 'write-files' }))).toContain('Dateien ändern');
  });

  it('says nothing rather than half of it in English', () => {
    expect(germanReason(toolReason('tools.web-failed', { host: 'a.example', problem: 'connection refused' }))).toBeUndefined();
    expect(germanReason(toolReason('tools.no-file'))).toBeUndefined();
    expect(germanReason({ code: 'mcp.refused', message: 'No.', details: {} })).toBeUndefined();
  });
});

describe('notDone', () => {
  it('gives the reason in German, too', () => {
    const reason = toolReason('approval.refused');
    const refused = { state: 'refused', text: `Refused: ${reason.message}`, reason, tainted: false } as const;
    expect(notDone(refused, 'en')).toBe(`I did not do that. ${reason.message}`);
    expect(notDone(refused, 'de')).toMatch(/^Das habe ich nicht getan\. .*[Nn]ein/);
    expect(notDone({ ...refused, reason: toolReason('tools.failed', { problem: 'x' }) }, 'de')).toBe('Das habe ich nicht getan.');
  });
});
