import type { SpeechPattern, VoiceProfile } from '../../../src-preload/contract/index.ts';

/** What the conversation must know of the one who speaks. Asked anew for every utterance: a character may be changed between two sentences. */
export interface SpeakingCharacter {
  id: string;
  voice: VoiceProfile;
  patterns: readonly SpeechPattern[];
  /** Where the voice sample of `voice.clone` lies on this machine; absent = there is none at hand. */
  samplePath?: string | undefined;
}
