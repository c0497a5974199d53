import type { ShellCommand } from './shell.ts';

/** What a start of the app asks for; a second start passes it to the running one. */
export interface LaunchOptions {
  command: ShellCommand;
  /** Starts in the tray, for "start with the computer". */
  hidden: boolean;
}

const COMMANDS: ReadonlyMap<string, ShellCommand> = new Map([
  ['--talk', 'talk-toggle'],
  ['--mute', 'mute-toggle'],
  ['--quiet', 'stop'],
  ['--stop', 'kill'],
  ['--quit', 'quit'],
]);

/** Reads the command line; what it does not know is Chromium's or Electron's. Without a command the window is shown. */
export function readLaunchOptions(commandLine: readonly string[]): LaunchOptions {
  const asked = commandLine.map((word) => COMMANDS.get(word)).find((command) => command !== undefined);
  return { command: asked ?? 'show', hidden: commandLine.includes('--hidden') };
}
