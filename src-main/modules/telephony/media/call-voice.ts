import { createDeferred } from '../../../base/deferred.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { PhoneCall } from '../../../../src-preload/contract/index.ts';
import type { RecognitionEvent, RecognitionMethods } from '../../../inference/contracts/index.ts';
import type { PageHub } from '../../../platform/contract-host/index.ts';
import type { SupervisedWorker } from '../../../platform/workers/index.ts';
import type { Conversation } from '../../conversation/index.ts';
import { MEDIA_CLIENT } from '../asterisk/render-settings.ts';
import type { CallEar, CallVoice, MediaLegs, VoiceEvent } from '../calls/call-ports.ts';
import type { LegStatistics, MediaEvent } from '../telephony.ts';
import { briefing, greeting, sentence } from './call-words.ts';
import type { MediaWorker } from './media-doors.ts';
import { createPeopleCaptions } from './people-captions.ts';
import { callBrief, callerOf, createPhonePage, type PhonePage, type PhonePageDeps } from './phone-page.ts';
import { createSpokenSentences } from './spoken-sentences.ts';

/** The sound of calls: the assistant's legs, and the conversations in them. */
export interface CallSound extends Disposable {
  legs: MediaLegs;
  voice: CallVoice;
  /** Captions while people speak with each other. */
  ear: CallEar;
  /** Has the usual greetings spoken, so that the first call need not wait for that. Never rejects. */
  prepare(): Promise<void>;
  /** A call has changed: while it rings, what will be needed first is made ready. Never throws. */
  expect(call: PhoneCall): void;
}

export type CallSoundDeps = Omit<PhonePageDeps, 'sentences' | 'emit' | 'media' | 'conversation' | 'hub' | 'recognition' | 'nextSeq'> & {
  recognition: SupervisedWorker<RecognitionMethods, RecognitionEvent>;
  hub: Pick<PageHub, 'add'>;
  conversation: PhonePageDeps['conversation'] & Pick<Conversation, 'renderSpeech' | 'expectCall'>;
  media: MediaWorker;
  /** Language of the window. */
  locale: () => 'en' | 'de';
  /** How Asterisk is to bring the sound of a leg. */
  transport: () => 'audiosocket' | 'websocket';
  /** How the leg was, at its end. */
  onStatistics?: (callId: string, statistics: LegStatistics) => void;
};

const GREETING_PATIENCE_MS = 8_000;
/** Calls of which captions are numbered; more than are ever under way. */
const MAX_COUNTED = 64;

