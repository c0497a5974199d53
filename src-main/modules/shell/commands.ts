import type { PageHub } from '../../platform/contract-host/index.ts';
import type { ShellCommand } from './shell.ts';

export interface CommandsDeps {
  hub: PageHub;
  /** Brings the window to the front; does nothing without one. */
  show: () => void;
  quit: () => void;
}

/** Does what the owner asks from outside the page: what belongs to the page (its microphone above all) is passed on to it. */
export function createCommands({ hub, show, quit }: CommandsDeps): (command: ShellCommand) => void {
  return (command) => {
    switch (command) {
      case 'show':
        show();
        return;
      case 'quit':
        quit();
        return;
      case 'stop':
        // Whoever asks for silence means every page.
        hub.tell('shell.command', { command });
        return;
      case 'show-settings':
      case 'show-models':
      case 'new-conversation':
        show();
        hub.tell('shell.command', { command }, hub.commandClient());
        return;
      default:
        hub.tell('shell.command', { command }, hub.commandClient());
    }
  };
}
