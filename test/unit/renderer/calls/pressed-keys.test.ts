import { describe, expect, it } from 'vitest';
import { digitsThat, withKey, withOutcome, type PressedKey } from '../../../../src-renderer/features/calls/pressed-keys.ts';

const pressed = (digits: string): readonly PressedKey[] =>
  [...digits].reduce<readonly PressedKey[]>((keys, digit, id) => withKey(keys, id, digit), []);

describe('withOutcome', () => {
  it('shows a key as sent only when it was, and in the order of pressing, whichever answer comes first', () => {
    const waiting = pressed('123');
    expect(digitsThat(waiting, 'sent')).toBe('');
    const done = withOutcome(withOutcome(withOutcome(waiting, 2, 'sent'), 1, 'failed'), 0, 'sent');
    expect([digitsThat(done, 'sent'), digitsThat(done, 'failed')]).toEqual(['13', '2']);
  });
});

describe('withKey', () => {
  it('forgets with the next key what failed, and keeps the last keys of many', () => {
    const failed = withOutcome(pressed('12'), 1, 'failed');
    expect(digitsThat(withKey(failed, 9, '2'), 'failed')).toBe('');
    expect(pressed('1'.repeat(40))).toHaveLength(24);
  });
});
