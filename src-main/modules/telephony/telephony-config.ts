import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** How long window and mobile phones ring. */
export const ringSeconds = {
  key: 'phone.ringSeconds',
  subject: 'phone',
  kind: 'number',
  level: 'common',
  defaultValue: 20,
  schema: z.number().int().min(5).max(60),
  min: 5,
  max: 60,
  step: 5,
  unit: 'seconds',
  description: 'How long a call rings in the window and on the mobile phones before phone.whenNobodyAnswers counts.',
} as const satisfies SettingDefinition<number>;

/** Who takes a call that nobody takes. */
export const whenNobodyAnswers = {
  key: 'phone.whenNobodyAnswers',
  subject: 'phone',
  kind: 'choice',
  level: 'common',
  defaultValue: 'assistant',
  schema: z.enum(['assistant', 'message', 'nothing']),
  choices: ['assistant', 'message', 'nothing'],
  description: 'assistant: it speaks with the caller; message: it takes a message and no more; nothing: the call is ended.',
} as const satisfies SettingDefinition<'assistant' | 'message' | 'nothing'>;

/** Unknown callers are asked first. */
export const screenUnknown = {
  key: 'phone.screenUnknown',
  subject: 'phone',
  kind: 'switch',
  level: 'common',
  defaultValue: false,
  schema: z.boolean(),
  description: 'The assistant asks callers who are not in the phone book who they are and what it is about, before it rings.',
} as const satisfies SettingDefinition<boolean>;

const timeOfDay = z
  .string()
  .trim()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d)?$/);

/** Quiet hours begin. */
export const quietFrom = {
  key: 'phone.quietFrom',
  subject: 'phone',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: timeOfDay,
  description: 'Local time (22:00) from which calls do not ring, save those of favourites; empty = there are no quiet hours.',
} as const satisfies SettingDefinition<string>;

/** Quiet hours end. */
export const quietTo = {
  key: 'phone.quietTo',
  subject: 'phone',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: timeOfDay,
  description: 'Local time (07:00) from which calls ring again; empty = there are no quiet hours.',
} as const satisfies SettingDefinition<string>;

/** Longest call of the assistant's. */
export const maxMinutes = {
  key: 'phone.maxMinutes',
  subject: 'phone',
  kind: 'number',
  level: 'common',
  defaultValue: 30,
  schema: z.number().int().min(1).max(240),
  min: 1,
  max: 240,
  step: 1,
  unit: 'minutes',
  description: 'After so long a call that the assistant leads is ended. Calls that the owner speaks in have no limit.',
} as const satisfies SettingDefinition<number>;

/** Calls at the same time. */
export const maxCallsAtOnce = {
  key: 'phone.maxCallsAtOnce',
  subject: 'phone',
  kind: 'number',
  level: 'advanced',
  defaultValue: 4,
  schema: z.number().int().min(1).max(20),
  min: 1,
  max: 20,
  step: 1,
  description: 'Further calls hear the busy tone, and none can be placed.',
} as const satisfies SettingDefinition<number>;

/** Calls that the assistant may place. */
export const maxCallsPerHour = {
  key: 'phone.maxCallsPerHour',
  subject: 'phone',
  kind: 'number',
  level: 'advanced',
  defaultValue: 10,
  schema: z.number().int().min(0).max(200),
  min: 0,
  max: 200,
  step: 1,
  description: 'How many calls the assistant may place within an hour; 0 = none. Calls that the owner places are not counted.',
} as const satisfies SettingDefinition<number>;

/** Sound of calls is kept. */
export const recordCalls = {
  key: 'phone.recordCalls',
  subject: 'phone',
  kind: 'switch',
  level: 'common',
  defaultValue: false,
  schema: z.boolean(),
  description:
    'Records every call from its answer on; the other end is told at its beginning. Off: only where the owner switches it on in a call.',
} as const satisfies SettingDefinition<boolean>;

/** How long calls are kept. */
export const retentionDays = {
  key: 'phone.retentionDays',
  subject: 'phone',
  kind: 'number',
  level: 'common',
  defaultValue: 90,
  schema: z.number().int().min(0).max(3650),
  min: 0,
  max: 3650,
  step: 1,
  unit: 'days',
  description: 'Calls with their transcripts and recordings are deleted after so many days; 0 = never.',
} as const satisfies SettingDefinition<number>;

