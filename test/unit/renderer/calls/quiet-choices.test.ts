import { describe, expect, it } from 'vitest';
import { quietUntilMs } from '../../../../src-renderer/features/calls/quiet-choices.ts';

describe('quietUntilMs', () => {
  const now = new Date(2026, 10, 30, 23, 15);

  it('counts hours from now, and nights by the calendar', () => {
    expect(quietUntilMs('hour', now) - now.getTime()).toBe(3_600_000);
    expect(quietUntilMs('fourHours', now) - now.getTime()).toBe(4 * 3_600_000);
    expect(new Date(quietUntilMs('tomorrow', now))).toEqual(new Date(2026, 11, 1, 8));
    expect(new Date(quietUntilMs('week', now))).toEqual(new Date(2026, 11, 7, 8));
  });
});
