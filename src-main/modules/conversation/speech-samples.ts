import { voiceProfileSchema } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { LanguageCode, RenderedSpeech } from '../../inference/contracts/index.ts';
import type { Caller } from '../../platform/contract-host/index.ts';
import { createClauseCutter } from './clause-cutter.ts';
import { voiceName, voiceSpeed } from './conversation-config.ts';
import type { Client, ConversationDeps, ConversationService } from './conversation-service.ts';
import type { SpeakingCharacter } from './speaking-character.ts';
import { utteranceVoice } from './utterance-voice.ts';

/** Words that are spoken to judge a voice by; no history keeps them. */
export interface SpeechSamples {
  /** Speaks on the page's open line; it may be stopped and interrupted like an answer. Throws `turn.no-voice` when the voice is off. */
  speakSample(caller: Caller, as: SpeakingCharacter, text: string, language: LanguageCode): void;
  /** Speaks into memory, for a clip. Rejects with what the synthesis says, with `request.aborted`, and while answers are stopped. */
  renderSpeech(as: SpeakingCharacter, text: string, language: LanguageCode, signal?: AbortSignal): Promise<RenderedSpeech>;
}

/** A clip of two minutes on a slow processor, with live answers in between. */
const RENDER_TIMEOUT_MS = 180_000;

/** A voice as it is, without anybody's manner. */
export const PLAIN_SPEAKER: SpeakingCharacter = { id: 'plain', voice: voiceProfileSchema.parse({}), patterns: [] };

export function createSpeechSamples(service: Pick<ConversationService, 'client'>, deps: ConversationDeps): SpeechSamples {
  return {
    speakSample(caller, as, text, language) {
      const client = service.client(caller);
      requireVoice(client);
      deps.gate.pass('answer');
      client.floor.recite(text, language, null, as);
    },
    async renderSpeech(as, text, language, signal) {
      await deps.synthesis.start();
      deps.gate.pass('answer');
      const shut = deps.gate.signal('answer');
      const settings = { voice: deps.config.get(voiceName), speed: deps.config.get(voiceSpeed) };
      const { parameters, spoken } = utteranceVoice(as, settings, { utteranceId: createId('utt'), language });
      const cutter = createClauseCutter(language);
      const clauses = [...cutter.push(text), ...cutter.end()].map((clause) => spoken(clause).speakable);
      const params = { ...parameters, text: clauses.join(' '), language };
      const ending = signal === undefined ? shut : AbortSignal.any([signal, shut]);
      try {
        return await deps.synthesis.call('render', params, { timeoutMs: RENDER_TIMEOUT_MS, signal: ending });
      } catch (error) {
        throw shut.aborted ? shut.reason : error;
      }
    },
  };
}

export function requireVoice(client: Client): void {
  if (!client.voice) throw new AppError('turn.no-voice', 'Nothing can be spoken because the voice is off. Press the talk button first.');
}
