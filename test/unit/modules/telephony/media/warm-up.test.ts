import { describe, expect, it } from 'vitest';
import { warmUpLegs } from '../../../../../src-main/modules/telephony/media/warm-up.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

describe('warmUpLegs', () => {
  it('goes through the whole work of a leg and leaves nothing behind', () => {
    const clock = createVirtualClock();
    expect(() => warmUpLegs(clock)).not.toThrow();
    expect(clock.pendingTimers()).toBe(0);
  });
});
