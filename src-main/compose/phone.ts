import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import { fromErrorData, type ErrorData } from '../base/errors.ts';
import type { LanguageModel } from '../inference/contracts/index.ts';
import { userName } from '../modules/agent/index.ts';
import type { Characters } from '../modules/characters/index.ts';
import type { Conversation } from '../modules/conversation/index.ts';
import type { KillSwitchService } from '../modules/killswitch/index.ts';
import * as phone from '../modules/telephony/index.ts';
import type { ToolsService } from '../modules/tools/index.ts';
import { createPageResources, type HandlersFor, type PageResources } from '../platform/contract-host/index.ts';
import type { CallName } from '../../src-preload/contract/index.ts';
import type { CoreOptions } from '../compose.ts';
import { composeCallRecords, contactOf } from './call-records.ts';
import { shippedExchangeDirectory, type Platform } from './platform.ts';

interface PhoneParts {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  killSwitch: KillSwitchService;
  model: LanguageModel;
  characters: Characters;
  conversation: Conversation;
  tools: ToolsService;
  locale: () => 'en' | 'de';
}

/** The telephone, joined to what speaks, keeps and stops. */
export interface ComposedPhone {
  handlers: HandlersFor<Extract<CallName, `phone.${string}`>>;
  resources: PageResources;
  /** Without calls that the owner has just deleted. */
  records: ReturnType<typeof composeCallRecords>['removals']['records'];
  /** Where the running exchange waits for softphones. */
  exchangeUrl(): string | undefined;
  begin(): void;
}

/** Goes with its cause. All else that is told has happened, and stays until the owner has read it. */
const PASSING_TROUBLE = 'phone.control-lost';
const AVR_TOKEN_BYTES = 24;

export async function composePhone(parts: PhoneParts): Promise<ComposedPhone> {
  const { options, platform, clock, bag, killSwitch, tools, locale } = parts;
  const { audit, config, hub, log, secrets, store, workers } = platform;
  const { dataDirectory } = options.environment;
  const media = phone.createMediaDoors(workers.media, {
    port: () => (config.get(phone.openAudioSocket) ? phone.OPEN_AUDIOSOCKET_PORT : undefined),
    onProblem: (error) => tellTrouble(platform, error),
  });
  bag.add(config.onChange(({ key }) => void (key === phone.openAudioSocket.key && media.followOpenPort())));
  const records = composeCallRecords(parts, () => telephony);
  const sound = composeSound(
    parts,
    media,
    (callId, ms) => records.recorder.onLatency(callId, ms),
    () => telephony,
  );
  const exchanges = createExchanges(parts, media, () => telephony);
  const telephony = await phone.createTelephony({
    dataDirectory,
    config,
    secrets,
    killSwitch,
    audit,
    media: sound.legs,
    voice: sound.voice,
    talks: records.recorder.onTalking,
    ear: sound.ear,
    createOwnExchange: exchanges.own,
    createExistingExchange: exchanges.existing,
    hasPage: () => desk.hasPage(),
    isTelephoneHeld: () => desk.isHeld(),
    hostName: hostname,
    tell: hub.tell,
    notice: (error) => tellTrouble(platform, error),
    clock,
    log,
  });
  recordCalls(parts, telephony, records.recorder);
  bag.add(telephony.onCall(sound.expect));
  const desk = bag.add(
    phone.createSoftphoneDesk({
      hub,
      calls: telephony.calls.active,
      onCall: telephony.onCall,
      onLost: () => telephony.setSoftphone(false),
    }),
  );
  const problem = telephony.problem();
  if (problem) tellTrouble(platform, problem);
  const exchangeUrl = (): string | undefined => exchanges.current()?.softphone()?.url;
  let wasReady = false;
  bag.add(
    telephony.onStatus(({ state }) => {
      options.desktop?.allowExchange(exchangeUrl());
      if (state === 'ready' && !wasReady) void sound.prepare();
      wasReady = state === 'ready';
    }),
  );
  const isReady = (): boolean => telephony.status().state === 'ready';
  for (const tool of phone.createPhoneTools({ ...telephony, isReady, resultOf: records.recorder.resultOf })) bag.add(tools.register(tool));
  const avr = composeAvr(parts);
  const doctor = phone.createPhoneDoctor(
    phone.phoneProbes({
      exchange: {
        state: () => exchanges.current()?.state() ?? { state: 'off' },
        registrations: async () => (await exchanges.current()?.registrations()) ?? new Map(),
      },
      ari: () => (isReady() ? telephony.control() : undefined),
      softphone: () => telephony.status().softphone,
      trunkNames: () => new Map(telephony.status().trunks.map(({ id, name }) => [id, name])),
      media: () => workers.media.call('statistics', {}),
      historyProblem: store.problem,
      dataDirectory,
    }),
    clock,
  );
  return {
    exchangeUrl,
    records: records.removals.records,
    resources: createPageResources({ [phone.RECORDINGS_PATH]: { method: 'GET', answer: records.links.answer } }),
    handlers: {
      ...phone.createTelephonyHandlers({ telephony, audit, desk, askOwner: (wish) => askOwner(tools, locale(), wish) }),
      ...phone.createRecordsHandlers({
        removals: records.removals,
        hasConversation: (id) => store.getConversation(id) !== undefined,
        recorder: records.recorder,
        recordings: records.recordings,
        links: records.links,
        audit,
        clock,
        exportOptions: () => ({ locale: locale() }),
        dialplan: async () => {
          const { webSocketPort } = await media.doors();
          const ariPassword = secrets.get('phone.existing') ?? 'PASSWORD-OF-YOUR-ARI-USER';
          return `${phone.existingAsteriskText({ ariPassword, mediaWebSocketPort: webSocketPort })}\n${phone.avrDialplan()}`;
        },
        doctor,
      }),
    },
    begin() {
      records.recorder.begin();
      avr.begin();
      void media.followOpenPort();
      telephony.begin();
    },
  };
}

