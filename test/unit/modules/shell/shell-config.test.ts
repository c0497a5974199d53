import { describe, expect, it } from 'vitest';
import { pushToTalkShortcut } from '../../../../src-main/modules/shell/shell-config.ts';

const accepts = (accelerator: string): boolean => pushToTalkShortcut.schema.safeParse(accelerator).success;

describe('pushToTalkShortcut', () => {
  it.each(['', 'CommandOrControl+Shift+Space', 'Alt+F1', 'Super+`', 'Ctrl+,', 'F13', 'Control+Alt+Delete'])('takes "%s"', (accelerator) => {
    expect(accepts(accelerator)).toBe(true);
  });

  it.each(['A', 'Space', 'Shift', 'Ctrl+', '+A', 'F25', 'Ctrl+A+B', 'Ctrl A', 'Hyper+A', 'Ctrl+ä'])(
    'refuses "%s", which would take an ordinary key from every program or is none',
    (accelerator) => expect(accepts(accelerator)).toBe(false),
  );

  it('takes its own default', () => expect(accepts(pushToTalkShortcut.defaultValue)).toBe(true));
});
