import { AppError } from './base/errors.ts';
import { runPhoneCommand } from './modules/terminal/index.ts';
import { sendControlCommand } from './modules/shell/index.ts';
import { readEnvironment } from './platform/config/index.ts';
import { readServeFile } from './platform/contract-host/serve-file.ts';
import { connectBridge } from './platform/contract-host/web-client.ts';

/*
 * npm run phone -- status|call NUMBER|hangup|log|doctor [--json]: asks the running app, with the token that only its owner can read.
 */

process.exitCode = await runPhoneCommand(process.argv.slice(2), {
  async connect() {
    const { dataDirectory } = readEnvironment();
    // The window opens its web door only when somebody wants it: asking for a link does.
    const app =
      (await readServeFile(dataDirectory)) ?? (await sendControlCommand(dataDirectory, 'link').then(() => readServeFile(dataDirectory)));
    if (app === undefined) throw new AppError('control.not-running', 'OpenClaw Desktop is not running. Start it with "npm start".');
    return connectBridge(app);
  },
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
