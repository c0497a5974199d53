import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createSandbox, judgeCommand, type Sandbox } from '../../src-main/modules/tools/index.ts';
import { readEnvironment } from '../../src-main/platform/config/index.ts';
import { createToolsRig } from '../doubles/tools-rig.ts';

const rig = createToolsRig({ realClock: systemClock, judge: judgeCommand, sandbox: (gate, home) => makeSandbox(gate, home) });
const { sandbox } = rig;
afterAll(async () => {
  await rig.dispose();
  await sandbox.dispose();
});

function makeSandbox(gate: Parameters<typeof createSandbox>[0]['gate'], home: string): Sandbox {
  const { cacheDirectory, dockerHost } = readEnvironment();
  const dataDirectory = join(home, 'data');
  mkdirSync(join(dataDirectory, 'sandbox'), { recursive: true });
  const recipeFolder = join(import.meta.dirname, '../../resources/sandbox');
  return createSandbox({
    clock: systemClock,
    log: silentLog,
    dockerHost,
    dataDirectory,
    modelsDirectory: join(home, 'models'),
    cacheDirectory,
    recipeFolder,
    homeDirectory: home,
    isWarm: false,
    ...(gate ? { gate } : {}),
  });
}

const { state } = await sandbox.refresh();
const found = state === 'no-image' ? (await sandbox.prepare()).state : state;
const notes = join(rig.home, 'OpenClaw', 'notes');
mkdirSync(notes, { recursive: true });
writeFileSync(join(notes, 'shopping.md'), 'milk\n');

describe.skipIf(found !== 'ready')(`tools in the locked room${found === 'ready' ? '' : ` (skipped: needs Docker; it is ${found})`}`, () => {
  it('answer the first question of the issue by two commands that really ran', async () => {
    const intent = rig.tools.intent('How much free space is on my disk, and what is in my notes folder?', 'en');
    const turn = rig.turn();
    const results = await Promise.all((intent?.calls ?? []).map((call) => turn.call(call)));
    expect(results.map((result) => result.state)).toEqual(['done', 'done']);
    expect(intent?.answer(results)).toMatch(
      /^Your disk has [\d.]+ \w+ free of [\d.]+ \w+\. Your notes folder holds one thing: shopping\.md\.$/,
    );
    expect(rig.tools.calls({ limit: 9 }).map(({ tool, plan }) => [tool, plan.sandboxed])).toEqual([
      ['run_command', true],
      ['run_command', true],
    ]);
  });

  it('find no network, no home and no other file there', async () => {
    const list = await rig.call('run_command', { command: 'ls -a /root /home /workspace' });
    expect(list.text).not.toContain('.ssh');
    expect(list.text).toContain('notes');
    expect(await rig.call('run_command', { command: 'cat /proc/net/route' })).toMatchObject({ state: 'done' });
    expect((await rig.call('run_command', { command: 'cat /proc/net/route' })).text.trim().split('\n')).toHaveLength(1);
  });

  it('are ended by the off-switch in the middle of a run', async () => {
    const call = rig.call('run_command', { command: 'tail -f /dev/null' });
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    for (const approval of rig.tools.approvals()) rig.tools.answer(approval.id, 'once', 'window');
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    rig.gate.shut('tool');
    expect(await call).toMatchObject({ state: 'stopped' });
    expect(await rig.call('run_command', { command: 'ls' })).toMatchObject({ state: 'stopped' });
  });
});
