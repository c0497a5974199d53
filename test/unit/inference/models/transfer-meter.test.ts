import { describe, expect, it } from 'vitest';
import { createTransferMeter } from '../../../../src-main/inference/models/transfer-meter.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

describe('createTransferMeter', () => {
  it('adds up what is fetched side by side and says how long it will take', async () => {
    const clock = createVirtualClock();
    const meter = createTransferMeter(clock);
    const left = meter.add(1000);
    const right = meter.add(3000);
    expect(meter.progress()).toEqual({ receivedBytes: 0, totalBytes: 4000, bytesPerSecond: 0, secondsLeft: null });
    left.received(0);
    right.received(0);
    await clock.advance(1000);
    left.received(500);
    right.received(500);
    expect(meter.progress()).toEqual({ receivedBytes: 1000, totalBytes: 4000, bytesPerSecond: 1000, secondsLeft: 3 });
  });

  it('counts bytes of an earlier run as received but not as speed', async () => {
    const clock = createVirtualClock();
    const meter = createTransferMeter(clock);
    const transfer = meter.add(10_000);
    transfer.received(9000);
    await clock.advance(1000);
    transfer.received(9100);
    expect(meter.progress()).toEqual({ receivedBytes: 9100, totalBytes: 10_000, bytesPerSecond: 100, secondsLeft: 9 });
  });

  it('forgets a source that failed, and the speed of long ago', async () => {
    const clock = createVirtualClock();
    const meter = createTransferMeter(clock);
    const failed = meter.add(5000);
    failed.received(0);
    await clock.advance(1000);
    failed.received(4000);
    failed.drop();
    const transfer = meter.add(2000);
    transfer.received(0);
    for (let second = 0; second < 10; second++) {
      await clock.advance(1000);
      transfer.received((second + 1) * 100);
    }
    expect(meter.progress()).toEqual({ receivedBytes: 1000, totalBytes: 2000, bytesPerSecond: 100, secondsLeft: 10 });
  });
});
