import { parseArgs } from 'node:util';
import { AppError, toErrorData } from './base/errors.ts';
import { startServer } from './serve.ts';

/** The core without a window: serves the page at a loopback address and prints the link. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '18788' },
    listen: { type: 'string', default: '127.0.0.1' },
    'extra-host': { type: 'string', multiple: true },
  },
});

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new AppError('serve.bad-port', `--port takes a number from 0 (any free port) to 65535, not "${text}".`);
}

let stop = (): void => process.exit(0);
try {
  const server = await startServer({
    port: readPort(values.port),
    listenAddress: values.listen,
    extraHosts: values['extra-host'] ?? [],
    quit: () => stop(),
  });
  console.log(`OpenClaw Desktop is ready. Open this link in a browser on this computer (it works once):\n\n  ${server.door.issueLink()}\n`);
  console.log('A fresh link: node build/openclaw.mjs link. Stop: Ctrl+C.');
  let stopping = false;
  stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void Promise.resolve(server.dispose()).finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  console.error(error instanceof AppError ? toErrorData(error).message : error);
  process.exitCode = 1;
}
