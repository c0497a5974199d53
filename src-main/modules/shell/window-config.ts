import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/*
 * What the page itself acts on: its devices, its looks, its keys. The core only keeps these settings, because window and browser page share them.
 * Devices are stored by name: their ids differ between the window's origin and the browser's.
 */

export const locale = {
  key: 'appearance.locale',
  subject: 'appearance',
  kind: 'choice',
  level: 'common',
  defaultValue: 'system',
  schema: z.enum(['system', 'en', 'de']),
  choices: ['system', 'en', 'de'],
  description: 'Language of the user interface; "system" follows the computer, English where it is neither.',
} as const satisfies SettingDefinition<'system' | 'en' | 'de'>;

export const germanAddress = {
  key: 'appearance.germanAddress',
  subject: 'appearance',
  kind: 'choice',
  level: 'common',
  defaultValue: 'du',
  schema: z.enum(['du', 'sie']),
  choices: ['du', 'sie'],
  description: 'How the German texts address the owner.',
} as const satisfies SettingDefinition<'du' | 'sie'>;

export const theme = {
  key: 'appearance.theme',
  subject: 'appearance',
  kind: 'choice',
  level: 'common',
  defaultValue: 'system',
  schema: z.enum(['system', 'ink', 'paper']),
  choices: ['system', 'ink', 'paper'],
  description: 'ink is dark, paper is light; "system" follows the computer.',
} as const satisfies SettingDefinition<'system' | 'ink' | 'paper'>;

export const textSize = {
  key: 'appearance.textSize',
  subject: 'appearance',
  kind: 'number',
  level: 'common',
  defaultValue: 100,
  schema: z.number().min(80).max(200),
  min: 80,
  max: 200,
  step: 10,
  unit: '%',
  description: 'Size of all text and controls in percent.',
} as const satisfies SettingDefinition<number>;

export const captions = {
  key: 'appearance.captions',
  subject: 'appearance',
  kind: 'switch',
  level: 'common',
  defaultValue: true,
  schema: z.boolean(),
  description: 'Shows the words on the stage while they are spoken.',
} as const satisfies SettingDefinition<boolean>;

export const motion = {
  key: 'appearance.motion',
  subject: 'appearance',
  kind: 'choice',
  level: 'advanced',
  defaultValue: 'system',
  schema: z.enum(['system', 'full', 'reduced']),
  choices: ['system', 'full', 'reduced'],
  description: 'reduced drops every movement but the level of the voice; "system" follows the computer.',
} as const satisfies SettingDefinition<'system' | 'full' | 'reduced'>;

export const microphone = {
  key: 'talk.microphone',
  subject: 'talk',
  kind: 'microphone',
  level: 'common',
  defaultValue: '',
  schema: z.string().max(300),
  description: 'Name of the microphone; empty = the one that the system chooses.',
} as const satisfies SettingDefinition<string>;

export const speaker = {
  key: 'voice.speaker',
  subject: 'voice',
  kind: 'speaker',
  level: 'common',
  defaultValue: '',
  schema: z.string().max(300),
  description: 'Name of the loudspeaker; empty = the one that the system chooses.',
} as const satisfies SettingDefinition<string>;

export const volume = {
  key: 'voice.volume',
  subject: 'voice',
  kind: 'number',
  level: 'common',
  defaultValue: 100,
  schema: z.number().min(0).max(100),
  min: 0,
  max: 100,
  step: 5,
  unit: '%',
  description: 'Loudness of the voice and the cues, below that of the system.',
} as const satisfies SettingDefinition<number>;

export const speakTyped = {
  key: 'voice.speakTyped',
  subject: 'voice',
  kind: 'switch',
  level: 'common',
  defaultValue: false,
  schema: z.boolean(),
  description: 'Answers typed questions aloud, too.',
} as const satisfies SettingDefinition<boolean>;

export const sounds = {
  key: 'talk.sounds',
  subject: 'talk',
  kind: 'choice',
  level: 'common',
  defaultValue: 'by-day',
  schema: z.enum(['never', 'by-day', 'always']),
  choices: ['never', 'by-day', 'always'],
  description: 'Soft cues when it begins to listen, has understood, or needs the owner; by-day is silent from 22 to 7 o’clock.',
} as const satisfies SettingDefinition<'never' | 'by-day' | 'always'>;

const processing = (name: 'echoCancellation' | 'noiseSuppression' | 'autoGainControl', description: string) =>
  ({
    key: `talk.${name}`,
    subject: 'talk',
    kind: 'switch',
    level: 'advanced',
    defaultValue: true,
    schema: z.boolean(),
    description,
  }) as const satisfies SettingDefinition<boolean>;

export const echoCancellation = processing(
  'echoCancellation',
  'Takes the loudspeaker’s sound out of the microphone’s; off only with headphones.',
);
export const noiseSuppression = processing('noiseSuppression', 'Dampens fans, keyboards and traffic.');
export const autoGainControl = processing('autoGainControl', 'Evens out near and far voices.');

export const singleKeys = {
  key: 'shortcuts.singleKeys',
  subject: 'shortcuts',
  kind: 'switch',
  level: 'common',
  defaultValue: true,
  schema: z.boolean(),
  description: 'Single keys such as M (mute) act while no text field has the focus; off for those whose dictation or reader types keys.',
} as const satisfies SettingDefinition<boolean>;

export const windowSettings = [
  locale,
  germanAddress,
  theme,
  textSize,
  captions,
  motion,
  microphone,
  speaker,
  volume,
  speakTyped,
  sounds,
  echoCancellation,
  noiseSuppression,
  autoGainControl,
  singleKeys,
];
