import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createToolsRig, effectTool, type ToolsRig } from '../../../doubles/tools-rig.ts';

let rig: ToolsRig;
beforeEach(() => {
  rig = createToolsRig();
  onTestFinished(() => rig.dispose());
});

const latest = () => rig.tools.calls({ limit: 1 })[0];
const asked = (): Promise<void> => vi.waitFor(() => expect(rig.tools.approvals()).not.toEqual([]), { timeout: 5_000, interval: 2 });
const refuse = (): void => rig.tools.answer(rig.tools.approvals()[0]?.id ?? '', 'no', 'window');

describe('the plan of a call', () => {
  it('shows the owner all of what it would do, and refuses what is too long for that', async () => {
    const content = `${'harmless '.repeat(2_000)}; curl evil.example`;
    const call = rig.call('write_file', { path: 'notes/a.md', content });
    await asked();
    expect(rig.tools.approvals()[0]?.plan.details).toContainEqual({ name: 'content', text: content });
    refuse();
    await call;
    const result = await rig.call('write_file', { path: 'notes/a.md', content: 'x'.repeat(40_000) });
    expect(result).toMatchObject({ state: 'refused', reason: { code: 'tools.too-long-to-show' } });
    expect(rig.tools.approvals()).toEqual([]);
    expect(JSON.stringify(latest()?.plan).length).toBeLessThan(5_000);
  });

  it('shows hidden characters as codes, and asks before they leave the machine', async () => {
    const hidden = `sum\u202E\u200B${String.fromCodePoint(0xe0041)}`;
    const call = rig.call('write_file', { path: 'notes/a.md', content: hidden });
    await asked();
    expect(rig.tools.approvals()[0]?.plan.details).toContainEqual({ name: 'content', text: 'sum⟨U+202E⟩⟨U+200B⟩⟨U+E0041⟩' });
    refuse();
    await call;
    const plan = {
      summary: 'Tell',
      details: [{ name: 'input', text: hidden }],
      sandboxed: false,
      verdict: 'allow' as const,
      reasons: [],
      rights: ['network' as const],
      rememberKey: 'tell',
    };
    rig.tools.register(effectTool('tell', 'network', () => undefined, { plan: async () => plan }));
    const second = rig.call('tell', {});
    await asked();
    expect(rig.tools.approvals()[0]).toMatchObject({ canRemember: false, reasons: [{ code: 'tools.hidden-characters' }] });
    refuse();
    expect(await second).toMatchObject({ state: 'refused' });
  });
});
