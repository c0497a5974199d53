import { systemClock } from './base/clock.ts';
import { AppError, toErrorData } from './base/errors.ts';
import {
  askAloud,
  askInWriting,
  checkAnswerPath,
  exchangeJson,
  exchangeText,
  openHeadlessPage,
  parseTalkOptions,
  readQuestion,
  soundFile,
  talkHelp,
  writeAnswer,
  type TalkOptions,
  type TerminalExchange,
} from './modules/terminal/index.ts';
import { sendControlCommand } from './modules/shell/index.ts';
import { readEnvironment } from './platform/config/index.ts';
import { readServeFile, type ServeInfo } from './platform/contract-host/serve-file.ts';
import { connectBridge } from './platform/contract-host/web-client.ts';
import { startServer } from './serve.ts';

/** Longer recordings are given as one push-to-talk sentence, faster than real time. */
const REAL_TIME_SAMPLES = 16_000 * 60;

type Question = Extract<TalkOptions, { ask: 'aloud' | 'in-writing' }>;

/** The core that runs already, or one of our own for as long as it takes. Two of them would undo each other's settings. */
async function reachCore(): Promise<{ address: { url: string; token: string }; end: () => Promise<void> }> {
  const { dataDirectory } = readEnvironment();
  const running = (await readServeFile(dataDirectory)) ?? (await openDoorOfWindow(dataDirectory));
  if (running) return { address: running, end: async () => undefined };
  const server = await startServer({ port: 0 });
  const own = await readServeFile(dataDirectory);
  if (!own)
    throw new AppError('serve.not-reachable', 'The core was started but left no address. Check that the data folder can be written.');
  return { address: own, end: async () => server.dispose() };
}

/** A window listens on no port before somebody asks for a link to its page. */
async function openDoorOfWindow(dataDirectory: string): Promise<ServeInfo | undefined> {
  try {
    await sendControlCommand(dataDirectory, 'link');
  } catch (error) {
    if (toErrorData(error).code === 'control.not-running') return undefined;
    throw error;
  }
  return readServeFile(dataDirectory);
}

async function exchange(question: Question): Promise<TerminalExchange> {
  const samples = question.ask === 'aloud' ? await readQuestion(question.audioPath) : undefined;
  if (question.outPath !== undefined) await checkAnswerPath(question.outPath);
  const core = await reachCore();
  try {
    const client = await connectBridge(core.address);
    const isLong = samples !== undefined && samples.length > REAL_TIME_SAMPLES;
    const mode = isLong ? 'push-to-talk' : 'hands-free';
    const page = await openHeadlessPage({ bridge: client, openAudio: client.openAudio, clock: systemClock, mode });
    try {
      if (question.ask === 'in-writing') return await askInWriting(page, question.text, question.outPath !== undefined);
      return await askAloud(page, samples ?? new Float32Array(0), isLong ? 'at-once' : 'real-time');
    } finally {
      await page.close();
      await client.dispose();
    }
  } finally {
    await core.end();
  }
}

async function talk(question: Question): Promise<number> {
  try {
    const done = await exchange(question);
    if (done.problem) console.error(done.problem.message);
    if (!question.json) console.log(exchangeText(done));
    const file = soundFile(done.sound);
    if (question.outPath !== undefined && file) await writeAnswer(question.outPath, file);
    if (question.json) console.log(exchangeJson(done));
    return done.status === 'failed' ? 1 : 0;
  } catch (error) {
    const data = toErrorData(error);
    console.error(data.message);
    if (question.json) console.log(JSON.stringify({ error: data }));
    return 1;
  }
}

const options = parseTalkOptions(process.argv.slice(2));
if (options.ask === 'help') {
  console.log(talkHelp);
  process.exit(0);
}
if (options.ask === 'nothing') {
  console.error(`${options.problem}\n\n${talkHelp}`);
  process.exit(2);
}
process.exit(await talk(options));
