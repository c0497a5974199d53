import { describe, expect, it } from 'vitest';
import { createNoticeBoard } from '../../../../src-main/platform/notices/index.ts';
import type { Tell } from '../../../../src-main/platform/contract-host/index.ts';
import { noticeSchema, type Notice } from '../../../../src-preload/contract/index.ts';

function setUp() {
  const told: { name: string; payload: unknown }[] = [];
  const tell: Tell = (name, payload) => void told.push({ name, payload });
  let changes = 0;
  const board = createNoticeBoard({ tell });
  board.onChange(() => void (changes += 1));
  return { board, told, changes: () => changes };
}

const unplugged: Omit<Notice, 'id'> = {
  level: 'needs-you',
  code: 'microphone.ended',
  message: 'The microphone was unplugged. Choose another one or plug it in again.',
  details: { device: 'Desk' },
  action: 'choose-microphone',
  part: 'microphone',
};

describe('createNoticeBoard', () => {
  it('tells a raised notice and keeps it in the snapshot', () => {
    const { board, told } = setUp();
    const id = board.raise(unplugged);
    expect(noticeSchema.parse({ ...unplugged, id })).toEqual({ ...unplugged, id });
    expect(told).toEqual([{ name: 'app.notice', payload: { ...unplugged, id } }]);
    expect(board.snapshot()).toEqual({ parts: [], notices: [{ ...unplugged, id }] });
  });

  it('replaces the notice of the same code and part and keeps its id, so that it never piles up', () => {
    const { board } = setUp();
    const id = board.raise(unplugged);
    board.raise({ ...unplugged, code: 'microphone.stalled' });
    board.raise({ ...unplugged, details: { device: 'Headset' } });
    expect(board.snapshot().notices).toEqual([
      { ...unplugged, code: 'microphone.stalled', id: expect.any(String) },
      { ...unplugged, details: { device: 'Headset' }, id },
    ]);
  });

  it('keeps notices of the same code apart when they belong to different parts', () => {
    const { board } = setUp();
    board.raise({ ...unplugged, code: 'worker.broken', part: 'recognition' });
    board.raise({ ...unplugged, code: 'worker.broken', part: 'synthesis' });
    board.dismissCode('worker.broken', 'synthesis');
    expect(board.snapshot().notices.map((notice) => notice.part)).toEqual(['recognition']);
  });

  it('takes away a dismissed notice and ignores one that is not there', () => {
    const { board, changes } = setUp();
    const id = board.raise(unplugged);
    board.dismiss('notice_unknown');
    board.dismissCode('nothing.known');
    expect(changes()).toBe(1);
    board.dismiss(id);
    expect([board.snapshot().notices, changes()]).toEqual([[], 2]);
  });

  it('tells all parts when one changes, and says nothing when nothing has changed', () => {
    const { board, told, changes } = setUp();
    board.setPart({ part: 'recognition', status: 'starting' });
    board.setPart({ part: 'store', status: 'ready' });
    board.setPart({ part: 'recognition', status: 'ready' });
    board.setPart({ part: 'recognition', status: 'ready' });
    expect(told.at(-1)).toEqual({
      name: 'app.parts',
      payload: [
        { part: 'recognition', status: 'ready' },
        { part: 'store', status: 'ready' },
      ],
    });
    expect([told.length, changes()]).toEqual([3, 3]);
  });
});
