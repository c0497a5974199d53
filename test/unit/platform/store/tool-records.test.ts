import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../../../../src-preload/contract/index.ts';
import { endedWithTheApp } from '../../../../src-main/platform/store/index.ts';
import { createHistoryBench } from '../../../doubles/history-bench.ts';

const call = (id: string, createdAtMs: number, patch: Partial<ToolCall> = {}): ToolCall => ({
  id,
  conversationId: null,
  tool: 'run_command',
  source: { kind: 'built-in' },
  asker: { channel: 'window' },
  tainted: false,
  plan: { summary: `Run canary-plan ${id}`, details: [{ name: 'folder', text: '/home/canary-folder' }], sandboxed: true },
  verdict: 'allow',
  reasons: [],
  approval: null,
  state: 'done',
  createdAtMs,
  startedAtMs: createdAtMs,
  endedAtMs: createdAtMs + 1,
  result: `canary-result ${id}`,
  error: null,
  undo: 'none',
  ...patch,
});

describe('tool records', () => {
  it('keep every call as it was, newest first, by conversation, state, page and words', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const first = call('a', 1, { conversationId: 'c1', result: 'Grüße aus Hamburg' });
    const second = call('b', 2, { state: 'failed', result: null });
    const third = call('d', 3);
    for (const each of [first, second, third]) store.tools.saveCall(each);
    await store.dispose();
    const { tools } = await bench.open();
    expect(tools.listCalls({ limit: 9 })).toEqual([third, second, first]);
    expect(tools.listCalls({ limit: 1, beforeMs: 3 })).toEqual([second]);
    expect(tools.listCalls({ limit: 9, conversationId: 'c1' })).toEqual([first]);
    expect(tools.listCalls({ limit: 9, state: 'failed' })).toEqual([second]);
    expect(tools.listCalls({ limit: 9, query: 'hamburg GRÜSSE'.replace('SS', 'ß') })).toEqual([first]);
    expect(tools.listCalls({ limit: 9, query: 'nowhere' })).toEqual([]);
    expect(tools.listCalls({ limit: 9, channel: first.asker.channel })).toContainEqual(first);
    expect(tools.listCalls({ limit: 9, channel: 'phone' })).toEqual([]);
    tools.saveCall({ ...second, state: 'stopped' });
    expect(tools.getCall('b')).toEqual({ ...second, state: 'stopped' });
    tools.pruneCalls(2);
    expect(tools.listCalls({ limit: 9 }).map(({ id }) => id)).toEqual(['d', 'b']);
  });

  it('write no content in the open, and leave out a row that was changed from outside', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    store.tools.saveCall(call('a', 1));
    store.tools.saveCall(call('b', 2, { state: 'refused' }));
    store.tools.saveTimer({ id: 't', dueAtMs: 9, createdAtMs: 1, kind: 'reminder', text: 'canary-reminder', language: 'en' });
    store.tools.saveApproval({
      id: 'k',
      tool: 'run_command',
      key: 'canary-key',
      summary: 'canary-summary',
      createdAtMs: 1,
      lastUsedAtMs: null,
      useCount: 0,
    });
    await store.dispose();
    expect(bench.bytesOnDisk().includes('canary')).toBe(false);
    bench.raw((database) => database.exec(`UPDATE tool_calls SET state = 'done' WHERE id = 'b'`));
    expect((await bench.open()).tools.listCalls({ limit: 9 }).map(({ id }) => id)).toEqual(['a']);
  });

  it('know what an earlier life of the app left open, and after a change of keys all is still readable', async () => {
    const bench = await createHistoryBench();
    const keyring = await bench.keyring();
    const store = await bench.open({ keyring });
    for (const [index, state] of (['planned', 'waiting', 'running', 'background', 'done'] as const).entries())
      store.tools.saveCall(call(state, index, { state }));
    expect(store.tools.unendedCalls().map(({ id }) => id)).toEqual(['planned', 'waiting', 'running', 'background']);
    for (const open of store.tools.unendedCalls()) store.tools.saveCall(endedWithTheApp(open, 99));
    expect(store.tools.unendedCalls()).toEqual([]);
    await keyring.rotate();
    await store.whenSettled();
    expect(store.tools.listCalls({ limit: 9 })).toHaveLength(5);
    const headers = bench.raw((database) =>
      database.prepare<[], Buffer>('SELECT DISTINCT substr(content, 1, 5) FROM tool_calls').pluck().all(),
    );
    expect(headers).toHaveLength(1);
  });

  it("keep the owner's word about tools, kept answers and timers", async () => {
    const bench = await createHistoryBench();
    const { tools } = await bench.open();
    tools.setPolicy('open_link', 'off');
    tools.setPolicy('notify', 'ask');
    tools.setPolicy('notify', 'default');
    expect([...tools.policies()]).toEqual([['open_link', 'off']]);
    const approval = { id: 'k', tool: 'run_command', key: 'argv', summary: 'Run x', createdAtMs: 1, lastUsedAtMs: null, useCount: 0 };
    tools.saveApproval(approval);
    tools.saveApproval({ ...approval, useCount: 1 });
    expect(tools.listApprovals()).toEqual([{ ...approval, useCount: 1 }]);
    expect([tools.removeApproval('k'), tools.removeApproval('k')]).toEqual([true, false]);
    const timer = { id: 't', dueAtMs: 9, createdAtMs: 1, kind: 'timer' as const, text: 'tea', language: 'en' };
    tools.saveTimer(timer);
    expect(tools.listTimers()).toEqual([timer]);
    expect([tools.removeTimer('t'), tools.removeTimer('t')]).toEqual([true, false]);
  });
});
