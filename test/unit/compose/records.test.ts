import { describe, expect, it } from 'vitest';
import type { AuditVerdict } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { watchRecords } from '../../../src-main/compose/records.ts';
import { createVirtualClock } from '../../doubles/virtual-clock.ts';

async function codesFor(verdict: AuditVerdict): Promise<string[]> {
  const clock = createVirtualClock();
  const codes: string[] = [];
  const watching = watchRecords({
    audit: { verify: async () => verdict },
    notices: { raise: ({ code }) => (codes.push(code), '') },
    clock,
    log: silentLog,
  });
  await clock.advance(60_000);
  await watching.dispose();
  expect(clock.pendingTimers()).toBe(0);
  return codes;
}

describe('watchRecords', () => {
  it('says nothing about a whole record, and what is wrong with any other', async () => {
    expect(await codesFor({ state: 'intact', count: 3, atLine: null })).toEqual([]);
    expect(await codesFor({ state: 'cut', count: 3, atLine: 4 })).toEqual(['audit.cut']);
    expect(await codesFor({ state: 'broken', count: 3, atLine: 2 })).toEqual(['audit.broken']);
  });
});
