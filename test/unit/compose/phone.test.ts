import { describe, expect, it } from 'vitest';
import { createDisposeBag } from '../../../src-main/base/dispose.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { recordCalls, tellTrouble } from '../../../src-main/compose/phone.ts';
import { phoneReason } from '../../../src-main/modules/telephony/telephony-errors.ts';
import { createNoticeBoard } from '../../../src-main/platform/notices/index.ts';
import { createHistoryBench } from '../../doubles/history-bench.ts';
import { createTelephonyRig } from '../../doubles/telephony-rig.ts';

describe('recordCalls', () => {
  it('tells the record how a call ended that was hung up because the app ends', async () => {
    const { telephony, ready, server } = await createTelephonyRig();
    const bag = createDisposeBag();
    const store = await (await createHistoryBench()).open();
    const states: string[] = [];
    recordCalls({ platform: { hub: { watch: () => () => undefined }, log: silentLog, store }, bag, locale: () => 'en' }, telephony, {
      isLive: () => false,
      note: () => undefined,
      onCall: ({ state }) => void states.push(state.state),
      onCaption: () => undefined,
      onRecording: async () => true,
    });
    await ready();
    server.incoming({ number: '+4930111222' });
    await expect.poll(() => states).toContain('ringing');
    await telephony.calls.answer(telephony.calls.active()[0]?.id ?? '', 'assistant');
    await bag.dispose();
    expect(states.at(-1)).toBe('ended');
  });
});

describe('tellTrouble', () => {
  it('takes back a lost connection when it is there again; that the exchange died in mid-call can be read until it is dismissed', () => {
    const notices = createNoticeBoard({ tell: () => undefined });
    const codes = (): string[] => notices.snapshot().notices.map(({ code }) => code);
    for (const code of ['phone.control-lost', 'phone.engine-lost', 'phone.engine-lost'] as const)
      tellTrouble({ notices }, phoneReason(code));
    tellTrouble({ notices }, null);
    expect(codes()).toEqual(['phone.engine-lost']);
    notices.dismiss(notices.snapshot().notices[0]?.id ?? '');
    expect(codes()).toEqual([]);
  });
});
