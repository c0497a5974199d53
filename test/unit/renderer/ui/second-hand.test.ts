import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSecondHand } from '../../../../src-renderer/ui/second-hand.ts';

beforeEach(() => void vi.useFakeTimers({ now: 10_000 }));
afterEach(() => void vi.useRealTimers());

describe('createSecondHand', () => {
  it('shows the same time to all who look between two steps, whenever they came', () => {
    const hand = createSecondHand();
    const seen: string[] = [];
    const leave = hand.subscribe(() => seen.push(`first ${hand.nowMs()}`));
    vi.advanceTimersByTime(260);
    hand.subscribe(() => seen.push(`second ${hand.nowMs()}`));
    vi.advanceTimersByTime(100);
    expect(hand.nowMs()).toBe(10_250);
    vi.advanceTimersByTime(140);
    expect(seen).toEqual(['first 10250', 'first 10500', 'second 10500']);
    leave();
    vi.advanceTimersByTime(250);
    expect(seen.at(-1)).toBe('second 10750');
  });

  it('stands while nobody listens, and is right for the next who looks', () => {
    const hand = createSecondHand();
    hand.subscribe(() => undefined)();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(7000);
    expect(hand.nowMs()).toBe(17_000);
  });
});
