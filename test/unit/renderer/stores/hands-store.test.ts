import { describe, expect, it } from 'vitest';
import type { CallInput, ToolCall } from '../../../../src-preload/contract/index.ts';
import { CallError } from '../../../../src-renderer/bridge/call-error.ts';
import { createChatStore } from '../../../../src-renderer/stores/chat-store.ts';
import { createHandsStore } from '../../../../src-renderer/stores/hands-store.ts';
import { fakeApproval, fakeCall } from '../../../doubles/fake-core-hands-data.ts';
import { createScriptedBridge, type ScriptedBridge } from '../../../doubles/scripted-bridge.ts';

function createPage(answers: Parameters<typeof createScriptedBridge>[0] = {}) {
  const bridge: ScriptedBridge = createScriptedBridge({
    'conversations.messages': () => [],
    'tools.calls': () => [],
    'tools.approvals': () => [],
    ...answers,
  });
  const chat = createChatStore(bridge);
  return { bridge, chat, hands: createHandsStore(bridge, chat) };
}

const ids = (calls: readonly ToolCall[]): string[] => calls.map((call) => call.id);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('createHandsStore', () => {
  it('loads the calls of the conversation that is opened, and forgets those of the one before', async () => {
    const asked: CallInput<'tools.calls'>[] = [];
    const { chat, hands } = createPage({
      'tools.calls': (input) => {
        asked.push(input);
        return [fakeCall({ id: `of-${input.conversationId}`, conversationId: input.conversationId ?? null })];
      },
    });
    await chat.getState().open('c1');
    await settled();
    expect(ids(hands.getState().calls)).toEqual(['of-c1']);
    await chat.getState().open('c2');
    await settled();
    expect(ids(hands.getState().calls)).toEqual(['of-c2']);
    await chat.getState().open(null);
    expect(hands.getState().calls).toEqual([]);
    expect(asked.map((input) => input.conversationId)).toEqual(['c1', 'c2']);
  });

  it('follows the calls of the conversation on screen and of no other, oldest first', async () => {
    const { bridge, chat, hands } = createPage();
    await chat.getState().open('c1');
    bridge.tell('tools.call', fakeCall({ id: 'b', conversationId: 'c1', createdAtMs: 20, state: 'running' }));
    bridge.tell('tools.call', fakeCall({ id: 'a', conversationId: 'c1', createdAtMs: 10 }));
    bridge.tell('tools.call', fakeCall({ id: 'x', conversationId: 'c2', createdAtMs: 15 }));
    bridge.tell('tools.call', fakeCall({ id: 'y', conversationId: null, createdAtMs: 16 }));
    bridge.tell('tools.call', fakeCall({ id: 'b', conversationId: 'c1', createdAtMs: 20, state: 'done' }));
    expect(hands.getState().calls.map((call) => [call.id, call.state])).toEqual([
      ['a', 'done'],
      ['b', 'done'],
    ]);
  });

  it('keeps what was told while the page of calls was on its way', async () => {
    const late: { answer?: (calls: ToolCall[]) => void } = {};
    const { bridge, chat, hands } = createPage({ 'tools.calls': () => new Promise((resolve) => (late.answer = resolve)) });
    await chat.getState().open('c1');
    bridge.tell('tools.call', fakeCall({ id: 'a', conversationId: 'c1', state: 'done' }));
    late.answer?.([fakeCall({ id: 'a', conversationId: 'c1', state: 'running' })]);
    await settled();
    expect(hands.getState().calls.map((call) => call.state)).toEqual(['done']);
  });

  it('shows questions as they come, and takes them away when they are closed by whomever', () => {
    const { bridge, hands } = createPage();
    bridge.tell('tools.approval', fakeApproval({ id: 'second', createdAtMs: 20 }));
    bridge.tell('tools.approval', fakeApproval({ id: 'first', createdAtMs: 10 }));
    expect(hands.getState().approvals.map((approval) => approval.id)).toEqual(['first', 'second']);
    bridge.tell('tools.approvalClosed', { approvalId: 'first', answer: 'expired' });
    expect(hands.getState().approvals.map((approval) => approval.id)).toEqual(['second']);
  });

  it('takes a question away that somebody else has answered, and says so', async () => {
    const gone = new CallError({ code: 'approval.gone', message: 'This question was answered already.', details: {} });
    const { bridge, hands } = createPage({ 'tools.answer': () => Promise.reject(gone) });
    bridge.tell('tools.approval', fakeApproval({ id: 'q' }));
    await expect(hands.getState().answer('q', 'once')).rejects.toBe(gone);
    expect(hands.getState().approvals).toEqual([]);
  });

  it('keeps a question whose answer did not arrive', async () => {
    const lost = new CallError({ code: 'bridge.lost', message: 'The connection was lost.', details: {} });
    const { bridge, hands } = createPage({ 'tools.answer': () => Promise.reject(lost) });
    bridge.tell('tools.approval', fakeApproval({ id: 'q' }));
    await expect(hands.getState().answer('q', 'no')).rejects.toBe(lost);
    expect(hands.getState().approvals).toHaveLength(1);
  });

  it('asks for questions again when the connection is back', async () => {
    const { bridge, hands } = createPage({ 'tools.approvals': () => [fakeApproval({ id: 'missed' })] });
    bridge.setConnection('lost');
    bridge.setConnection('open');
    await settled();
    expect(hands.getState().approvals.map((approval) => approval.id)).toEqual(['missed']);
  });

  it('remembers which cards are open', () => {
    const { hands } = createPage();
    hands.getState().toggleCall('a');
    hands.getState().toggleCall('b');
    hands.getState().toggleCall('a');
    expect([...hands.getState().openCallIds]).toEqual(['b']);
  });

  it('shows a page, shows it again to a core that has started anew, and takes it away with an empty text', async () => {
    const shared: CallInput<'tools.sharePage'>[] = [];
    const { bridge, hands } = createPage({ 'tools.sharePage': (page) => void shared.push(page) });
    const page = { address: 'https://example.org', title: 'News', text: 'All is well.' };
    await hands.getState().sharePage(page);
    expect(hands.getState().sharedPage).toEqual(page);
    bridge.setConnection('connecting');
    bridge.setConnection('open');
    await settled();
    await hands.getState().sharePage(undefined);
    expect(hands.getState().sharedPage).toBeUndefined();
    expect(shared).toEqual([page, page, { address: '', title: '', text: '' }]);
  });
});
