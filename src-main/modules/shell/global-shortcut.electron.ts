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
  const key = createGlobalKey(options);
  let status: ShortcutStatus = { accelerator: '', registered: false, hold: false };

  return {
    status: () => status,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    use(accelerator) {
      status = { ...key.use(accelerator), hold: false };
      for (const listener of listeners) listener();
    },
    dispose() {
      key.dispose();
      listeners.clear();
    },
  };
}

/** One key of the whole desktop. */
export interface GlobalKey {
  /** Takes the place of the former accelerator; empty = none. `code` says why it does not work. */
  use(accelerator: string): { accelerator: string; registered: boolean; code?: string };
  dispose(): void;
}

export function createGlobalKey(options: { sessionKind: 'x11' | 'wayland' | 'native' | 'none'; onPress: () => void; log: Log }): GlobalKey {
  let held = '';
  const release = (): void => {
    if (held !== '') globalShortcut.unregister(held);
    held = '';
  };
  return {
    use(accelerator) {
      release();
      const code = options.sessionKind === 'wayland' ? 'shortcut.wayland' : register(accelerator, options.onPress);
      const registered = accelerator !== '' && code === undefined;
      if (registered) held = accelerator;
      options.log.info('shortcut.used', { accelerator, registered, code });
      return { accelerator, registered, ...(code === undefined || accelerator === '' ? {} : { code }) };
    },
    dispose: release,
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
