import type { AppSnapshot, Vitals } from '../../../src-preload/contract/index.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Caller, HandlersFor, PageHub } from '../../platform/contract-host/index.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';
import type { FirstRun } from './first-run.ts';
import type { Desktop, ShortcutStatus } from './shell.ts';
import { uiLocale } from './ui-locale.ts';
import { locale } from './window-config.ts';

type Calls =
  | 'app.snapshot'
  | 'app.setLocale'
  | 'app.finishFirstRun'
  | 'app.dismissNotice'
  | 'app.restartPart'
  | 'app.openExternal'
  | 'app.vitals'
  | 'face.setWindow';

export interface AppHandlersDeps {
  version: string;
  config: Config;
  notices: NoticeBoard;
  hub: PageHub;
  firstRun: FirstRun;
  /** Closes the breaker of that part's worker and starts it. */
  restartPart: (part: 'recognition' | 'language' | 'synthesis') => Promise<void>;
  vitals: () => Vitals;
  /** Absent without a window. */
  desktop?: Desktop;
}

export interface AppHandlers {
  handlers: HandlersFor<Calls>;
  /** Ends telling pages about changes. */
  dispose: Unsubscribe;
}

/** The contract's side of the app as a whole. Pages are told `app.changed` when what their snapshot says has changed. */
export function createAppHandlers(deps: AppHandlersDeps): AppHandlers {
  const { config, notices, hub, firstRun, desktop } = deps;

  const snapshot = (caller: Caller): AppSnapshot => ({
    version: deps.version,
    door: caller.door === 'window' ? 'window' : 'browser',
    locale: uiLocale(config, desktop),
    platform: process.platform,
    firstRun: firstRun.isPending(),
    ...notices.snapshot(),
    pushToTalkShortcut: desktop?.shortcut() ?? NO_SHORTCUT,
  });
  const tellAll = (): void => {
    for (const caller of hub.callers()) hub.tell('app.changed', snapshot(caller), caller.clientId);
  };
  const stops = [
    notices.onChange(tellAll),
    config.onChange((setting) => setting.key === locale.key && tellAll()),
    desktop?.onShortcutChange(tellAll),
    desktop?.onFaceWindowChange((open) => hub.tell('face.window', { open })),
    // A page that is loaded anew does not know what is open beside it.
    hub.onCame(({ clientId }) => hub.tell('face.window', { open: desktop?.faceWindowOpen() ?? false }, clientId)),
  ];

  return {
    handlers: {
      'app.snapshot': (_input, caller) => snapshot(caller),
      'app.setLocale': async (input) => void (await config.set(locale.key, input.locale)),
      async 'app.finishFirstRun'() {
        await firstRun.finish();
        tellAll();
      },
      'app.dismissNotice': ({ noticeId }) => notices.dismiss(noticeId),
      'app.restartPart': ({ part }) => deps.restartPart(part),
      async 'app.openExternal'({ url }) {
        if (desktop === undefined)
          throw new AppError('desktop.absent', 'There is no desktop here to open a link on. Open it in your own browser.');
        await desktop.openExternal(url);
      },
      'app.vitals': () => deps.vitals(),
      'face.setWindow'({ open }) {
        if (desktop === undefined)
          throw new AppError('face.no-desktop', 'There is no desktop here for a small window. Open OpenClaw on the computer itself.');
        desktop.setFaceWindow(open);
        return { open: desktop.faceWindowOpen() };
      },
    },
    dispose() {
      for (const stop of stops) stop?.();
    },
  };
}

/** Without a desktop there is nobody who could catch a key. */
const NO_SHORTCUT: ShortcutStatus = { accelerator: '', registered: false, hold: false };
