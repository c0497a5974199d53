import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Approval, Bridge, CallInput, ToolCall } from '../../src-preload/contract/index.ts';
import { errorDataOf } from '../bridge/index.ts';
import type { ChatState } from './chat-store.ts';

/** Text from outside that the owner shows: a page, a mail, a document. */
export type SharedPage = CallInput<'tools.sharePage'>;
export type ApprovalAnswer = CallInput<'tools.answer'>['answer'];

/** What the assistant does with its hands in the conversation on screen, and what it asks the owner anywhere. */
export interface HandsState {
  /** Calls of the conversation on screen, oldest first. */
  calls: readonly ToolCall[];
  /** Cards that are opened. They stay so while they scroll out of the page and back. */
  openCallIds: ReadonlySet<string>;
  /** Questions that wait, oldest first. */
  approvals: readonly Approval[];
  /** What the owner shows the assistant now. */
  sharedPage: SharedPage | undefined;
  /** Shows a page, or with undefined takes it away. */
  sharePage(page: SharedPage | undefined): Promise<void>;
  loadApprovals(): Promise<void>;
  /** The first answer counts; when somebody else was quicker the question goes away all the same, and it rejects with `approval.gone`. */
  answer(approvalId: string, answer: ApprovalAnswer): Promise<void>;
  cancel(callId: string): Promise<void>;
  undo(callId: string): Promise<void>;
  toggleCall(callId: string): void;
}

const PAGE_CALLS = 200;
const NO_PAGE: SharedPage = { address: '', title: '', text: '' };

export function createHandsStore(bridge: Bridge, chat: StoreApi<ChatState>): StoreApi<HandsState> {
  const store = createStore<HandsState>()((set, get) => ({
    calls: [],
    openCallIds: new Set<string>(),
    approvals: [],
    sharedPage: undefined,
    async sharePage(page) {
      await bridge.call('tools.sharePage', page ?? NO_PAGE);
      set({ sharedPage: page });
    },
    async loadApprovals() {
      set({ approvals: byTime(await bridge.call('tools.approvals', {})) });
    },
    async answer(approvalId, answer) {
      try {
        await bridge.call('tools.answer', { approvalId, answer });
        close(approvalId);
      } catch (error) {
        if (errorDataOf(error).code === 'approval.gone') close(approvalId);
        throw error;
      }
    },
    cancel: (callId) => bridge.call('tools.cancel', { callId }),
    async undo(callId) {
      put(await bridge.call('tools.undo', { callId }));
    },
    toggleCall(callId) {
      const openCallIds = new Set(get().openCallIds);
      if (!openCallIds.delete(callId)) openCallIds.add(callId);
      set({ openCallIds });
    },
  }));
  const close = (approvalId: string): void =>
    store.setState(({ approvals }) => ({ approvals: approvals.filter((approval) => approval.id !== approvalId) }));
  const put = (call: ToolCall): void => {
    if (call.conversationId !== null && call.conversationId === chat.getState().currentId)
      store.setState(({ calls }) => ({ calls: mergedCalls(calls, [call]) }));
  };
  bridge.on('tools.call', put);
  bridge.on('tools.approval', (approval) =>
    store.setState(({ approvals }) => ({ approvals: byTime([...approvals.filter((other) => other.id !== approval.id), approval]) })),
  );
  bridge.on('tools.approvalClosed', ({ approvalId }) => close(approvalId));
  followConversation(bridge, chat, store);
  return store;
}

// Cards are an extra: a conversation reads on without them, and its own failure to load is told already.
const ignore = (): void => undefined;

/** Loads the calls of the conversation on screen, and older ones together with its older messages. */
function followConversation(bridge: Bridge, chat: StoreApi<ChatState>, store: StoreApi<HandsState>): void {
  let hasOlder = false;
  const load = async (conversationId: string, beforeMs?: number): Promise<void> => {
    hasOlder = false;
    const page = await bridge.call('tools.calls', { conversationId, limit: PAGE_CALLS, ...(beforeMs === undefined ? {} : { beforeMs }) });
    if (chat.getState().currentId !== conversationId) return;
    hasOlder = page.length === PAGE_CALLS;
    // What was told while the page was on its way is newer than the page.
    store.setState(({ calls }) => ({ calls: mergedCalls(page, calls) }));
  };
  chat.subscribe((now, before) => {
    if (now.currentId !== before.currentId) {
      store.setState({ calls: [] });
      if (now.currentId !== null) load(now.currentId).catch(ignore);
      return;
    }
    const oldestCall = store.getState().calls[0];
    const oldestMessage = now.messages[0];
    if (hasOlder && now.currentId !== null && oldestCall && oldestMessage && oldestMessage.createdAtMs < oldestCall.createdAtMs)
      load(now.currentId, oldestCall.createdAtMs).catch(ignore);
  });
  bridge.onConnection((connection) => {
    const { currentId } = chat.getState();
    if (connection !== 'open') return;
    // A core that has started anew knows of no page, while the chip still says that one is shown.
    const { sharedPage, sharePage } = store.getState();
    if (sharedPage) sharePage(sharedPage).catch(ignore);
    if (currentId !== null) load(currentId).catch(ignore);
    store.getState().loadApprovals().catch(ignore);
  });
}

/** Both lists as one, oldest first; of two versions of a call the one in `newer` counts. */
export function mergedCalls(older: readonly ToolCall[], newer: readonly ToolCall[]): ToolCall[] {
  const byId = new Map(older.map((call) => [call.id, call]));
  for (const call of newer) byId.set(call.id, call);
  return byTime([...byId.values()]);
}

function byTime<Item extends { createdAtMs: number }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
}
