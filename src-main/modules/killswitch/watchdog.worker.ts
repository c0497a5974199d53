import { runWatchdog } from './watchdog/watchdog-run.ts';

/*
 * Entry of the watchdog's process. It is no supervised worker: it must live on when the app does not. Signals of the terminal that started the app are not
 * for it; it ends when the app says goodbye, or after it has cleared away what a dead app has left.
 */
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
await runWatchdog({ input: process.stdin, output: process.stdout });
process.exit(0);
