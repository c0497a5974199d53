import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createToolsHandlers } from '../../../../src-main/modules/tools/index.ts';
import { createToolsRig } from '../../../doubles/tools-rig.ts';

const caller = { door: 'window' as const, clientId: 'page' };

function make(pickFolder?: () => Promise<string | undefined>) {
  const rig = createToolsRig();
  onTestFinished(() => rig.dispose());
  const set = vi.fn(async () => ({}) as never);
  const record = vi.fn(async () => undefined);
  const handlers = createToolsHandlers({
    tools: rig.tools,
    workspace: rig.workspace,
    sharePage: rig.builtIn.sharePage,
    pickFolder,
    config: { set },
    audit: { record },
  });
  return { rig, handlers, set, record };
}

describe('createToolsHandlers', () => {
  it('lists tools with what they may do, and records a changed policy', async () => {
    const { handlers, record } = make();
    const list = await handlers['tools.list']({}, caller);
    expect(list.map(({ name }) => name)).toEqual([
      'run_command',
      'read_file',
      'write_file',
      'list_folder',
      'search_files',
      'http_get',
      'clipboard_read',
      'clipboard_write',
      'open_link',
      'notify',
      'set_timer',
      'set_reminder',
      'list_timers',
      'cancel_timer',
      'calculator',
      'date_and_time',
      'place',
      'disk_space',
      'read_shared_page',
    ]);
    expect(await handlers['tools.setPolicy']({ tool: 'open_link', policy: 'off' }, caller)).toMatchObject({ policy: 'off' });
    expect(record).toHaveBeenCalledWith({ action: 'tool.policy', subject: 'open_link', details: { policy: 'off' } });
  });

  it('answers a question from the window, once', async () => {
    const { rig, handlers } = make();
    const call = rig.call('write_file', { path: 'notes/x.md', content: 'x' });
    await vi.waitFor(async () => expect(await handlers['tools.approvals']({}, caller)).toHaveLength(1));
    const [approval] = await handlers['tools.approvals']({}, caller);
    const answer = { approvalId: approval?.id ?? '', answer: 'once' as const };
    expect(() => handlers['tools.answer'](answer, { ...caller, isProgram: true })).toThrow(
      expect.objectContaining({ code: 'approval.person-only' }),
    );
    await handlers['tools.answer'](answer, caller);
    expect(() => handlers['tools.answer'](answer, caller)).toThrow(expect.objectContaining({ code: 'approval.gone' }));
    await call;
    const [made] = await handlers['tools.calls']({ limit: 1 }, caller);
    expect(made).toMatchObject({ state: 'done', approval: { by: 'window', answer: 'once' }, undo: 'possible' });
    expect(await handlers['tools.undo']({ callId: made?.id ?? '' }, caller)).toMatchObject({ undo: 'done' });
    expect(() => handlers['tools.cancel']({ callId: made?.id ?? '' }, caller)).toThrow(expect.objectContaining({ code: 'tools.no-call' }));
    await expect(handlers['tools.forget']({ id: 'nothing' }, caller)).rejects.toMatchObject({ code: 'approval.gone' });
    expect(await handlers['tools.remembered']({}, caller)).toEqual([]);
  });

  it('lets the owner share a page with the assistant', async () => {
    const { rig, handlers } = make();
    await handlers['tools.sharePage']({ address: 'https://example.org', title: 'News', text: 'Rain.' }, caller);
    expect((await rig.call('read_shared_page', {})).text).toBe('News\nhttps://example.org\n\nRain.');
  });

  it('chooses a workspace by the dialog of the system, but none that holds too much', async () => {
    let picked: string | undefined;
    const { rig, handlers, set } = make(async () => picked);
    expect(await handlers['tools.chooseWorkspace']({}, caller)).toBeNull();
    picked = rig.home;
    await expect(handlers['tools.chooseWorkspace']({}, caller)).rejects.toMatchObject({ code: 'tools.bad-workspace' });
    picked = join(rig.home, 'mine');
    await mkdir(picked);
    expect(await handlers['tools.chooseWorkspace']({}, caller)).toEqual({ folder: picked });
    expect(set).toHaveBeenCalledWith('tools.workspace', picked);
  });
});
