import { describe, expect, it } from 'vitest';
import type { CallInput, ToolCall } from '../../../../src-preload/contract/index.ts';
import { createActivityStore } from '../../../../src-renderer/stores/activity-store.ts';
import { callsOfYear, fakeCall } from '../../../doubles/fake-core-hands-data.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

function createPage(calls: readonly ToolCall[]) {
  const asked: CallInput<'tools.calls'>[] = [];
  const bridge = createScriptedBridge({
    'tools.calls': (input) => {
      asked.push(input);
      return calls
        .filter(
          (call) =>
            (input.beforeMs === undefined || call.createdAtMs < input.beforeMs) &&
            (input.state === undefined || call.state === input.state) &&
            (input.channel === undefined || call.asker.channel === input.channel),
        )
        .slice(0, input.limit);
    },
  });
  return { bridge, asked, store: createActivityStore(bridge) };
}

describe('createActivityStore', () => {
  it('loads a year page by page, newest first, each call once', async () => {
    const { store } = createPage(callsOfYear(250));
    await store.getState().load();
    expect(store.getState().calls).toHaveLength(100);
    await store.getState().loadMore();
    await store.getState().loadMore();
    await store.getState().loadMore();
    const times = (store.getState().calls ?? []).map((call) => call.createdAtMs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(store.getState().hasMore).toBe(false);
    expect(new Set(store.getState().calls?.map((call) => call.id)).size).toBe(250);
  });

  it('asks the core for words and state, and leaves empty ones out', async () => {
    const { store, asked } = createPage([]);
    await store.getState().setFilter({ query: '  invoice ', state: 'failed' });
    await store.getState().setFilter({ query: ' ', state: undefined });
    expect(asked).toEqual([{ limit: 100, query: 'invoice', state: 'failed' }, { limit: 100 }]);
  });

  it('shows new calls at once unless words are searched or another state is wanted', async () => {
    const { bridge, store } = createPage([]);
    bridge.tell('tools.call', fakeCall({ id: 'unasked' }));
    expect(store.getState().calls).toBeUndefined();
    await store.getState().load();
    bridge.tell('tools.call', fakeCall({ id: 'a', state: 'running' }));
    expect(store.getState().calls?.map((call) => call.id)).toEqual(['a']);
    await store.getState().setFilter({ state: 'failed' });
    bridge.tell('tools.call', fakeCall({ id: 'b', state: 'done' }));
    bridge.tell('tools.call', fakeCall({ id: 'c', state: 'failed' }));
    expect(store.getState().calls?.map((call) => call.id)).toEqual(['c']);
  });

  it('gives everything of the filter for a file, also by who asked', async () => {
    const calls = callsOfYear(450);
    const { store } = createPage(calls);
    expect(await store.getState().all()).toHaveLength(450);
    await store.getState().setFilter({ channel: 'mcp' });
    expect(await store.getState().all()).toEqual(calls.filter((call) => call.asker.channel === 'mcp'));
  });

  it('drops an answer to an older question', async () => {
    const pending: ((calls: ToolCall[]) => void)[] = [];
    const bridge = createScriptedBridge({ 'tools.calls': () => new Promise((resolve) => pending.push(resolve)) });
    const store = createActivityStore(bridge);
    const first = store.getState().setFilter({ query: 'a' });
    const second = store.getState().setFilter({ query: 'ab' });
    pending[1]?.([fakeCall({ id: 'new' })]);
    pending[0]?.([fakeCall({ id: 'old' })]);
    await Promise.all([first, second]);
    expect(store.getState().calls?.map((call) => call.id)).toEqual(['new']);
  });
});
