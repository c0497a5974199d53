import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { build } from 'vite';
import config from '../../electron.vite.config.ts';
import { electronExecutable, launchElectron } from './launch-electron.ts';

const root = resolve(import.meta.dirname, '../..');
const SWITCHES = ['--no-sandbox', '--use-fake-device-for-media-stream'];

/** The app's real entry, preload, shell and doors around a plain core (plain-core.ts) and an empty page, built into a folder of its own. */
export interface ShellApp {
  /** Starts it, or starts it again with the same data directory. */
  start(...args: string[]): Promise<RunningShell>;
  /** Starts it without Playwright and resolves with its exit code: a second instance. */
  startSecond(...args: string[]): Promise<number | null>;
  readonly dataDirectory: string;
  dispose(): Promise<void>;
}

export interface RunningShell {
  electron: ElectronApplication;
  page: Page;
  /** Everything that the main process printed. */
  output(): string;
}

/** `page`: a folder of `test/doubles` with an index.html that takes the empty page's place. */
export async function buildShellApp(options: { page?: string } = {}): Promise<ShellApp> {
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-shell-'));
  const dataDirectory = join(folder, 'data');
  await mkdir(dataDirectory);
  await buildInto(folder);
  if (options.page !== undefined) await buildPage(options.page, join(folder, 'out/renderer'));
  const variables = { ...process.env, OPENCLAW_DATA_DIR: dataDirectory, OPENCLAW_TEST: '1', OPENCLAW_SECRET_OF_THE_OWNER: 'secret' };
  const environment = Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const running: ElectronApplication[] = [];

  return {
    dataDirectory,
    async start(...args) {
      const electron = await launchElectron({ args: [...SWITCHES, folder, ...args], env: environment });
      running.push(electron);
      let output = '';
      electron.process().stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
      const page = await electron.firstWindow();
      await page.waitForFunction(() => 'openclaw' in window);
      return { electron, page, output: () => output };
    },
    startSecond(...args) {
      const second: ChildProcess = spawn(electronExecutable(), [...SWITCHES, folder, ...args], { env: environment, stdio: 'ignore' });
      return new Promise((done) => void second.once('exit', done));
    },
    async dispose() {
      for (const electron of running) await electron.close().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Builds a page of `test/doubles` as it is. */
export async function buildPage(name: string, outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: join(root, 'test/doubles', name),
    base: './',
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'chrome130',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
    },
  });
}

async function buildInto(folder: string): Promise<void> {
  const { main, preload } = config as { main: { build: object }; preload: { build: object } };
  const plainCore = {
    name: 'plain-core',
    enforce: 'pre',
    resolveId: (id: string) => (id.endsWith('/compose.ts') ? join(root, 'test/doubles/plain-core.ts') : undefined),
  } as const;
  const common = { root, configFile: false, logLevel: 'error', ssr: { noExternal: true } } as const;
  const input = {
    'main.electron': join(root, 'src-main/main.electron.ts'),
    'probe.worker': join(root, 'test/fixtures/workers/probe.worker.ts'),
  };
  const { rolldownOptions } = main.build as { rolldownOptions: object };
  await build({
    ...common,
    plugins: [plainCore],
    build: { ...main.build, ssr: true, outDir: join(folder, 'out/main'), rolldownOptions: { ...rolldownOptions, input } },
  });
  await build({ ...common, build: { ...preload.build, ssr: true, outDir: join(folder, 'out/preload') } });
  await mkdir(join(folder, 'out/renderer'));
  await writeFile(join(folder, 'out/renderer/index.html'), '<!doctype html><title>page</title><body><script src="./page.js"></script>');
  await writeFile(join(folder, 'out/renderer/page.js'), PAGE_SCRIPT);
  await writeFile(join(folder, 'out/renderer/face.html'), '<!doctype html><title>face</title>');
  await cp(join(root, 'resources/icons'), join(folder, 'resources/icons'), { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    '{"name": "shell-app", "version": "1.2.3", "type": "module", "main": "out/main/main.electron.js"}',
  );
}

/** Keeps what the core tells and the ports it sends, for the tests to look at. */
const PAGE_SCRIPT = `
window.commands = [];
window.notices = [];
window.visible = [];
window.ports = {};
window.openclaw.on('shell.command', ({ command }) => window.commands.push(command));
window.openclaw.on('shell.visible', ({ visible }) => window.visible.push(visible));
window.openclaw.on('app.notice', ({ code }) => window.notices.push(code));
window.addEventListener('message', ({ data, ports }) => data.channel === 'openclaw:port' && (window.ports[data.kind] = ports[0]));
`;
