import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { PageHub } from '../../platform/contract-host/index.ts';
import type { ShellCommand } from './shell.ts';

export interface CommandsDeps {
  hub: PageHub;
  clock: Clock;
  /** Brings the window to the front; does nothing without one. */
  show: () => void;
  quit: () => void;
  /** Stops everything that acts. */
  kill: () => void;
  /** The owner is on the telephone in the window. */
  ownerTalks: () => boolean;
  /** How long a command waits for a page that is still loading, ms. */
  patienceMs: number;
}

/** Does one command. Rejects with `control.no-page` when it is meant for a page and none is there, with `control.in-call` for talk during a call. */
export type RunCommand = (command: ShellCommand) => Promise<void>;

/** Does what the owner asks from outside the page: what belongs to the page (its microphone above all) is passed on to it. */
export function createCommands({ hub, clock, show, quit, kill, ownerTalks, patienceMs }: CommandsDeps): RunCommand {
  const pageThere = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const present = hub.commandClient();
      if (present !== undefined) {
        resolve(present);
        return;
      }
      const timer = clock.after(patienceMs, () => {
        stop();
        reject(
          new AppError('control.no-page', 'No window or page is open that could listen. Open one with "openclaw show" or "openclaw link".'),
        );
      });
      const stop = hub.onCame(({ clientId }) => {
        timer.cancel();
        stop();
        resolve(clientId);
      });
    });

  return async (command) => {
    switch (command) {
      case 'show':
        show();
        return;
      case 'quit':
        quit();
        return;
      case 'kill':
        kill();
        return;
      case 'stop':
        // Whoever asks for silence means every page.
        hub.tell('shell.command', { command });
        return;
      case 'show-settings':
      case 'show-models':
      case 'new-conversation':
        show();
        break;
      case 'talk-toggle':
      case 'talk-press':
        // What is said now is for the other end of the call. Letting the key go still counts: it may have been pressed before.
        if (ownerTalks())
          throw new AppError(
            'control.in-call',
            'You are on the telephone, so the assistant does not listen. Talk to it again after the call.',
          );
        break;
      default:
    }
    hub.tell('shell.command', { command }, await pageThere());
  };
}
