import { join } from 'node:path';
import { systemClock } from '../../src-main/base/clock.ts';
import { createDisposeBag } from '../../src-main/base/dispose.ts';
import type { Log } from '../../src-main/base/log.ts';
import type { Core, CoreOptions } from '../../src-main/compose.ts';
import { createKillSwitch, createKillSwitchHandlers, killSwitchSettings } from '../../src-main/modules/killswitch/index.ts';
import type { LatchRow } from '../../src-main/platform/store/index.ts';
import { createAppHandlers, createFirstRun, shellSettings, windowSettings } from '../../src-main/modules/shell/index.ts';
import { createConfig, createSettingsHandlers } from '../../src-main/platform/config/index.ts';
import {
  createContractHost,
  createPageHub,
  createPageResources,
  createUploads,
  jsonAnswer,
} from '../../src-main/platform/contract-host/index.ts';
import { createNoticeBoard } from '../../src-main/platform/notices/index.ts';
import { createSupervisedWorker } from '../../src-main/platform/workers/index.ts';
import type { ProbeEvent, ProbeMethods } from '../fixtures/workers/probe-methods.ts';
import { createScriptedHandlers } from './scripted-handlers.ts';
import { createPlainPhone } from './plain-phone.ts';

/**
 * Takes compose's place where the shell, the doors and the launchers are tested in real Electron: real contract host, settings and notices, and
 * one real worker, the probe. Uploads are kept as the app keeps them and can be fetched again at `/downloads/<uploadId>`. `doctor.run` tells its pid and what it sees, `app.restartPart` lets it crash.
 */
export async function compose(options: CoreOptions): Promise<Core> {
  const bag = createDisposeBag();
  const log = printingLog();
  const clock = systemClock;
  const { dataDirectory } = options.environment;
  const hub = createPageHub({ log, checkEvents: true });
  const notices = createNoticeBoard({ tell: hub.tell });
  const config = await createConfig({
    dataDirectory,
    definitions: [...shellSettings, ...windowSettings, ...killSwitchSettings],
    clock,
    log,
  });
  const spec = { name: 'recognition', entry: new URL('./probe.worker.js', import.meta.url), memoryLimitBytes: 1e9 } as const;
  const worker = bag.add(createSupervisedWorker<ProbeMethods, ProbeEvent>(spec, { launch: options.createLauncher(log), clock, log }));
  const app = createAppHandlers({
    version: options.version,
    config,
    notices,
    hub,
    firstRun: createFirstRun(dataDirectory),
    restartPart: () => worker.call('exit', { code: 3 }),
    vitals: () => ({ uptimeMs: 0, eventLoopDelayMs: { p50: 0, p95: 0, p99: 0, max: 0 }, processes: [] }),
    ...(options.desktop === undefined ? {} : { desktop: options.desktop }),
  });
  bag.add(app.dispose);
  const uploads = bag.add(await createUploads({ folder: join(dataDirectory, 'uploads'), clock }));
  const rows: LatchRow[] = [];
  const killSwitch = bag.add(
    createKillSwitch({
      dataDirectory,
      records: { read: () => rows.at(-1), write: (row) => void rows.push(row), record: () => undefined, events: () => [] },
      audit: { record: async () => undefined },
      recordForSure: async () => undefined,
      tell: (state) => hub.tell('killswitch.changed', state),
      clock,
      log,
    }),
  );
  const handlers = createScriptedHandlers({
    ...app.handlers,
    ...createKillSwitchHandlers({ killSwitch }),
    ...createPlainPhone({ hub, desktop: options.desktop }),
    ...createSettingsHandlers({ config, tell: hub.tell }),
    'session.start': (_input, caller) => {
      const sessionId = `ses_${caller.clientId}`;
      hub.openAudio(caller, sessionId);
      return {
        sessionId,
        conversationId: null,
        characterId: 'default',
        talk: { state: 'ready' },
        mode: 'hands-free',
        muted: false,
        pressed: false,
      };
    },
    'doctor.run': async () => {
      const environment = await worker.call('environment', {});
      const state = worker.state();
      return [{ part: state.state === 'running' ? String(state.pid) : '', ok: true, summary: Object.keys(environment).join(' ') }];
    },
  });
  return {
    killSwitch,
    verifyAudit: async () => ({ state: 'intact', count: 0, atLine: null }),
    exchangeUrl: () => undefined,
    program: { path: '/mcp', handle: async () => ({ status: 404, headers: {}, body: null }) },
    host: createContractHost({ handlers, log, checkResults: true }),
    hub,
    resources: createPageResources({
      '/uploads': { method: 'POST', answer: async ({ body }) => jsonAnswer({ uploadId: await uploads.receive(body) }) },
      '/downloads': {
        method: 'GET',
        answer: async ({ pathname }) => ({
          status: 200,
          contentType: 'application/octet-stream',
          cacheControl: 'no-store',
          body: await uploads.locate(pathname.split('/')[2] ?? ''),
        }),
      },
    }),
    attachAudio: (_kind, sessionId, media) => worker.attachPort(sessionId, media),
    config,
    notices,
    log,
    begin: () => undefined,
    dispose: () => bag.dispose(),
  };
}

const printLine =
  (level: string) =>
  (message: string, fields = {}): void =>
    console.log(level, message, fields);

function printingLog(): Log {
  return { debug: printLine('debug'), info: printLine('info'), warn: printLine('warn'), error: printLine('error') };
}
