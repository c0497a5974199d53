import { describe, expect, it } from 'vitest';
import { createAbilities } from '../../../src-main/compose/mcp.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { createRemovals } from '../../../src-main/modules/telephony/index.ts';
import { createHistoryBench } from '../../doubles/history-bench.ts';
import { callRecord } from '../../doubles/phone-call.ts';

describe('createAbilities', () => {
  it('shows programs no call that the owner has just deleted', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    for (const id of ['kept', 'deleted']) store.phone.saveCall(callRecord(id, { summary: id }), true);
    const removals = createRemovals({
      records: store.phone,
      carryOut: async () => undefined,
      changed: () => undefined,
      clock: bench.clock,
      log: silentLog,
    });
    const platform = { store, redactor: { redact: (text: string) => ({ text, hits: [] }) } };
    const parts = { platform, calls: removals.records } as unknown as Parameters<typeof createAbilities>[0];
    removals.remove('deleted');
    expect((await createAbilities(parts).calls('', 10)).map(({ summary }) => summary)).toEqual(['kept']);
    await removals.dispose();
  });
});
