import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** Language of the speaker: fixed, or found out sentence by sentence. */
export const talkLanguage = {
  key: 'talk.language',
  subject: 'talk',
  kind: 'choice',
  level: 'common',
  defaultValue: 'auto',
  schema: z.string().regex(/^(auto|[a-z]{2,3})$/),
  choices: ['auto', 'en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'tr', 'uk'],
  description: 'ISO 639-1 code of the language that is spoken, or "auto": detected for each sentence. Answers come in the same language.',
} as const satisfies SettingDefinition<string>;

/** How the microphone is used when a session starts. */
export const talkMode = {
  key: 'talk.mode',
  subject: 'talk',
  kind: 'choice',
  level: 'common',
  defaultValue: 'hands-free',
  schema: z.enum(['hands-free', 'push-to-talk']),
  choices: ['hands-free', 'push-to-talk'],
  description:
    'hands-free: the assistant listens while the session is open; push-to-talk: only while the key or button is held or switched on.',
} as const satisfies SettingDefinition<'hands-free' | 'push-to-talk'>;

/** How long the assistant waits before it takes its turn; numbers in end-of-turn.ts. */
export const talkEndOfTurn = {
  key: 'talk.endOfTurn',
  subject: 'talk',
  kind: 'choice',
  level: 'common',
  defaultValue: 'normal',
  schema: z.enum(['quick', 'normal', 'patient']),
  choices: ['quick', 'normal', 'patient'],
  description: 'quick answers sooner and cuts in more often; patient leaves long pauses to think.',
} as const satisfies SettingDefinition<'quick' | 'normal' | 'patient'>;

/** What may interrupt the assistant while it speaks. */
export const talkInterruption = {
  key: 'talk.interruption',
  subject: 'talk',
  kind: 'choice',
  level: 'common',
  defaultValue: 'words',
  schema: z.enum(['words', 'stop-words', 'never']),
  choices: ['words', 'stop-words', 'never'],
  description: 'words: any real words; stop-words: only "stop" and the like; never: the microphone is ignored while the assistant speaks.',
} as const satisfies SettingDefinition<'words' | 'stop-words' | 'never'>;

/** Threshold of the voice detector; lower hears quieter voices and more noise. */
export const talkSensitivity = {
  key: 'talk.sensitivity',
  subject: 'talk',
  kind: 'number',
  level: 'advanced',
  defaultValue: 0.5,
  schema: z.number().min(0.2).max(0.9),
  min: 0.2,
  max: 0.9,
  step: 0.05,
  description: 'Speech probability (Silero VAD) that counts as a voice. While the assistant speaks the bar is 0.15 higher.',
} as const satisfies SettingDefinition<number>;

/** The voice that speaks; 'auto' = the best installed one of the answer's language. */
export const voiceName = {
  key: 'voice.voice',
  subject: 'voice',
  kind: 'choice',
  level: 'common',
  defaultValue: 'auto',
  schema: z.string().max(120),
  choices: ['auto'],
  description: 'Id of a voice (see the voice list) or "auto".',
} as const satisfies SettingDefinition<string>;

/** Speaking rate. */
export const voiceSpeed = {
  key: 'voice.speed',
  subject: 'voice',
  kind: 'number',
  level: 'common',
  defaultValue: 1,
  schema: z.number().min(0.5).max(2),
  min: 0.5,
  max: 2,
  step: 0.05,
  unit: '×',
  description: 'Speaking rate, 1 = the voice as it was recorded.',
} as const satisfies SettingDefinition<number>;

export const conversationSettings = [talkLanguage, talkMode, talkEndOfTurn, talkInterruption, talkSensitivity, voiceName, voiceSpeed];
