import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallResult } from '../../../../src-preload/contract/index.ts';
import { createRecordExport } from '../../../../src-renderer/features/calls/record-export.ts';
import { createCallLogStore } from '../../../../src-renderer/stores/call-log-store.ts';
import { createViewStore } from '../../../../src-renderer/stores/view-store.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

function createPage() {
  const asked: { resolve: (file: CallResult<'phone.record.export'>) => void; reject: (error: Error) => void }[] = [];
  const bridge = createScriptedBridge({ 'phone.record.export': () => new Promise((resolve, reject) => asked.push({ resolve, reject })) });
  const view = createViewStore();
  const saved: string[] = [];
  const progress: string[] = [];
  const save = createRecordExport({
    callLog: createCallLogStore(bridge, view.getState().fail),
    view,
    saveBlob: (blob, fileName) => void saved.push(`${fileName} ${blob.type}`),
    onProgress: (next) => void progress.push(next),
  });
  return { asked, save, saved, progress, toasts: () => view.getState().toasts.map(({ kind }) => kind) };
}

describe('createRecordExport', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('saves one file at a time, from the choice on, and says so when it takes long', async () => {
    const { asked, save, saved, progress, toasts } = createPage();
    save('csv');
    save('json');
    await vi.advanceTimersByTimeAsync(500);
    save('json');
    expect([asked.length, progress]).toEqual([1, ['begun', 'long']]);
    asked[0]?.resolve({ fileName: 'Calls.csv', content: '' });
    await vi.advanceTimersByTimeAsync(0);
    expect([saved, progress.at(-1), toasts()]).toEqual([['Calls.csv text/csv'], 'idle', ['done']]);
  });

  it('can be tried again when it has failed', async () => {
    const { asked, save, progress, toasts } = createPage();
    save('csv');
    await vi.advanceTimersByTimeAsync(0);
    asked[0]?.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([progress, toasts()]).toEqual([['begun', 'idle'], ['problem']]);
    save('csv');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(2);
  });
});
