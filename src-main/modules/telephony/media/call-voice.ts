import { createDeferred } from '../../../base/deferred.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { PageHub } from '../../../platform/contract-host/index.ts';
import type { Conversation } from '../../conversation/index.ts';
import type { CallVoice, MediaLegs, VoiceEvent } from '../calls/call-ports.ts';
import type { LegStatistics, MediaEvent } from '../telephony.ts';
import { briefing, greeting, sentence } from './call-words.ts';
import type { MediaWorker } from './media-doors.ts';
import { createPhonePage, type PhonePage, type PhonePageDeps } from './phone-page.ts';
import { createSpokenSentences } from './spoken-sentences.ts';

/** The sound of calls: the assistant's legs, and the conversations in them. */
export interface CallSound extends Disposable {
  legs: MediaLegs;
  voice: CallVoice;
  /** Has the usual greetings spoken, so that the first call need not wait for that. Never rejects. */
  prepare(): Promise<void>;
}

export type CallSoundDeps = Omit<PhonePageDeps, 'sentences' | 'emit' | 'media' | 'conversation' | 'hub'> & {
  hub: Pick<PageHub, 'add'>;
  conversation: PhonePageDeps['conversation'] & Pick<Conversation, 'renderSpeech'>;
  media: MediaWorker;
  /** Language of the window. */
  locale: () => 'en' | 'de';
  /** How the leg was, at its end. */
  onStatistics?: (callId: string, statistics: LegStatistics) => void;
};

const GREETING_PATIENCE_MS = 8_000;

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
      greeting({ direction: 'in', role, purpose: '' }, name, deps.ownGreeting(language), language),
    );
    const usual = (['one-moment', 'still-there', 'recording'] as const).map((which) => sentence(which, language));
    try {
      firstGreeting = sentences.speak(speaker, ready[0] ?? '', language).catch(() => undefined);
      for (const text of [...ready, ...usual]) await sentences.speak(speaker, text, language);
    } catch (error) {
      log.debug('call.greetings-not-ready', { error });
    }
  };

  const legs: MediaLegs = {
    async open({ callId, legId }) {
      const [{ audioSocketPort }] = await Promise.all([media.doors(), greetingOrPatience()]);
      await worker.call('leg.open', { legId, sessionId: legId, transport: 'audiosocket', ringback: false });
      callOfLeg.set(legId, callId);
      return { transport: 'audiosocket', host: `127.0.0.1:${audioSocketPort}`, format: 'slin16' };
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
      const page = pages.get(id) ?? createPhonePage({ ...deps, media: worker, sentences, emit }, request.call);
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
    prepare,
    dispose() {
      stopListening();
      stopWatching();
      for (const page of pages.values()) page.end();
      pages.clear();
    },
  };
}
