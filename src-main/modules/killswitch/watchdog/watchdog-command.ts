import { fileURLToPath } from 'node:url';
import { WATCHDOG_SWITCH } from '../../../platform/workers/index.ts';
import type { WatchdogCommand } from './watchdog-client.ts';

/** Without Electron this program is Node, and the watchdog a second one of it. `entry`: `workerEntry('watchdog')`. */
export function nodeWatchdogCommand(entry: URL, env: Record<string, string>): WatchdogCommand {
  return { command: process.execPath, args: [fileURLToPath(entry)], env };
}

/**
 * A packaged Electron refuses to be plain Node (its fuse is off, so that nobody can use the app to run code of theirs), so it starts itself with a switch that
 * its entry looks for before anything else. `appPath`: of an app that is not packaged; undefined = it is.
 */
export function electronWatchdogCommand(options: {
  appPath: string | undefined;
  isSandboxed: boolean;
  env: Record<string, string>;
}): WatchdogCommand {
  const args = [
    ...(options.appPath === undefined ? [] : [options.appPath]),
    WATCHDOG_SWITCH,
    ...(options.isSandboxed ? [] : ['--no-sandbox']),
  ];
  return { command: process.execPath, args, env: options.env };
}
