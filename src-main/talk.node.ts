import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock } from './base/clock.ts';
import { AppError, toErrorData } from './base/errors.ts';
import {
  askAloud,
  askInWriting,
  exchangeJson,
  exchangeText,
  openHeadlessPage,
  soundFile,
  type TerminalExchange,
} from './modules/terminal/index.ts';
import { readWavFile, resample } from './platform/audio/index.ts';
import { readEnvironment } from './platform/config/index.ts';
import { readServeFile } from './platform/contract-host/serve-file.ts';
import { connectBridge } from './platform/contract-host/web-client.ts';
import { startServer } from './serve.ts';

const help = `npm run talk -- --audio question.wav [--out answer.wav] [--json]
npm run talk -- --text "…" [--out answer.wav] [--json]

One exchange through the same core as in the window: transcript, answer and the latency of each stage.

  --audio FILE   A WAV file (any rate, mono or stereo) that is spoken to the assistant in real time.
  --text TEXT    The question in writing.
  --out FILE     Where the spoken answer goes, as WAV.
  --json         One JSON object as the last line: {"transcript", "answer", "status", "latency_ms"}.
`;

const HEARING_RATE_HZ = 16_000;
/** Longer recordings are given as one push-to-talk sentence, faster than real time. */
const REAL_TIME_SAMPLES = HEARING_RATE_HZ * 60;

const { values } = parseArgs({
  options: {
    audio: { type: 'string' },
    text: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || (values.audio === undefined) === (values.text === undefined)) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}

/** The core that runs already, or one of our own for as long as it takes. */
async function reachCore(): Promise<{ address: { url: string; token: string }; end: () => Promise<void> }> {
  const { dataDirectory } = readEnvironment();
  const running = await readServeFile(dataDirectory);
  if (running) return { address: running, end: async () => undefined };
  const server = await startServer({ port: 0 });
  const own = await readServeFile(dataDirectory);
  if (!own)
    throw new AppError('serve.not-reachable', 'The core was started but left no address. Check that the data folder can be written.');
  return { address: own, end: async () => server.dispose() };
}

async function exchange(): Promise<TerminalExchange> {
  const sound = values.audio === undefined ? undefined : await readWavFile(values.audio);
  const samples = sound && resample(sound.samples, sound.sampleRateHz, HEARING_RATE_HZ);
  const core = await reachCore();
  try {
    const client = await connectBridge(core.address);
    const isLong = samples !== undefined && samples.length > REAL_TIME_SAMPLES;
    const mode = isLong ? 'push-to-talk' : 'hands-free';
    const page = await openHeadlessPage({ bridge: client, openAudio: client.openAudio, clock: systemClock, mode });
    try {
      return samples
        ? await askAloud(page, samples, isLong ? 'at-once' : 'real-time')
        : await askInWriting(page, values.text ?? '', values.out !== undefined);
    } finally {
      await page.close();
      await client.dispose();
    }
  } finally {
    await core.end();
  }
}

try {
  const done = await exchange();
  const file = soundFile(done.sound);
  if (values.out !== undefined && file) await writeFile(values.out, file);
  if (!values.json) console.log(exchangeText(done));
  else console.log(exchangeJson(done));
  process.exit(done.status === 'failed' ? 1 : 0);
} catch (error) {
  const data = toErrorData(error);
  console.error(data.message);
  if (values.json) console.log(JSON.stringify({ error: data }));
  process.exit(1);
}
