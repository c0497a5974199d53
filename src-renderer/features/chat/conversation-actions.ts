import type { Conversation } from '../../../src-preload/contract/index.ts';
import type { Actions } from '../../app/actions.ts';
import type { Services } from '../../app/services.ts';
import { saveFile } from './save-file.ts';

export async function exportConversation({ bridge, view }: Services, id: string, format: 'markdown' | 'json'): Promise<void> {
  try {
    const { fileName, content } = await bridge.call('conversations.export', { id, format });
    saveFile(fileName, content);
    view.getState().toast({ kind: 'done', content: { key: 'exported', values: { fileName } } });
  } catch (error) {
    view.getState().fail(error);
  }
}

export async function renameConversation({ bridge, chat, view }: Services, id: string, title: string): Promise<void> {
  if (title.trim() === '') return;
  try {
    await bridge.call('conversations.rename', { id, title: title.trim() });
    await chat.getState().loadConversations();
  } catch (error) {
    view.getState().fail(error);
  }
}

/** To the bin, with a way back in the message that says so. */
export async function deleteConversation(
  services: Services,
  actions: Actions,
  conversation: Conversation,
  shownTitle: string,
): Promise<void> {
  const { bridge, chat, view } = services;
  const { fail, toast } = view.getState();
  const restore = async (): Promise<void> => {
    await bridge.call('conversations.restore', { id: conversation.id });
    await chat.getState().loadConversations();
    actions.openConversation(conversation.id);
  };
  try {
    await bridge.call('conversations.delete', { id: conversation.id });
    if (chat.getState().currentId === conversation.id) actions.newConversation();
    await chat.getState().loadConversations();
    toast({
      kind: 'undo',
      content: { key: 'conversationDeleted', values: { title: shownTitle } },
      undo: () => void restore().catch(fail),
    });
  } catch (error) {
    fail(error);
  }
}
