import type { AuditVerdict, KillLevel, KillTrigger, SessionSnapshot } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { createDisposeBag } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { PageHub } from '../../platform/contract-host/index.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';
import type { KillSwitchService } from '../killswitch/index.ts';
import type { CallsNow } from './call-watch.ts';
import { watchCalls } from './call-watch.ts';
import type { RunCommand } from './commands.ts';
import { createCommands } from './commands.ts';
import type { ControlAnswer, ControlCommand, ControlRequest } from './control-socket.ts';
import { openControlSocket } from './control-socket.ts';
import type { TrayState } from './shell.ts';
import { trayState } from './tray-state.ts';

/** The app seen and steered from outside its pages: what the tray shows, and what tray, keys and terminal may ask. */
export interface Controls extends Disposable {
  run: RunCommand;
  state(): TrayState;
  onState(listener: (state: TrayState) => void): Unsubscribe;
  calls(): CallsNow;
  onCalls(listener: (now: CallsNow) => void): Unsubscribe;
  /** Stops everything. Needs no page, no window and no answer of anybody. */
  kill(trigger: KillTrigger, level?: KillLevel): void;
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
  killSwitch: KillSwitchService;
  /** Whether the audit log is whole. */
  verifyAudit: () => Promise<AuditVerdict>;
}

/** Opens the control socket; where the system cannot make one, the app works without and the log says why. */
export function openControls(deps: ControlsDeps): Controls {
  const { hub, notices, log } = deps;
  const bag = createDisposeBag();
  const listeners = new Set<(state: TrayState) => void>();
  const kill = (trigger: KillTrigger, level: KillLevel = 5): void => void deps.killSwitch.engage({ level, trigger });
  const calls = bag.add(watchCalls(hub));
  const run = createCommands({ ...deps, kill: () => kill('cli'), ownerTalks: () => calls.now().ownerTalks });
  let session: SessionSnapshot | undefined;
  let shown: TrayState = 'ready';

  const refresh = (): void => {
    const next = trayState(notices.snapshot().parts, session, deps.killSwitch.state().level, calls.now());
    if (next === shown) return;
    shown = next;
    for (const listener of listeners) listener(next);
  };
  bag.add(notices.onChange(refresh));
  bag.add(calls.onChange(refresh));
  bag.add(deps.killSwitch.onChange(refresh));
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

  const answer = createControlAnswers(deps, { run, state: () => shown });
  const socket = openControlSocket({ dataDirectory: deps.dataDirectory, run: answer, log }).catch((error: unknown) => {
    log.warn('control.not-open', { error });
    return undefined;
  });
  bag.add({ dispose: async () => (await socket)?.dispose() });

  refresh();

  return {
    run,
    kill,
    calls: calls.now,
    onCalls: calls.onChange,
    state: () => shown,
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose: () => bag.dispose(),
  };
}

/** What a terminal gets back. */
function createControlAnswers(
  deps: ControlsDeps,
  { run, state }: { run: RunCommand; state: () => TrayState },
): (command: ControlCommand, request: ControlRequest) => Promise<ControlAnswer> {
  const { killSwitch } = deps;
  return async (command, request) => {
    switch (command) {
      case 'status':
        return { status: { state: state(), version: deps.version, pid: process.pid } };
      case 'link':
        return { link: await deps.issueLink() };
      case 'kill':
        return { killSwitch: await killSwitch.engage({ level: request.level ?? 5, trigger: 'cli' }) };
      case 'kill-status':
        return { killSwitch: killSwitch.state() };
      case 'prepare-lift':
        return { lift: { ...killSwitch.prepareLift(), passphraseSet: killSwitch.state().passphraseSet } };
      case 'lift': {
        const { token = '', phrase = '', passphrase } = request;
        return { killSwitch: await killSwitch.lift({ token, phrase, passphrase }, 'terminal') };
      }
      case 'audit-verify':
        return { audit: await deps.verifyAudit() };
      case 'quiet':
        await run('stop');
        return {};
      default:
        await run(command);
        return {};
    }
  };
}
