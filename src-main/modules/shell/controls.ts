import type { SessionSnapshot } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { createDisposeBag } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { PageHub } from '../../platform/contract-host/index.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';
import type { RunCommand } from './commands.ts';
import { createCommands } from './commands.ts';
import type { ControlAnswer, ControlCommand } from './control-socket.ts';
import { openControlSocket } from './control-socket.ts';
import type { TrayState } from './shell.ts';
import { trayState } from './tray-state.ts';

/** The app seen and steered from outside its pages: what the tray shows, and what tray, keys and terminal may ask. */
export interface Controls extends Disposable {
  run: RunCommand;
  state(): TrayState;
  onState(listener: (state: TrayState) => void): Unsubscribe;
}

export interface ControlsDeps {
  hub: PageHub;
  notices: NoticeBoard;
  clock: Clock;
  log: Log;
  dataDirectory: string;
  version: string;
  /** Brings the window to the front; does nothing without one. */
  show: () => void;
  quit: () => void;
  /** A fresh one-time link to the page for a browser. */
  issueLink: () => Promise<string>;
  /** How long a command waits for a page that is still loading, ms. */
  patienceMs: number;
}

/** Opens the control socket; where the system cannot make one, the app works without and the log says why. */
export function openControls(deps: ControlsDeps): Controls {
  const { hub, notices, log } = deps;
  const bag = createDisposeBag();
  const listeners = new Set<(state: TrayState) => void>();
  const run = createCommands(deps);
  let session: SessionSnapshot | undefined;
  let shown: TrayState = 'ready';

  const refresh = (): void => {
    const next = trayState(notices.snapshot().parts, session);
    if (next === shown) return;
    shown = next;
    for (const listener of listeners) listener(next);
  };
  bag.add(notices.onChange(refresh));
  bag.add(
    hub.watch((name, payload, clientId) => {
      if (name === 'session.changed' && clientId === hub.commandClient()) session = payload as SessionSnapshot;
      refresh();
    }),
  );
  bag.add(
    hub.onGone(() => {
      session = undefined;
      refresh();
    }),
  );

  const answer = async (command: ControlCommand): Promise<ControlAnswer> => {
    if (command === 'status') return { status: { state: shown, version: deps.version, pid: process.pid } };
    if (command === 'link') return { link: await deps.issueLink() };
    await run(command);
    return {};
  };
  const socket = openControlSocket({ dataDirectory: deps.dataDirectory, run: answer, log }).catch((error: unknown) => {
    log.warn('control.not-open', { error });
    return undefined;
  });
  bag.add({ dispose: async () => (await socket)?.dispose() });

  return {
    run,
    state: () => shown,
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose: () => bag.dispose(),
  };
}
