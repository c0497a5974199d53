import { describe, expect, it } from 'vitest';
import { acceleratorOf } from '../../../../src-renderer/features/settings/accelerator.ts';

const NONE = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };

describe('acceleratorOf', () => {
  it.each([
    [{ ...NONE, code: 'Space', ctrlKey: true, shiftKey: true }, 'CommandOrControl+Shift+Space'],
    [{ ...NONE, code: 'KeyK', altKey: true }, 'Alt+K'],
    [{ ...NONE, code: 'F9' }, 'F9'],
    [{ ...NONE, code: 'ArrowUp', metaKey: true }, 'CommandOrControl+Up'],
  ])('names the keys as Electron does', (event, accelerator) => {
    expect(acceleratorOf(event)).toBe(accelerator);
  });

  it('refuses what every program needs: plain letters, Shift with a letter, and modifiers alone', () => {
    expect(acceleratorOf({ ...NONE, code: 'KeyK' })).toBeUndefined();
    expect(acceleratorOf({ ...NONE, code: 'KeyK', shiftKey: true })).toBeUndefined();
    expect(acceleratorOf({ ...NONE, code: 'ControlLeft', ctrlKey: true })).toBeUndefined();
  });
});
