import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import type { LanguageModel } from '../inference/contracts/index.ts';
import type { Conversation } from '../modules/conversation/index.ts';
import type { KillSwitchService } from '../modules/killswitch/index.ts';
import * as phone from '../modules/telephony/index.ts';
import type { PhoneCall, PhoneContact, PhoneParty } from '../../src-preload/contract/index.ts';
import type { Platform } from './platform.ts';

export interface CallRecordsParts {
  options: { environment: { dataDirectory: string } };
  platform: Pick<Platform, 'keyring' | 'log' | 'store'> & {
    config: Pick<Platform['config'], 'get'>;
    hub: Pick<Platform['hub'], 'tell'>;
    redactor: Pick<Platform['redactor'], 'redact'>;
    workers: { recognition: Pick<Platform['workers']['recognition'], 'call'> };
  };
  clock: Clock;
  bag: DisposeBag;
  killSwitch: { gate: Pick<KillSwitchService['gate'], 'pass'> };
  model: LanguageModel;
  conversation: Pick<Conversation, 'isTalking'>;
  locale: () => 'en' | 'de';
}

/** For half a minute of a recording, with everything else that the recogniser does. */
const RECORDING_PATIENCE_MS = 300_000;
/** Among so many messages of a call somebody at the other end has spoken. */
const LATEST_WORDS = 20;
/** What is said at the end of a call may reach the history a little later. */
const LAST_WORDS_MS = 10_000;

/** Whose number it is, as long as the phone book knows. */
export const contactOf = (
  telephony: { book: Pick<phone.Telephony['book'], 'list'> },
  { contactId }: PhoneParty,
): PhoneContact | undefined => (contactId === null ? undefined : telephony.book.list().find(({ id }) => id === contactId));

/** The log of calls, with its recordings, and what becomes of both when the owner deletes one. */
export function composeCallRecords(
  { options, platform, clock, bag, killSwitch, conversation, model, locale }: CallRecordsParts,
  telephony: () => { calls: Pick<phone.Telephony['calls'], 'active'>; book: Pick<phone.Telephony['book'], 'list'> },
) {
  const { config, hub, keyring, log, redactor, store, workers } = platform;
  const { dataDirectory } = options.environment;
  const recordings = bag.add(phone.createRecordings({ dataDirectory, keyring, clock, log }));
  const links = phone.createRecordingLinks({ recordings, clock });
  const summarise = phone.createCallSummariser({ model, redact: (text) => redactor.redact(text).text });
  const recorder = bag.add(
    phone.createCallRecorder({
      records: store.phone,
      recordings,
      summarise: async (...call) => {
        killSwitch.gate.pass('inference');
        return summarise(...call);
      },
      async transcribe(samples, language, signal) {
        killSwitch.gate.pass('inference');
        const params = { samples, ...(language === undefined ? {} : { language }) };
        return workers.recognition.call('transcribe', params, { timeoutMs: RECORDING_PATIENCE_MS, signal });
      },
      isBusy: () => conversation.isTalking() || telephony().calls.active().length > 0,
      languageOf(call) {
        const said = call.conversationId === null ? [] : store.listMessages(call.conversationId, { limit: LATEST_WORDS });
        const heard = said.findLast(({ role }) => role === 'user')?.language;
        if (heard === 'de' || heard === 'en') return { language: heard, isGuess: false };
        return { language: contactOf(telephony(), call.party)?.language || locale(), isGuess: true };
      },
      removeConversation: (call) => removeConversationOf(call, platform, clock),
      retentionDays: () => config.get(phone.retentionDays),
      isLasting: store.isLasting,
      tell: hub.tell,
      clock,
      log,
    }),
  );
  bag.add(store.onReplaced(() => hub.tell('phone.logChanged', {})));
  const removals = bag.add(
    phone.createRemovals({
      records: store.phone,
      carryOut: recorder.remove,
      changed: () => hub.tell('phone.logChanged', {}),
      clock,
      log,
    }),
  );
  return { recordings, links, recorder, removals };
}

/** One in which somebody has written on after the call is no longer only that of the call. */
function removeConversationOf({ conversationId, endedAtMs }: PhoneCall, { hub, store }: CallRecordsParts['platform'], clock: Clock): void {
  if (conversationId === null || store.getConversation(conversationId) === undefined) return;
  const lastAtMs = store.listMessages(conversationId, { limit: 1 }).at(-1)?.createdAtMs ?? 0;
  if (lastAtMs > (endedAtMs ?? Number.POSITIVE_INFINITY) + LAST_WORDS_MS) return;
  store.deleteConversation(conversationId, clock.wallMs());
  hub.tell('conversations.changed', { conversationId });
}
