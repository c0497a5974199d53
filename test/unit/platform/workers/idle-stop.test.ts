import { describe, expect, it } from 'vitest';
import { createIdleStop } from '../../../../src-main/platform/workers/idle-stop.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

function rig() {
  const clock = createVirtualClock();
  let stops = 0;
  const worker = {
    stop: async () => {
      stops += 1;
    },
  };
  return { clock, idle: createIdleStop({ worker, clock, idleMs: 1000 }), stops: () => stops };
}

describe('createIdleStop', () => {
  it('stops the worker when nobody has held it for the time, and not before', async () => {
    const { clock, idle, stops } = rig();
    const release = idle.hold();
    await clock.advance(5000);
    release();
    await clock.advance(999);
    expect(stops()).toBe(0);
    await clock.advance(1);
    expect(stops()).toBe(1);
  });

  it('waits for the last of several users, each of whom lets go once', async () => {
    const { clock, idle, stops } = rig();
    const [first, second] = [idle.hold(), idle.hold()];
    first();
    first();
    await clock.advance(2000);
    expect(stops()).toBe(0);
    second();
    await clock.advance(1000);
    expect(stops()).toBe(1);
  });

  it('begins anew with a user who comes in time, and forgets it all when it is disposed of', async () => {
    const { clock, idle, stops } = rig();
    idle.hold()();
    await clock.advance(900);
    idle.hold()();
    await clock.advance(900);
    expect(stops()).toBe(0);
    await idle.dispose();
    await clock.advance(5000);
    expect(stops()).toBe(0);
  });
});
