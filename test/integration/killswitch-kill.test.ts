import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createKillSwitch } from '../../src-main/modules/killswitch/index.ts';
import { createAuditLog } from '../../src-main/platform/observability/index.ts';
import { openKeyring } from '../../src-main/platform/secrets/index.ts';
import { openStore } from '../../src-main/platform/store/index.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const STEPPER = fileURLToPath(new URL('../fixtures/killswitch/stepper.ts', import.meta.url));
const STOP_STEPS = [
  'stop-begin',
  'file-draft-made',
  'file-draft-written',
  'file-draft-synced',
  'file-renamed',
  'file-folder-synced',
  'stop-between',
  'stop-end',
];
const LIFT_STEPS = [
  'record-begin',
  'record-end',
  'lift-row',
  'lift-audit',
  'release-begin',
  'release-between',
  'release-file-draft-made',
  'release-file-draft-written',
  'release-file-draft-synced',
  'release-file-renamed',
  'release-file-folder-synced',
  'release-end',
];

/** Runs the stepper to its end, and its watchdog as well. Resolves with the signal that ended it and what it printed. */
async function run(folder: string, ...args: string[]): Promise<{ endedBy: NodeJS.Signals | null; printed: string[] }> {
  const child = spawn(process.execPath, [STEPPER, folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  const endedBy = await new Promise<NodeJS.Signals | null>((done) => void child.once('close', (_code, signal) => done(signal)));
  while (existsSync(join(folder, 'watchdog.json'))) await pause(20);
  return { endedBy, printed: text.trim().split('\n') };
}

/** What a start of the app finds. */
async function look(dataDirectory: string) {
  const clock = systemClock;
  const log = silentLog;
  const keyring = await openKeyring({ dataDirectory, clock, log });
  const audit = createAuditLog({ dataDirectory, keys: keyring, clock, log });
  const store = await openStore({
    dataDirectory,
    keyring,
    nativeBinding: undefined,
    clock,
    log,
    keepBackups: () => 0,
    historyDays: () => 0,
  });
  const killSwitch = createKillSwitch({
    dataDirectory,
    records: store.latch,
    audit,
    recordForSure: audit.recordForSure,
    tell: () => undefined,
    clock,
    log,
  });
  const found = {
    level: killSwitch.state().level,
    trigger: killSwitch.state().trigger,
    lifts: store.latch.events(100).filter(({ kind }) => kind === 'lift').length,
    auditedLifts: (await audit.read()).filter(({ action }) => action === 'killswitch.lift').length,
  };
  await killSwitch.dispose();
  await store.dispose();
  return found;
}

describe('a stop that is killed in the middle', () => {
  it.each(STOP_STEPS)('is engaged after a restart when there is a watchdog (%s)', async (step) => {
    const folder = await temporaryFolder();
    const { endedBy, printed } = await run(folder, 'engage', step, 'watched');
    expect([endedBy, printed]).toEqual(['SIGKILL', ['0']]);
    expect(await look(folder)).toMatchObject({ level: 3, trigger: 'tray' });
  });

  it.each(STOP_STEPS)('is engaged or was never begun, and nothing between, when there is none (%s)', async (step) => {
    const folder = await temporaryFolder();
    const { endedBy } = await run(folder, 'engage', step, 'alone');
    expect(endedBy).toBe('SIGKILL');
    const isOnDisk = STOP_STEPS.indexOf(step) >= STOP_STEPS.indexOf('file-renamed');
    expect(await look(folder)).toMatchObject({ level: isOnDisk ? 3 : 0 });
  });
});

describe('a lift that is killed in the middle', () => {
  it.each(LIFT_STEPS)('leaves it engaged, or lifted with its whole record (%s)', async (step) => {
    const folder = await temporaryFolder();
    await run(folder, 'engage', '-', 'alone');
    const { endedBy, printed } = await run(folder, 'lift', step, 'alone');
    expect([endedBy, printed]).toEqual(['SIGKILL', ['3']]);
    const found = await look(folder);
    const isOnDisk = LIFT_STEPS.indexOf(step) >= LIFT_STEPS.indexOf('release-file-renamed');
    expect(found.level).toBe(isOnDisk ? 0 : 3);
    if (found.level === 0) expect(found).toMatchObject({ lifts: 1, auditedLifts: 1 });
  });

  it('is done when nobody kills it, and stays so', async () => {
    const folder = await temporaryFolder();
    await run(folder, 'engage', '-', 'watched');
    expect((await run(folder, 'lift', '-', 'watched')).printed).toEqual(['3', '0']);
    expect(await look(folder)).toEqual({ level: 0, trigger: null, lifts: 1, auditedLifts: 1 });
  });
});
