import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src-main/platform/contract-host/index.ts';
import { createDisposeBag } from '../../../src-main/base/dispose.ts';
import { composeCallRecords } from '../../../src-main/compose/call-records.ts';
import { createRecordsHandlers } from '../../../src-main/modules/telephony/index.ts';
import { telephonySettings } from '../../../src-main/modules/telephony/telephony-config.ts';
import { createConfig } from '../../../src-main/platform/config/index.ts';
import { createRedactor } from '../../../src-main/platform/redaction/index.ts';
import { createHistoryBench, tellStore } from '../../doubles/history-bench.ts';
import { makeWav } from '../../doubles/make-wav.ts';
import { createOpenGate } from '../../doubles/open-gate.ts';
import { callRecord } from '../../doubles/phone-call.ts';
import { createScriptedLanguageModel } from '../../doubles/scripted-language-model.ts';

const owner: Caller = { door: 'window', clientId: 'w' };

/** A call in the log with its conversation and its recording, and what the window asks for; store, keys and files are real. */
async function recorded() {
  const bench = await createHistoryBench();
  const { clock, dataDirectory, log } = bench;
  const keyring = await bench.keyring();
  const store = await bench.open({ keyring });
  const bag = createDisposeBag();
  const told: string[] = [];
  const { recordings, links, recorder, removals } = composeCallRecords(
    {
      options: { environment: { dataDirectory } },
      platform: {
        config: createConfig({ dataDirectory, definitions: telephonySettings, clock, log }),
        hub: { tell: (name) => void told.push(name) },
        keyring,
        log,
        redactor: createRedactor(),
        store,
        workers: { recognition: { call: () => Promise.reject(new Error('nobody listens')) } },
      },
      clock,
      bag,
      killSwitch: { gate: createOpenGate() },
      model: createScriptedLanguageModel({ clock, answers: [''] }),
      conversation: { isTalking: () => false },
      locale: () => 'en',
    },
    () => ({ calls: { active: () => [] }, book: { list: () => [] } }),
  );
  const handlers = createRecordsHandlers({
    removals,
    hasConversation: (id) => store.getConversation(id) !== undefined,
    recorder,
    recordings,
    links,
    audit: { record: async () => undefined },
    clock,
    exportOptions: () => ({ locale: 'en' }),
    dialplan: () => '',
    doctor: () => Promise.resolve([]),
  });
  const endedAtMs = clock.wallMs();
  const { conversation } = tellStore(store, ['The roof is finished.'], 'Call from Anna', endedAtMs - 5_000);
  store.phone.saveCall(callRecord('call', {}, { conversationId: conversation.id, startedAtMs: endedAtMs - 60_000, endedAtMs }), true);
  await recordings.add('call', makeWav({ data: new Uint8Array(32_000) }), 0);
  /** What is left of it: in the list, in the history, as sound. */
  const left = async () => ({
    shown: (await handlers['phone.log']({ limit: 9 }, owner)).map(({ call }) => call.conversationId),
    conversations: store.listConversations().map(({ id }) => id),
    sound: (await recordings.part('call', 0, 1)) !== undefined,
  });
  return { bag, clock, store, conversation, handlers, left, told, endedAtMs };
}

describe('composeCallRecords', () => {
  it('deletes with a call its conversation and its sound when the way back is over, and tells every page', async () => {
    const { handlers, left, clock, told, conversation } = await recorded();
    await handlers['phone.record.remove']({ callId: 'call' }, owner);
    expect(await left()).toEqual({ shown: [], conversations: [conversation.id], sound: true });
    await clock.advance(12_000);
    await expect.poll(left).toEqual({ shown: [], conversations: [], sound: false });
    expect(told).toContain('conversations.changed');
  });

  it('deletes nothing that is taken back', async () => {
    const { handlers, left, clock, told, conversation } = await recorded();
    const before = await left();
    await handlers['phone.record.remove']({ callId: 'call' }, owner);
    await handlers['phone.record.keep']({ callId: 'call' }, owner);
    await clock.advance(60_000);
    expect(before).toEqual({ shown: [conversation.id], conversations: [conversation.id], sound: true });
    expect(await left()).toEqual(before);
    expect(told).not.toContain('conversations.changed');
  });

  it('leaves a conversation in which was written on after the call', async () => {
    const { handlers, left, clock, store, conversation, endedAtMs } = await recorded();
    const [message] = store.listMessages(conversation.id, { limit: 1 });
    if (message) store.insertMessage({ ...message, id: 'later', createdAtMs: endedAtMs + 3_600_000 });
    await handlers['phone.record.remove']({ callId: 'call' }, owner);
    await clock.advance(12_000);
    await expect.poll(left).toEqual({ shown: [], conversations: [conversation.id], sound: false });
  });

  it('carries out at the end of the app what could still be taken back', async () => {
    const { bag, handlers, store, conversation } = await recorded();
    await handlers['phone.record.remove']({ callId: 'call' }, owner);
    await bag.dispose();
    expect([store.phone.has('call'), store.getConversation(conversation.id)]).toEqual([false, undefined]);
  });
});
