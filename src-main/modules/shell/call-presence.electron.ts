import { Notification } from 'electron';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { MainWindow } from './main-window.electron.ts';
import type { ShellWords } from './shell-words.ts';

/** How the desktop shows that somebody calls; the ring tone is the page's. */
export interface CallPresence extends Disposable {
  /** The calls that ring now; none ends it. */
  show(ringing: readonly PhoneCall[]): void;
}

export function createCallPresence(options: { window: MainWindow; words: () => ShellWords; showWindow: () => void }): CallPresence {
  const { window, words, showWindow } = options;
  let shownId: string | undefined;
  let endSight: (() => void) | undefined;
  let notification: Notification | undefined;

  const end = (): void => {
    shownId = undefined;
    endSight?.();
    endSight = undefined;
    notification?.close();
    notification = undefined;
  };

  const showForCall = (call: PhoneCall): void => {
    end();
    shownId = call.id;
    const wasInFront = window.browser.isVisible() && window.browser.isFocused();
    endSight = window.showForCall();
    // On another desktop, behind a program that fills the screen, under Wayland: nobody can tell whether it is seen.
    if (wasInFront || !Notification.isSupported()) return;
    const { name, number } = call.party;
    const texts = words().call;
    notification = new Notification({
      title: texts.calls(name || number || texts.withheld),
      body: name === '' ? '' : number,
      // It rings already.
      silent: true,
      urgency: 'critical',
      timeoutType: 'never',
    });
    notification.on('click', showWindow);
    notification.show();
  };

  return {
    show(ringing) {
      const [call] = ringing;
      if (call === undefined) return end();
      if (!ringing.some(({ id }) => id === shownId)) showForCall(call);
    },
    dispose: end,
  };
}