/** Everything that is told of calls goes into their record. The bag closes the telephone before that: calls that it hangs up at the end are told as well. */
export function recordCalls(
  {
    platform: { hub, log, store },
    bag,
    locale,
  }: Pick<PhoneParts, 'bag' | 'locale'> & {
    platform: Pick<Platform, 'log'> & { hub: Pick<Platform['hub'], 'watch'>; store: Pick<Platform['store'], 'isLasting' | 'phone'> };
  },
  telephony: phone.Telephony,
  recorder: Pick<ReturnType<typeof composeCallRecords>['recorder'], 'isLive' | 'note' | 'onCall' | 'onCaption' | 'onRecording'>,
): void {
  const keeper = bag.add(
    phone.createRecordingKeeper({
      control: telephony.control,
      keep: recorder.onRecording,
      // Of a history that is only in memory nobody can say that it does not know a call.
      isKnown: (callId) => recorder.isLive(callId) || !store.isLasting() || store.phone.has(callId),
      log,
    }),
  );
  bag.add(telephony.calls.onRecording(keeper.take));
  bag.add(telephony.onCall(recorder.onCall));
  bag.add(telephony.calls.onNote((callId, note) => recorder.note(callId, phone.noteText(note, locale()))));
  bag.add(
    hub.watch((name, payload) => name === 'phone.caption' && recorder.onCaption(payload as Parameters<typeof recorder.onCaption>[0])),
  );
  bag.add(telephony);
}

function composeSound(
  { options, platform, clock, bag, characters, conversation, locale }: PhoneParts,
  media: ReturnType<typeof phone.createMediaDoors>,
  onLatency: (callId: string, ms: number) => void,
  telephony: () => phone.Telephony,
) {
  const { config, hub, log, workers } = platform;
  return bag.add(
    phone.createCallSound({
      clock,
      log,
      hub,
      tell: hub.tell,
      conversation,
      media,
      recognition: workers.recognition,
      synthesis: workers.synthesis,
      link: options.link,
      speaker(clientId) {
        const speaker = characters.speaker(clientId);
        return { ...speaker, name: characters.persona(speaker.id)?.name ?? 'Nova' };
      },
      languageOf: (party) => contactOf(telephony(), party)?.language || locale(),
      releasedTo: (party) =>
        party.standing === 'owner' || contactOf(telephony(), party)?.mayAsk === true ? config.get(phone.releasedFacts) : '',
      ownerName: () => config.get(userName).trim(),
      hidesPins: () => telephony().pin.isSet(),
      ownGreeting: (language) => config.get(language === 'de' ? phone.greetingDe : phone.greetingEn),
      locale,
      transport: () => config.get(phone.mediaTransport),
      onLatency,
      onStatistics: (callId, statistics) => log.info('call.sound', { callId, ...statistics }),
    }),
  );
}

