import { globalShortcut } from 'electron';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { ShortcutStatus } from './shell.ts';

/** The push-to-talk key that works while another program has the focus. */
export interface TalkShortcut extends Disposable {
  status(): ShortcutStatus;
  onChange(listener: () => void): Unsubscribe;
  /** Takes the place of the former accelerator; empty = none. */
  use(accelerator: string): void;
}

/**
 * The system tells when the shortcut is pressed, never when it is let go, so it toggles (`hold: false`); holding works in the window.
 * On Wayland registering succeeds and then nothing arrives, so it is not tried: the desktop's own shortcut settings can run `openclaw talk`.
 */
export function createTalkShortcut(options: {
  sessionKind: 'x11' | 'wayland' | 'native' | 'none';
  onPress: () => void;
  log: Log;
}): TalkShortcut {
  const listeners = new Set<() => void>();
  let status: ShortcutStatus = { accelerator: '', registered: false, hold: false };

  const release = (): void => {
    if (status.registered) globalShortcut.unregister(status.accelerator);
  };

  return {
    status: () => status,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    use(accelerator) {
      release();
      const code = options.sessionKind === 'wayland' ? 'shortcut.wayland' : register(accelerator, options.onPress);
      const registered = accelerator !== '' && code === undefined;
      status = { accelerator, registered, hold: false, ...(code === undefined || accelerator === '' ? {} : { code }) };
      options.log.info('shortcut.used', { accelerator, registered, code });
      for (const listener of listeners) listener();
    },
    dispose() {
      release();
      listeners.clear();
    },
  };
}

/** Undefined when it is ours now; otherwise why not. */
function register(accelerator: string, onPress: () => void): string | undefined {
  if (accelerator === '') return undefined;
  try {
    return globalShortcut.register(accelerator, onPress) ? undefined : 'shortcut.taken';
  } catch {
    return 'shortcut.invalid';
  }
}
