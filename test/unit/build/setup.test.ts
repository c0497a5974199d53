import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReport } from '../../../build/lib/report.mjs';
import { SetupError } from '../../../build/lib/setup-error.mjs';
import { setUp } from '../../../build/lib/setup.mjs';
import type { Step } from '../../../build/lib/setup.mjs';

/** A machine in a temporary folder, where a step is "done" once its file exists. */
function createMachine() {
  const root = mkdtempSync(join(tmpdir(), 'openclaw-setup-'));
  mkdirSync(join(root, 'src-main'));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  const paths = { root, data: join(root, 'd'), models: join(root, 'm'), cache: join(root, 'c') };
  const ran: string[] = [];
  const checked: string[] = [];
  const done = new Set<string>();
  let text = '';
  const step = (id: string, behaviour: { fails?: string; unlocks?: string; locked?: boolean } = {}): Step => ({
    id,
    title: `Step ${id}`,
    check: async () => {
      checked.push(id);
      return done.has(id) || (behaviour.locked && !done.has(`unlocked ${id}`)) ? undefined : { bytes: 1e6, seconds: 2 };
    },
    run: async () => {
      ran.push(id);
      if (behaviour.fails) throw new SetupError('test.failed', behaviour.fails);
      if (behaviour.unlocks) done.add(`unlocked ${behaviour.unlocks}`);
      done.add(id);
      writeFileSync(join(root, `${id}.proof`), id);
    },
    proof: async () => (done.has(id) ? [join(root, `${id}.proof`)] : []),
  });
  const report = createReport({ stream: { write: (chunk: string) => (text += chunk) } });
  const run = (steps: Step[], goal: 'window' | 'headless' | 'tests' = 'window', only?: string[], retryElectron = false) =>
    setUp({ goal, retryElectron, paths, report, steps, ...(only ? { only } : {}) });
  return { root, step, run, ran, checked, done, text: () => text };
}

describe('setUp', () => {
  let machine: ReturnType<typeof createMachine>;
  beforeEach(() => (machine = createMachine()));
  afterEach(() => rmSync(machine.root, { recursive: true, force: true }));

  it('shows the plan, then does what is missing in order', async () => {
    machine.done.add('system');
    const outcome = await machine.run(['packages', 'system', 'app'].map((id) => machine.step(id)));
    expect(outcome).toEqual({ ready: true, problems: [] });
    expect(machine.ran).toEqual(['packages', 'app']);
    const lines = machine.text().split('\n');
    expect(lines[0]).toBe('OpenClaw Desktop sets itself up: 2 steps, 2.0 MB to fetch, a few seconds at 8.0 MB/s.');
    expect(lines[1]).toBe('  1. Step packages (1.0 MB), a few seconds');
    expect(lines.indexOf('[1/2] Step packages')).toBeGreaterThan(2);
  });

  it('neither asks nor says anything the second time', async () => {
    const steps = [machine.step('packages')];
    await machine.run(steps);
    const before = { text: machine.text(), checks: machine.checked.length };
    await machine.run(steps);
    expect({ text: machine.text(), checks: machine.checked.length }).toEqual(before);
  });

  it('looks again when another try for Electron is asked for', async () => {
    const steps = [machine.step('packages')];
    await machine.run(steps);
    const before = machine.checked.length;
    await machine.run(steps, 'window', undefined, true);
    expect(machine.checked.length).toBeGreaterThan(before);
  });

  it.each([
    ['a source changed', (root: string) => writeFileSync(join(root, 'src-main', 'new.ts'), 'x')],
    ['the lock file changed', (root: string) => writeFileSync(join(root, 'package-lock.json'), '{"a":1}')],
    ['a file that proves it is gone', (root: string) => rmSync(join(root, 'packages.proof'))],
    ['a file that proves it has another size', (root: string) => writeFileSync(join(root, 'packages.proof'), 'longer than before')],
  ])('looks again when %s', async (_what, change) => {
    const steps = [machine.step('packages')];
    await machine.run(steps);
    const before = machine.checked.length;
    change(machine.root);
    await machine.run(steps);
    expect(machine.checked.length).toBeGreaterThan(before);
  });

  it('stops at a failed step that the goal cannot do without', async () => {
    const outcome = await machine.run([machine.step('packages', { fails: 'No registry: check the network.' }), machine.step('app')]);
    expect(outcome.ready).toBe(false);
    expect(outcome.problems.map((problem) => problem.message)).toEqual(['No registry: check the network.']);
    expect(machine.ran).toEqual(['packages']);
    expect(machine.text()).toContain('Step packages: not done. No registry: check the network.');
  });

  it('goes on without a window when its parts cannot be had, and tries them again next time', async () => {
    const steps = [machine.step('packages'), machine.step('electron', { fails: 'Not reachable.' }), machine.step('app')];
    expect(await machine.run(steps)).toMatchObject({ ready: true, problems: [{ code: 'test.failed' }] });
    expect(machine.ran).toEqual(['packages', 'electron', 'app']);
    await machine.run(steps);
    expect(machine.ran.filter((id) => id === 'electron')).toHaveLength(2);
  });

  it('insists on the same parts for tests', async () => {
    const outcome = await machine.run([machine.step('electron', { fails: 'Not reachable.' }), machine.step('app')], 'tests');
    expect(outcome.ready).toBe(false);
    expect(machine.ran).toEqual(['electron']);
  });

  it('does what an earlier step has made necessary, outside of the count', async () => {
    await machine.run([machine.step('electron', { unlocks: 'sqlite' }), machine.step('sqlite', { locked: true })]);
    expect(machine.ran).toEqual(['electron', 'sqlite']);
    expect(machine.text()).toContain('[1/1] Step electron');
    expect(machine.text()).toContain('[+] Step sqlite');
  });

  it('limits itself to the steps asked for and does not call that complete', async () => {
    const steps = [machine.step('packages'), machine.step('app')];
    await machine.run(steps, 'window', ['packages']);
    expect(machine.ran).toEqual(['packages']);
    await machine.run(steps);
    expect(machine.ran).toEqual(['packages', 'app']);
  });

  it('turns an unknown failure into a sentence with the way on', async () => {
    const step: Step = {
      ...machine.step('packages'),
      run: async () => {
        throw new TypeError('boom');
      },
    };
    const { problems } = await machine.run([step]);
    expect(problems[0]).toMatchObject({ code: 'setup.unexpected', message: expect.stringContaining('npm run doctor') });
  });
});