export function createCallSound(deps: CallSoundDeps): CallSound {
  const { log, media } = deps;
  const { worker } = media;
  const sentences = createSpokenSentences(deps.conversation.renderSpeech);
  const pages = new Map<string, PhonePage>();
  const callOfLeg = new Map<string, string>();
  const voiceListeners = new Set<(event: VoiceEvent) => void>();
  const mediaListeners = new Set<(event: MediaEvent) => void>();
  const emit = (event: VoiceEvent): void => {
    for (const listener of voiceListeners) listener(event);
  };
  const pageOfLeg = (legId: string): PhonePage | undefined => pages.get(callOfLeg.get(legId) ?? '');

  const hear = (event: MediaEvent): void => {
    pageOfLeg(event.legId)?.media(event);
    for (const listener of mediaListeners) listener(event);
  };
  const stopListening = worker.onEvent(hear);
  const stopWatching = worker.onState(({ state }) => {
    if (state === 'running' || state === 'starting') return;
    // Its legs went with it; nobody else will say so.
    for (const legId of callOfLeg.keys()) hear({ type: 'leg.closed', legId });
  });

  /** Speaks for a leg of which no conversation has begun: a notice at the beginning, a briefing. */
  const sayWithoutPage = async (legId: string, text: string, language: 'en' | 'de'): Promise<boolean> => {
    const { name: _name, ...speaker } = deps.speaker(`leg-${legId}`);
    const { samples, sampleRateHz } = await sentences.speak(speaker, text, language);
    const timeoutMs = (samples.length / sampleRateHz) * 1000 + 60_000;
    return worker.call('leg.play', { legId, soundId: `${legId}-notice`, samples, sampleRateHz }, { timeoutMs });
  };

  /** The greeting that most calls need; an assistant that has none yet lets it ring rather than pick up into silence. */
  let firstGreeting: Promise<unknown> = Promise.resolve();
  const greetingOrPatience = async (): Promise<void> => {
    const patience = createDeferred<void>();
    const timer = deps.clock.after(GREETING_PATIENCE_MS, () => patience.resolve());
    await Promise.race([firstGreeting, patience.promise]);
    timer.cancel();
  };

  const prepare = async (): Promise<void> => {
    const language = deps.locale();
    const { name, ...speaker } = deps.speaker('call-');
    const ready = (['assistant', 'message', 'screening'] as const).map((role) =>
      greeting({ direction: 'in', role, purpose: '' }, { assistant: name, owner: '' }, deps.ownGreeting(language), language),
    );
    const usual = (['one-moment', 'still-there', 'recording'] as const).map((which) => sentence(which, language));
    try {
      firstGreeting = sentences.speak(speaker, ready[0] ?? '', language).catch(() => undefined);
      for (const text of [...ready, ...usual]) await sentences.speak(speaker, text, language);
    } catch (error) {
      log.debug('call.greetings-not-ready', { error });
    }
  };

  const expected = new Set<string>();
  const expect = (call: PhoneCall): void => {
    const { direction, party, purpose } = call;
    const { state } = call.state;
    if (state !== 'ringing' && state !== 'dialing') return void expected.delete(call.id);
    // Placed without a purpose, it is the owner who speaks.
    if (expected.has(call.id) || (state === 'dialing' && purpose === '')) return;
    expected.add(call.id);
    const language = deps.languageOf(party);
    const brief = callBrief(deps, call, { by: 'assistant', purpose }, []);
    deps.conversation.expectCall(callerOf(call), { brief, language });
    if (direction === 'in') return;
    const { name, ...speaker } = deps.speaker(callerOf(call).clientId);
    const words = greeting(brief, { assistant: name, owner: deps.ownerName() }, '', language);
    sentences.speak(speaker, words, language).catch((error: unknown) => log.debug('call.greetings-not-ready', { callId: call.id, error }));
  };

  const openLeg = async (legId: string): ReturnType<MediaLegs['open']> => {
    const { audioSocketPort } = await media.doors();
    await worker.call('leg.open', { legId, sessionId: legId });
    const transport = deps.transport();
    return { transport, host: transport === 'audiosocket' ? `127.0.0.1:${audioSocketPort}` : MEDIA_CLIENT, format: 'slin16' };
  };

  /** Lines of all captions of a call, in their order. */
  const seqs = new Map<string, number>();
  const nextSeq = (callId: string): number => {
    const seq = seqs.get(callId) ?? 0;
    seqs.set(callId, seq + 1);
    const oldest = seqs.keys().next();
    if (seqs.size > MAX_COUNTED && !oldest.done) seqs.delete(oldest.value);
    return seq;
  };
  const people = createPeopleCaptions({
    ...deps,
    media: worker,
    languageOf: (call) => pages.get(call.id)?.heardLanguage() ?? deps.languageOf(call.party),
    nextSeq,
    tell: (caption) => deps.tell('phone.caption', caption),
  });
  const ear: CallEar = {
    async open(call, legId) {
      const place = await openLeg(legId);
      await people.open(call, legId);
      return place;
    },
    talking: people.talking,
    async close(callId) {
      const legId = await people.close(callId);
      if (legId === undefined || worker.state().state !== 'running') return;
      await worker.call('leg.close', { legId }).catch((error: unknown) => log.debug('call.leg-not-closed', { callId, error }));
    },
  };

  const legs: MediaLegs = {
    async open({ callId, legId }) {
      // Before it is open: whoever ends the call meanwhile closes it.
      callOfLeg.set(legId, callId);
      try {
        const [place] = await Promise.all([openLeg(legId), greetingOrPatience()]);
        return place;
      } catch (error) {
        callOfLeg.delete(legId);
        throw error;
      }
    },
    async close(legId) {
      const callId = callOfLeg.get(legId);
      callOfLeg.delete(legId);
      if (callId === undefined || worker.state().state !== 'running') return;
      try {
        const statistics = await worker.call('leg.close', { legId });
        if (statistics) deps.onStatistics?.(callId, statistics);
      } catch (error) {
        log.debug('call.leg-not-closed', { callId, error });
      }
    },
    async listen(legId, on) {
      await worker.call('leg.listen', { legId, on }).catch((error: unknown) => log.debug('call.not-switched', { legId, error }));
    },
    async say(legId, notice) {
      const page = pageOfLeg(legId);
      const language = page?.language() ?? deps.locale();
      const text = notice.kind === 'briefing' ? briefing(notice, language) : sentence(notice.kind, language);
      try {
        return page?.legId() === legId ? await page.say(text) : await sayWithoutPage(legId, text, language);
      } catch (error) {
        log.warn('call.sentence-not-said', { legId, error });
        return false;
      }
    },
    onEvent(listener) {
      mediaListeners.add(listener);
      return () => void mediaListeners.delete(listener);
    },
  };

  const voice: CallVoice = {
    async begin(request) {
      const { id } = request.call;
      const page = pages.get(id) ?? createPhonePage({ ...deps, media: worker, sentences, emit, nextSeq }, request.call);
      pages.set(id, page);
      try {
        return await page.begin(request);
      } catch (error) {
        voice.end(id);
        throw error;
      }
    },
    pause: (callId, on) => pages.get(callId)?.pause(on),
    hint: (callId, hint) => pages.get(callId)?.hint(hint),
    standing: (callId, standing) => pages.get(callId)?.standing(standing),
    end(callId) {
      pages.get(callId)?.end();
      pages.delete(callId);
    },
    onEvent(listener) {
      voiceListeners.add(listener);
      return () => void voiceListeners.delete(listener);
    },
  };

  return {
    legs,
    voice,
    ear,
    prepare,
    expect,
    dispose() {
      stopListening();
      stopWatching();
      people.dispose();
      for (const page of pages.values()) page.end();
      pages.clear();
    },
  };
}
