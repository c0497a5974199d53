import { AppError } from '../../base/errors.ts';
import type { Caller, HandlersFor } from '../../platform/contract-host/index.ts';
import type { Message } from '../../../src-preload/contract/index.ts';
import { type Client, type ConversationDeps, type ConversationService } from './conversation-service.ts';
import { askerOf } from './phone-talk.ts';
import { talkLanguage } from './conversation-config.ts';
import type { Question } from './floor.ts';
import { PLAIN_SPEAKER, requireVoice } from './speech-samples.ts';
import { textLanguage } from './text-language.ts';
import { voiceSample } from './voice-sample.ts';

export type ConversationCalls =
  | 'session.start'
  | 'session.stop'
  | 'session.snapshot'
  | 'session.setMode'
  | 'session.setMuted'
  | 'session.setConversation'
  | 'session.press'
  | 'session.reportInput'
  | 'playback.report'
  | 'turn.stop'
  | 'turn.send'
  | 'turn.regenerate'
  | 'turn.readAloud'
  | 'voice.test'
  | 'voice.list';

/** The contract's side of the conversation module. */
export function createConversationHandlers(service: ConversationService, deps: ConversationDeps): HandlersFor<ConversationCalls> {
  const voiceOf = (caller: Caller) => service.client(caller).voice?.session;
  return {
    'session.start': (input, caller) => service.startSession(caller, input),
    'session.stop': (_input, caller) => service.stopSession(service.client(caller)),
    'session.snapshot': (_input, caller) => service.snapshot(service.client(caller)),
    'session.setMode': ({ mode }, caller) => voiceOf(caller)?.setMode(mode),
    'session.setMuted': ({ muted }, caller) => voiceOf(caller)?.setMuted(muted),
    'session.setConversation': ({ conversationId }, caller) => {
      const client = service.client(caller);
      if (client.floor.conversationId() === conversationId) return;
      enterConversation(client, conversationId);
      service.tellSession(client);
    },
    'session.press': ({ down }, caller) => voiceOf(caller)?.press(down),
    'session.reportInput': ({ status, device }, caller) => reportInput(service, deps, service.client(caller), status, device),
    'playback.report': (report) => service.report(report),
    'turn.stop': (_input, caller) => service.client(caller).floor.stop(),
    'turn.send': ({ conversationId, text, speak }, caller) => {
      const client = service.client(caller);
      const isStop = deps.isStopPhrase(text);
      // Before any model, any look into the store, and before the answer in progress is touched.
      if (isStop) deps.emergencyStop('typed');
      if (conversationId !== null && !deps.store.getConversation(conversationId)) throw noConversation();
      const question: Question = { text, language: textLanguage(text, spokenLanguage(deps)), medium: 'text' };
      if (isStop) return placeOf(client.floor.note(question, conversationId));
      if (deps.tools.hear(text, askerOf(caller, 'text'), conversationId) === 'answered')
        return placeOf(client.floor.note(question, conversationId));
      deps.gate.pass('answer');
      enterConversation(client, conversationId);
      return ask(client, question, speak);
    },
    'turn.regenerate': async ({ conversationId }, caller) => {
      deps.gate.pass('answer');
      const client = service.client(caller);
      const former = client.floor.current();
      client.floor.stop();
      // Its answer is written when it has ended; removed before that, it would come back.
      await former?.done;
      deps.gate.pass('answer');
      const messages = deps.store.listMessages(conversationId, { limit: 50 });
      const questionIndex = messages.findLastIndex((message) => message.role === 'user');
      const question = messages[questionIndex];
      if (!question) throw new AppError('turn.nothing-to-repeat', 'There is no question in this conversation yet. Ask one first.');
      for (const answer of messages.slice(questionIndex + 1)) deps.messages.remove(answer);
      enterConversation(client, conversationId);
      ask(
        client,
        { text: question.text, language: question.language, medium: question.medium, storedId: question.id },
        question.medium === 'voice',
      );
    },
    'turn.readAloud': ({ messageId }, caller) => {
      const client = service.client(caller);
      const message = deps.store.getMessage(messageId);
      if (!message) throw new AppError('turn.no-message', 'This message is no longer there.');
      requireVoice(client);
      deps.gate.pass('answer');
      client.floor.recite(message.text, message.language, message.id);
    },
    'voice.test': async ({ voice, language }, caller) => {
      const client = service.client(caller);
      requireVoice(client);
      if (voice !== undefined) await deps.config.set('voice.voice', voice);
      deps.gate.pass('answer');
      client.floor.recite(voiceSample(language), language, null, PLAIN_SPEAKER);
    },
    'voice.list': () => deps.synthesis.call('voices', {}),
  };
}

/** Ends what has the floor. A speech under way stays a question when the conversation does; `null` is always another one, a new one. */
function enterConversation({ floor, voice }: Client, conversationId: string | null): void {
  floor.stop();
  if (conversationId === null || floor.conversationId() !== conversationId) voice?.session.conversationChanged();
  floor.setConversation(conversationId);
}

function ask(client: Client, question: Question, speak: boolean): { conversationId: string; messageId: string } {
  const run = client.floor.begin(question, { aloud: speak && client.voice !== undefined });
  try {
    const message: Message = client.floor.take(run, question);
    return placeOf(message);
  } catch (error) {
    run.stop();
    throw error;
  }
}

function placeOf({ conversationId, id }: Message): { conversationId: string; messageId: string } {
  return { conversationId, messageId: id };
}

/** What the page says about the microphone: shown as the talk state, and a sentence in progress still counts. */
function reportInput(
  service: ConversationService,
  deps: ConversationDeps,
  client: Client,
  status: 'ok' | 'none' | 'denied' | 'ended' | 'stalled',
  device: string | undefined,
): void {
  const details: Record<string, string> = device === undefined ? {} : { device };
  const code = `microphone.${status}`;
  for (const known of ['none', 'denied', 'ended', 'stalled']) if (known !== status) deps.notices.dismissCode(`microphone.${known}`);
  if (status === 'ok') return deps.notices.setPart({ part: 'microphone', status: 'ready' });
  const message = microphoneSentences[status];
  deps.notices.setPart({ part: 'microphone', status: status === 'none' || status === 'denied' ? 'missing' : 'broken', code, message });
  deps.notices.raise({ level: 'needs-you', code, message, details, action: 'choose-microphone', part: 'microphone' });
  client.voice?.session.endSpeech();
  if (!client.voice) client.off = status === 'denied' ? 'permission-denied' : 'no-microphone';
  service.tellSession(client);
}

const microphoneSentences = {
  none: 'No microphone was found. Plug one in, or type your question.',
  denied: 'The microphone may not be used. Allow it in the system settings, or type your question.',
  ended: 'The microphone was unplugged. Choose another one or plug it in again; what you said so far was kept.',
  stalled: 'The microphone stopped sending sound. Choose another one or plug it in again.',
} as const;

function noConversation(): AppError {
  return new AppError('conversation.gone', 'This conversation no longer exists. Choose another one or start a new one.');
}

/** The language to assume where text does not tell. */
function spokenLanguage(deps: ConversationDeps): string {
  const language = deps.config.get(talkLanguage);
  return language === 'auto' ? deps.locale() : language;
}
