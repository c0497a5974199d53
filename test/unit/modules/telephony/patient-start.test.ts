import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import { startPatiently } from '../../../../src-main/modules/telephony/patient-start.ts';
import type { ExchangeState } from '../../../../src-main/modules/telephony/index.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const MINUTE_MS = 60_000;

/** An exchange that fails with this code until it is told to be there. */
function openStart(code: string) {
  const clock = createVirtualClock();
  let isThere = false;
  let state: ExchangeState = { state: 'off' };
  let tries = 0;
  const exchange = {
    state: () => state,
    async setUp() {
      tries += 1;
      const error = { code, message: 'words', details: {} };
      state = isThere ? { state: 'setting-up' } : { state: 'broken', error };
      if (!isThere) throw new AppError(error.code, error.message);
    },
  };
  const stop = startPatiently({ exchange, clock, log: silentLog });
  onTestFinished(stop);
  return { clock, stop, tries: () => tries, come: () => (isThere = true), become: (next: ExchangeState) => (state = next) };
}

describe('startPatiently', () => {
  it.each(['phone.no-docker', 'phone.docker-silent', 'phone.existing-unreachable'])('waits for what comes later (%s)', async (code) => {
    const { clock, tries, come } = openStart(code);
    await clock.advance(MINUTE_MS);
    expect(tries()).toBe(5);
    come();
    await clock.advance(MINUTE_MS);
    expect([tries(), clock.pendingTimers()]).toEqual([6, 0]);
  });

  it('gives up what does not come, and what waiting does not mend', async () => {
    const never = openStart('phone.no-docker');
    await never.clock.advance(60 * MINUTE_MS);
    expect([never.tries(), never.clock.pendingTimers()]).toEqual([41, 0]);
    const taken = openStart('phone.port-taken');
    await taken.clock.advance(MINUTE_MS);
    expect(taken.tries()).toBe(1);
  });

  it('leaves alone what was stopped, or shut down by its owner', async () => {
    const stopped = openStart('phone.no-docker');
    stopped.stop();
    await stopped.clock.advance(MINUTE_MS);
    expect(stopped.tries()).toBe(1);
    const off = openStart('phone.no-docker');
    await off.clock.advance(1_000);
    off.become({ state: 'off' });
    await off.clock.advance(MINUTE_MS);
    expect(off.tries()).toBe(1);
  });
});