/** Makes exchanges, and knows the one that was made last. */
function createExchanges(
  { options, platform, clock, killSwitch }: PhoneParts,
  media: ReturnType<typeof phone.createMediaDoors>,
  telephony: () => phone.Telephony,
) {
  const { config, log } = platform;
  const { cacheDirectory, dataDirectory, dockerHost } = options.environment;
  const mayStart = (): void => killSwitch.gate.pass('call');
  let current: phone.Exchange | undefined;
  return {
    current: () => current,
    own: (wishes: () => phone.PhoneWishes): phone.Exchange =>
      (current = phone.createContainerExchange({
        clock,
        log,
        dockerHost,
        dataDirectory,
        cacheDirectory,
        recipeFolder: shippedExchangeDirectory(),
        mayStart,
        whenShut: () => killSwitch.gate.signal('process'),
        watch: killSwitch.watch,
        async wishes() {
          const { audioSocketPort, webSocketPort } = await media.doors();
          return { ...wishes(), audioSocketPort, mediaWebSocketPort: webSocketPort };
        },
      })),
    existing: (door: phone.ExistingAsterisk): phone.Exchange =>
      (current = phone.createExistingExchange({
        clock,
        log,
        door,
        trunkIds: () =>
          telephony()
            .status()
            .trunks.filter(({ enabled }) => enabled)
            .map(({ id }) => id),
        sipPort: config.get(phone.sipPort),
        mayStart,
      })),
  };
}

function composeAvr({ platform, bag, killSwitch, characters, conversation, model, locale }: PhoneParts) {
  const { config, log, secrets, workers } = platform;
  return bag.add(
    phone.createAvrService({
      config,
      engines: phone.createAvrEngines({
        model: () => model,
        language: locale,
        transcribe: async (samples, language, signal) =>
          (await workers.recognition.call('transcribe', { samples, language }, { timeoutMs: 60_000, signal })).text,
        speak: (text, language, signal) => conversation.renderSpeech(characters.speaker(''), text, language, signal),
      }),
      async token() {
        const known = secrets.get('phone.avrToken');
        if (known !== undefined) return known;
        const made = randomBytes(AVR_TOKEN_BYTES).toString('hex');
        await secrets.set('phone.avrToken', made);
        return made;
      },
      admit: () => killSwitch.gate.pass('inference'),
      onProblem: (error) => tellTrouble(platform, error),
      log,
    }),
  );
}

/** One notice of each kind: a new one of the same kind takes its place. null = control is there again. */
export function tellTrouble({ notices }: { notices: Pick<Platform['notices'], 'raise' | 'dismissCode'> }, error: ErrorData | null): void {
  if (error === null) notices.dismissCode(PASSING_TROUBLE);
  else notices.raise({ level: 'problem', code: error.code, message: error.message, details: error.details, action: 'none' });
}

/** A program wants to call out: the owner is asked in the window, on a card like that of any tool. Silence is a no. */
async function askOwner(
  tools: ToolsService,
  language: 'en' | 'de',
  { number, by, purpose }: { number: string; by: 'owner' | 'assistant'; purpose: string },
): Promise<boolean> {
  const turn = tools.beginTurn({
    asker: { channel: 'api' },
    conversationId: null,
    language,
    tainted: true,
    signal: new AbortController().signal,
    committed: Promise.resolve(),
  });
  const { state, reason } = await turn.call({
    id: `program-${randomBytes(6).toString('hex')}`,
    name: 'phone_permission',
    input: { number, by, purpose },
  });
  // Why not, in the words of who refused: no exchange, no such number, a no, nobody there.
  if (state !== 'done' && reason !== undefined) throw fromErrorData(reason);
  return state === 'done';
}
