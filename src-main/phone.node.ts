import { systemClock } from './base/clock.ts';
import { AppError, toErrorData } from './base/errors.ts';
import { silentLog } from './base/log.ts';
import { runPhoneCommand } from './modules/terminal/index.ts';
import { sendControlCommand } from './modules/shell/index.ts';
import { readEnvironment } from './platform/config/index.ts';
import { readServeFile } from './platform/contract-host/serve-file.ts';
import { connectBridge } from './platform/contract-host/web-client.ts';

/*
 * npm run phone -- status|call NUMBER|hangup|log|doctor [--json]: asks the running app, with the token that only its owner can read.
 * `prepare` builds the image of the exchange, as the set-up in the window does; set-up of the tests calls it.
 */

process.exitCode = process.argv[2] === 'prepare' ? await prepareImage() : await askApp();

function askApp(): Promise<number> {
  return runPhoneCommand(process.argv.slice(2), {
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
}

async function prepareImage(): Promise<number> {
  const [{ prepareExchangeImage }, { shippedExchangeDirectory }] = await Promise.all([
    import('./modules/telephony/index.ts'),
    import('./compose/platform.ts'),
  ]);
  const { cacheDirectory, dataDirectory, dockerHost } = readEnvironment();
  try {
    const recipeFolder = shippedExchangeDirectory();
    const imageId = await prepareExchangeImage({
      clock: systemClock,
      log: silentLog,
      cacheDirectory,
      dataDirectory,
      dockerHost,
      recipeFolder,
    });
    console.log(`The telephone exchange is ready (${imageId.slice(7, 19)}).`);
    return 0;
  } catch (error) {
    console.error(toErrorData(error).message);
    return 1;
  }
}
