import { describe, expect, it } from 'vitest';
import { createDoorOpener } from '../../../../src-main/platform/contract-host/door-opener.ts';

describe('createDoorOpener', () => {
  it('opens the door once, when it is first wanted', async () => {
    let openCount = 0;
    const open = createDoorOpener(async () => {
      openCount += 1;
      return { number: openCount };
    });
    expect(openCount).toBe(0);
    expect(await Promise.all([open(), open()])).toEqual([{ number: 1 }, { number: 1 }]);
    expect(openCount).toBe(1);
  });

  it('tries again after the door could not be opened', async () => {
    let openCount = 0;
    const open = createDoorOpener(async () => {
      openCount += 1;
      if (openCount === 1) throw new Error('disk full');
      return 'door';
    });
    await expect(open()).rejects.toThrow('disk full');
    expect(await open()).toBe('door');
  });
});
