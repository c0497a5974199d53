import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Locator, Page } from 'playwright';
import { windowLaunch } from '../../build/lib/launch.mjs';
import { readRuntime } from '../../build/lib/electron-runtime.mjs';
import { readPaths } from '../../build/lib/paths.mjs';
import { appStep } from '../../build/lib/step-app.mjs';
import { writeWavFile } from '../../src-main/platform/audio/index.ts';
import { readEnvironment, readOwnerEnvironment } from '../../src-main/platform/config/index.ts';
import type { CallInput, CallName, CallOutcome, CallResult, Message, PreloadApi, SettingValue } from '../../src-preload/contract/index.ts';
import { en } from '../../src-renderer/i18n/en.ts';
import { electronExecutable, launchElectron } from './launch-electron.ts';

declare const window: Window & { openclaw: PreloadApi };

/** The app as its owner has it: built entry, real core, real models, real worker processes, a data folder of its own. */
export interface SpokenHome {
  /** For files of the test; deleted in the end. */
  readonly folder: string;
  /** Starts it, or starts it again with the same data. `microphone`: a file that Chromium plays into an invented one, or none at all. */
  start(options?: StartOptions): Promise<SpokenApp>;
  /** Starts it without Playwright and resolves with its exit code: a second instance. */
  startSecond(...args: string[]): Promise<number | null>;
  dispose(): Promise<void>;
}

export interface StartOptions {
  microphone?: 'file' | 'none';
  /** More switches for Chromium, and modules for Electron to load first (`-r`). */
  switches?: readonly string[];
  env?: Record<string, string>;
}

export interface SpokenApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** Asks the core as the page does; rejects with the error's code. */
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallResult<Name>>;
  button(name: string): Locator;
  /** The answer on screen that was given last. */
  answer(): Locator;
  /** Asks in writing; `label` is the input's name in the language of the window. */
  type(text: string, label?: string): Promise<void>;
  /** Ends the answer, if one is still under way. */
  stop(): Promise<void>;
  /** Changes a setting. */
  set(key: string, value: SettingValue): Promise<void>;
  /** What the microphone hears from its next opening on, once, and then silence. 16 kHz mono. */
  loadMicrophone(samples: Float32Array): Promise<void>;
  /** Speaks into the open microphone: the other invented device is chosen in the settings, and plays these samples from its opening on. */
  speak(samples: Float32Array): Promise<void>;
  /** The messages of the conversation that was used last, oldest first. */
  messages(): Promise<Message[]>;
  /** Until the stage says so. `stage` is its own name in the language of the window. */
  waitForState(title: string, stage?: string): Promise<void>;
  /** Ends the worker's process at once, from outside, and nothing else. */
  killWorker(name: 'recognition' | 'synthesis' | 'language'): Promise<void>;
  /** Errors of the page since the last call. */
  takeFaults(): string[];
  /** What the core warned of since the last call that has to do with its workers: one that had to be started again explains what else fails. */
  takeWarnings(): string[];
  close(): Promise<void>;
}

const RATE_HZ = 16_000;
/** Models are loaded from a cold disk on a busy machine. */
const STATE_TIMEOUT_MS = 60_000;

/** Builds the app where a source has changed since, and makes a data folder that has never been used. */
export async function openSpokenHome(): Promise<SpokenHome> {
  const paths = readPaths();
  const runtime = readRuntime(paths);
  if (runtime === undefined) throw new Error('Electron is not set up. Run "npm run setup".');
  const build = appStep(paths);
  if (await build.check()) await build.run(() => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-spoken-'));
  const dataDirectory = join(folder, 'data');
  const microphoneFile = join(folder, 'microphone.wav');
  const launch = windowLaunch(paths, runtime);
  const environment = {
    OPENCLAW_DATA_DIR: dataDirectory,
    OPENCLAW_MODELS_DIR: readEnvironment().modelsDirectory,
    OPENCLAW_TEST: '1',
    // The window starts in English, whatever the tester speaks.
    LANGUAGE: 'en',
    LANG: 'C.UTF-8',
  };
  const env = (more: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(readOwnerEnvironment({ ...launch.env, ...environment, ...more })).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
  const running: SpokenApp[] = [];

  return {
    folder,
    async start({ microphone = 'file', switches = [], env: more = {} } = {}) {
      await writeWavFile(microphoneFile, { samples: new Float32Array(RATE_HZ), sampleRateHz: RATE_HZ });
      const invented = ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${microphoneFile}%noloop`];
      const args = [...switches, ...(microphone === 'file' ? invented : []), ...launch.args];
      const app = await openApp(await launchElectron({ args, env: env(more) }), microphoneFile);
      running.push(app);
      return app;
    },
    async startSecond(...args) {
      const second = spawn(electronExecutable(), [...launch.args, ...args], { env: env(), stdio: 'ignore' });
      const [code] = (await once(second, 'exit')) as [number | null];
      return code;
    },
    async dispose() {
      for (const app of running) await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openApp(electron: ElectronApplication, microphoneFile: string): Promise<SpokenApp> {
  let output = '';
  electron.process().stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
  electron.process().stderr?.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const page = await electron.firstWindow();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.waitForSelector('nav');

  const app: SpokenApp = {
    electron,
    page,
    async call(name, input) {
      const outcome: CallOutcome = await page.evaluate(([asked, given]) => window.openclaw.call(asked, given), [name, input] as const);
      if (!outcome.ok) throw new Error(`${name}: ${outcome.error.code}`);
      return outcome.value as CallResult<typeof name>;
    },
    button: (name) => page.getByRole('button', { name, exact: true }),
    answer: () => page.locator('.answer').last(),
    async type(text, label = en.chat.inputLabel) {
      await page.getByRole('textbox', { name: label }).fill(text);
      await page.keyboard.press('Enter');
    },
    stop: () => page.keyboard.press('Escape'),
    async set(key, value) {
      await app.call('settings.set', { key, value });
    },
    loadMicrophone: (samples) => writeWavFile(microphoneFile, { samples, sampleRateHz: RATE_HZ }),
    async speak(samples) {
      await app.loadMicrophone(samples);
      const inUse = (await app.call('settings.list', {})).find((setting) => setting.key === 'talk.microphone')?.value;
      const names = await page.evaluate(async () => (await navigator.mediaDevices.enumerateDevices()).map(({ label }) => label));
      const other = names.find((name) => name.startsWith('Fake Audio Input') && name !== inUse);
      if (other === undefined) throw new Error(`There is no other invented microphone among ${names.join(', ')}`);
      await app.set('talk.microphone', other);
    },
    async messages() {
      const [latest] = await app.call('conversations.list', {});
      return latest ? app.call('conversations.messages', { id: latest.id, limit: 100 }) : [];
    },
    async waitForState(title, stage = en.stage.label) {
      await page.getByLabel(stage, { exact: true }).getByText(title, { exact: true }).first().waitFor({ timeout: STATE_TIMEOUT_MS });
    },
    async killWorker(name) {
      const { processes } = await app.call('app.vitals', {});
      const pid = processes.find((process) => process.name === name)?.pid;
      if (pid === undefined) throw new Error(`The ${name} worker does not run.`);
      process.kill(pid, 'SIGKILL');
    },
    takeFaults: () => faults.splice(0),
    takeWarnings() {
      const warnings = output.match(/^.*\b(?:worker|language)\.[a-z-]+.*$/gm) ?? [];
      output = '';
      return warnings;
    },
    close: () => electron.close().catch(() => undefined),
  };
  return app;
}