const greeting = z.string().trim().max(400);

/** First words to a caller, English. */
export const greetingEn = {
  key: 'phone.greetingEn',
  subject: 'phone',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: greeting,
  description: 'What the assistant says when it answers a call in English; empty = its usual words.',
} as const satisfies SettingDefinition<string>;

/** First words to a caller, German. */
export const greetingDe = {
  key: 'phone.greetingDe',
  subject: 'phone',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: greeting,
  description: 'What the assistant says when it answers a call in German; empty = its usual words.',
} as const satisfies SettingDefinition<string>;

/** What callers may be told. */
export const releasedFacts = {
  key: 'phone.releasedFacts',
  subject: 'phone',
  kind: 'long-text',
  level: 'common',
  defaultValue: '',
  schema: z.string().max(4_000),
  description:
    'What the assistant may tell callers who may ask (opening hours, an address). Nothing else of the owner is known to it in a call.',
} as const satisfies SettingDefinition<string>;

/** Where numbers without a country belong. */
export const phoneCountry = {
  key: 'phone.country',
  subject: 'phone',
  kind: 'text',
  level: 'common',
  defaultValue: 'de',
  schema: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z]{2}$/),
  description: 'ISO 3166 code of the country whose tones are heard, and whose rules numbers follow where no trunk says otherwise.',
} as const satisfies SettingDefinition<string>;

/** What is done when a machine answers. */
export const whenMachineAnswers = {
  key: 'phone.whenMachineAnswers',
  subject: 'phone',
  kind: 'choice',
  level: 'common',
  defaultValue: 'message',
  schema: z.enum(['message', 'hang-up']),
  choices: ['message', 'hang-up'],
  description: 'What the assistant does when its call is taken by an answering machine: leaves a message, or hangs up.',
} as const satisfies SettingDefinition<'message' | 'hang-up'>;

/** Who may register as a phone. */
export const mobileReach = {
  key: 'phone.mobileReach',
  subject: 'phone',
  kind: 'choice',
  level: 'common',
  defaultValue: 'loopback',
  schema: z.enum(['loopback', 'network']),
  choices: ['loopback', 'network'],
  description:
    'loopback: only programs of this machine reach the exchange; network: mobile phones of the local network as well, over TLS too (with a certificate made here). A trunk needs neither.',
} as const satisfies SettingDefinition<'loopback' | 'network'>;

/** Where SIP is spoken. */
export const sipPort = {
  key: 'phone.sipPort',
  subject: 'phone',
  kind: 'number',
  level: 'advanced',
  defaultValue: 5060,
  schema: z.number().int().min(1024).max(65_535),
  min: 1024,
  max: 65_535,
  step: 1,
  description: 'Port of the exchange for SIP over UDP and TCP; the port after it is for TLS.',
} as const satisfies SettingDefinition<number>;

/** A GSM stick. */
export const dongleDevice = {
  key: 'phone.dongleDevice',
  subject: 'phone',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z
    .string()
    .trim()
    .max(120)
    .regex(/^(?:\/dev\/[A-Za-z0-9/_.-]+)?$/),
  description: 'Device of a GSM stick (/dev/ttyUSB2); empty = there is none.',
} as const satisfies SettingDefinition<string>;

/** How Asterisk brings the sound of the assistant's legs. */
export const mediaTransport = {
  key: 'phone.mediaTransport',
  subject: 'phone',
  kind: 'choice',
  level: 'advanced',
  defaultValue: 'audiosocket',
  schema: z.enum(['audiosocket', 'websocket']),
  choices: ['audiosocket', 'websocket'],
  description: 'How the exchange brings sound to the assistant, at 16 kHz either way: AudioSocket, or chan_websocket.',
} as const satisfies SettingDefinition<'audiosocket' | 'websocket'>;

export const telephonySettings = [
  ringSeconds,
  whenNobodyAnswers,
  screenUnknown,
  quietFrom,
  quietTo,
  mobileReach,
  recordCalls,
  retentionDays,
  greetingEn,
  greetingDe,
  releasedFacts,
  whenMachineAnswers,
  maxMinutes,
  phoneCountry,
  maxCallsAtOnce,
  maxCallsPerHour,
  sipPort,
  mediaTransport,
  dongleDevice,
];
