import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AppError, toErrorData } from './base/errors.ts';
import { bridgeMcp } from './modules/mcp/index.ts';
import { sendControlCommand } from './modules/shell/index.ts';
import { readEnvironment } from './platform/config/index.ts';
import { readServeFile, type ServeInfo } from './platform/contract-host/serve-file.ts';

/*
 * `openclaw mcp`: the running assistant as an MCP server over standard input and output, for programs that start their servers themselves.
 * Standard output belongs to the protocol; everything for people goes to the error output.
 */
const { values } = parseArgs({ options: { 'token-file': { type: 'string' } } });

/** The window opens its web door only when somebody wants it: asking for a link does. */
async function findApp(dataDirectory: string): Promise<ServeInfo> {
  const open = await readServeFile(dataDirectory);
  if (open !== undefined) return open;
  await sendControlCommand(dataDirectory, 'link');
  const opened = await readServeFile(dataDirectory);
  if (opened === undefined) throw new AppError('control.not-running', 'OpenClaw Desktop is not running. Start it with "npm start".');
  return opened;
}

try {
  const app = await findApp(readEnvironment().dataDirectory);
  const file = values['token-file'];
  const token = file === undefined ? app.token : (await readFile(file, 'utf8')).trim();
  await bridgeMcp({ url: new URL('/mcp', app.url), token, input: process.stdin, output: process.stdout });
} catch (error) {
  console.error(error instanceof AppError ? toErrorData(error).message : error);
  process.exitCode = 1;
}
