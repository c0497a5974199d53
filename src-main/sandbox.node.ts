import { fileURLToPath } from 'node:url';
import { systemClock } from './base/clock.ts';
import { silentLog } from './base/log.ts';
import { createSandbox, judgeCommand, runSandboxCommand, TERMINAL_INSTANCE } from './modules/tools/index.ts';
import { readEnvironment } from './platform/config/index.ts';

/* npm run sandbox: the locked room from a terminal, without the app. */

const { cacheDirectory, dataDirectory, dockerHost, modelsDirectory } = readEnvironment();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const sandbox = createSandbox({
  clock: systemClock,
  log: silentLog,
  dockerHost,
  dataDirectory,
  modelsDirectory,
  cacheDirectory,
  recipeFolder: fileURLToPath(new URL('../resources/sandbox', import.meta.url)),
  // A name of its own: the sweep of a running app and ours leave each other's containers alone.
  instance: `${TERMINAL_INSTANCE}${process.pid}`,
  isWarm: false,
});
const code = await runSandboxCommand({
  args: process.argv.slice(2),
  sandbox,
  judge: judgeCommand,
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  signal: stop.signal,
});
await sandbox.dispose();
process.exit(code);
