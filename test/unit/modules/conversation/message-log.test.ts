import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createMessageLog } from '../../../../src-main/modules/conversation/index.ts';
import { createHistoryBench, messageOf, readAll, tellStore } from '../../../doubles/history-bench.ts';
import { createMemoryStore } from '../../../doubles/memory-store.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

function setUp() {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const log = createRecordingLog();
  const told: string[] = [];
  const messages = createMessageLog({
    store,
    tell: () => undefined,
    clock,
    log,
    onUnsaved: ({ code }) => void told.push(code),
    onSaved: () => void told.push('saved'),
  });
  const add = (id: string): void => messages.add({ ...messageOf('conversation', id), id });
  return { clock, store, log, told, messages, add, stored: () => store.messages.map(({ id }) => id) };
}

const refusal = (code: string) => new AppError(code, 'Refused.');

describe('createMessageLog', () => {
  it.each(['store.disk-full', 'store.not-writable', 'store.busy', 'store.io-error', 'store.damaged'])(
    'keeps what the disk refuses with %s, in order, until it takes it',
    async (code) => {
      const { clock, store, told, messages, add, stored } = setUp();
      store.failWith(refusal(code));
      add('first');
      add('second');
      await clock.advance(20_000);
      expect([stored(), messages.unsavedCount(), told]).toEqual([[], 2, [code]]);
      store.failWith(undefined);
      await clock.advance(5_000);
      expect([stored(), messages.unsavedCount(), told]).toEqual([['first', 'second'], 0, [code, 'saved']]);
      expect(clock.pendingTimers()).toBe(0);
    },
  );

  it.each(['store.no-message', 'store.no-conversation', 'store.tampered'])(
    'drops and logs what can never be written (%s), and writes what comes after it',
    (code) => {
      const { clock, store, log, told, messages, add, stored } = setUp();
      store.failWith(refusal(code));
      add('lost');
      store.failWith(undefined);
      add('next');
      expect([stored(), messages.unsavedCount(), told, clock.pendingTimers()]).toEqual([['next'], 0, [], 0]);
      expect(log.lines).toMatchObject([{ level: 'error', message: 'message.not-written', fields: { messageId: 'lost' } }]);
    },
  );

  it('writes the messages of other conversations on when a restored backup has taken the place of the history', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { conversation } = tellStore(store, ['then']);
    const backup = await store.backUp();
    const now = store.createConversation({ title: 'Now', createdAtMs: bench.clock.wallMs() });
    const messages = createMessageLog({
      store,
      tell: () => undefined,
      clock: bench.clock,
      log: bench.log,
      onUnsaved: () => undefined,
      onSaved: () => undefined,
    });
    const answer = { ...messageOf(now.id, 'It'), id: 'answer' };
    messages.add(answer);
    await store.restoreBackup(backup.fileName);
    messages.change({ ...answer, text: 'It goes on.' });
    messages.add({ ...messageOf(conversation.id, 'since then'), id: 'next' });
    messages.dispose();
    expect(readAll(store).map((each) => each.messages.map(({ text }) => text))).toEqual([['then', 'since then']]);
  });

  it('forgets what waits for a history that was replaced, and takes its notice back', async () => {
    const { clock, store, told, messages, add, stored } = setUp();
    store.failWith(refusal('store.disk-full'));
    add('of before');
    store.failWith(undefined);
    messages.forget();
    await clock.advance(20_000);
    expect([stored(), told]).toEqual([[], ['store.disk-full', 'saved']]);
  });
});
