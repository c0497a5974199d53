import { z } from 'zod';
import { errorDataSchema } from './system.ts';

/*
 * The phone as a page sees it: calls under way, how the exchange (Asterisk) is, who is known, what was said. All times are calendar time in ms
 * unless a name says otherwise. Made by modules/telephony only.
 */

const id = z.string().min(1).max(80);

/** Digits and `+ * #`, nothing else; '' = withheld. */
export const phoneNumberSchema = z.string().regex(/^[+\d*#]{0,40}$/);
/** What a person may type: spaces, brackets and dashes are taken out at the door. */
export const typedNumberSchema = z
  .string()
  .trim()
  .max(60)
  .regex(/^[+\d*#\s()/.-]+$/);

/** unknown: not in the phone book · known: in it · owner: said the PIN in this very call · blocked. A number alone never makes an owner: it can be forged. */
export const callerStandingSchema = z.enum(['unknown', 'known', 'owner', 'blocked']);

/** Whoever is at the other end. */
export const phonePartySchema = z.object({
  number: phoneNumberSchema,
  /** From the phone book, else what the network says (never trusted), else ''. Cleaned of control characters and markup. */
  name: z.string().max(120),
  contactId: id.nullable(),
  standing: callerStandingSchema,
});
export type PhoneParty = z.infer<typeof phonePartySchema>;

/** Who speaks with the other end. `message` = the assistant takes a message and no more. */
export const callSpeakerSchema = z.enum(['owner', 'mobile', 'assistant', 'message']);
export type CallSpeaker = z.infer<typeof callSpeakerSchema>;

export const callEndSchema = z.enum([
  'hung-up-here',
  'hung-up-there',
  'not-answered',
  'busy',
  'rejected',
  'blocked',
  'unreachable',
  'unknown-number',
  'forbidden',
  'limit',
  'quiet-hours',
  'silence',
  'fax',
  'answering-machine',
  'transferred',
  'stopped',
  'engine-lost',
  'failed',
]);
export type CallEnd = z.infer<typeof callEndSchema>;

/** See modules/telephony/calls/call-states.ts for the drawing. */
export const callStateSchema = z.discriminatedUnion('state', [
  /** Comes in; nobody has answered. `screening`: the assistant asks who it is and what about, before it rings. */
  z.object({
    state: z.literal('ringing'),
    screening: z.boolean(),
    /** The owner is in another call: softly. Absent = aloud. */
    quietly: z.boolean().optional(),
  }),
  /** Goes out; `ringing` once it rings there. */
  z.object({ state: z.literal('dialing'), ringing: z.boolean() }),
  z.object({
    state: z.literal('talking'),
    by: callSpeakerSchema,
    held: z.boolean(),
    /** The owner's own microphone. */
    muted: z.boolean(),
    /** The owner hears the assistant's call. */
    listening: z.boolean(),
    recording: z.boolean(),
    /** The owner asks somebody whether they take the call, and the other end waits meanwhile. `answered`: they are there, and the owner speaks with them. */
    consulting: z.object({ number: phoneNumberSchema, answered: z.boolean() }).optional(),
  }),
  z.object({ state: z.literal('ended'), reason: callEndSchema }),
]);
export type CallState = z.infer<typeof callStateSchema>;

export const phoneCallSchema = z.object({
  id,
  direction: z.enum(['in', 'out']),
  party: phonePartySchema,
  /** Trunk, `internal` (a phone of the owner's own), `dongle`, or `audiosocket` (a dialplan of other people's). */
  way: z.string().max(80),
  state: callStateSchema,
  startedAtMs: z.number(),
  answeredAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  /** Why it goes out; '' for calls that come in. */
  purpose: z.string().max(500),
  /** What a screened caller said about themselves; text from outside. */
  screeningText: z.string().max(500),
  conversationId: id.nullable(),
  /** Name of who speaks for the owner. */
  characterId: z.string().nullable(),
  /** Found while it runs: `phone.one-way-sound`, `phone.sound-gaps` … */
  trouble: errorDataSchema.nullable(),
});
export type PhoneCall = z.infer<typeof phoneCallSchema>;

/** Something said in a call; a later one with the same `seq` takes the place of the earlier. */
export const callCaptionSchema = z.object({
  callId: id,
  seq: z.number().int().nonnegative(),
  speaker: z.enum(['caller', 'assistant', 'owner']),
  text: z.string().max(4000),
  final: z.boolean(),
  /** From the moment of answering, ms. */
  atMs: z.number(),
  /** Shown and not kept: the record gets these words from the recording. Absent = kept. */
  passing: z.boolean().optional(),
});
export type CallCaption = z.infer<typeof callCaptionSchema>;

export const phoneStepSchema = z.object({
  id: z.enum(['docker', 'image', 'configuration', 'container', 'control', 'softphone', 'test-call']),
  status: z.enum(['waiting', 'running', 'done', 'failed']),
  /** 0..1 while it runs and that is known. */
  share: z.number().nullable(),
  /** What is wrong, and what to do. */
  error: errorDataSchema.nullable(),
});
export type PhoneStep = z.infer<typeof phoneStepSchema>;

export const trunkPresetSchema = z.enum(['sipgate', 'peoplefone', 'voipms', 'zadarma', 'custom']);
export type TrunkPreset = z.infer<typeof trunkPresetSchema>;

const host = z
  .string()
  .trim()
  .max(255)
  .regex(/^[A-Za-z0-9.:_-]+$/);
/** What goes into a file of Asterisk's: no line breaks, quotes, semicolons, brackets or spaces. */
const word = z
  .string()
  .max(120)
  .regex(/^[A-Za-z0-9.@_+~=-]*$/);

/** A way to the telephone network, without its password, which lies in the vault as `trunk.<id>`. */
export const trunkSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  name: z.string().trim().min(1).max(60),
  preset: trunkPresetSchema,
  enabled: z.boolean(),
  host,
  port: z.number().int().min(1).max(65_535),
  transport: z.enum(['udp', 'tcp', 'tls']),
  username: word,
  /** '' = the same as `username`. */
  authUser: word,
  /** Number that is shown to others; '' = the provider's own. */
  callerId: phoneNumberSchema,
  codecs: z
    .array(z.enum(['g722', 'alaw', 'ulaw', 'opus']))
    .min(1)
    .max(4),
  /** Registers with the provider; else the provider knows us by address. */
  registers: z.boolean(),
  /** ISO 3166 prefix without plus, for numbers typed without one: `49`, `41`, `1`. */
  countryPrefix: z.string().regex(/^[1-9]\d{0,2}$/),
});
export type Trunk = z.infer<typeof trunkSchema>;

export const trunkDraftSchema = trunkSchema.extend({
  id: trunkSchema.shape.id.optional(),
  /** Absent = as before. */
  password: z.string().min(1).max(200).optional(),
});
export type TrunkDraft = z.infer<typeof trunkDraftSchema>;

export const trunkViewSchema = trunkSchema.extend({
  hasPassword: z.boolean(),
  status: z.enum(['off', 'connecting', 'registered', 'rejected', 'unreachable', 'unknown']),
  /** `phone.trunk-rejected`, `phone.trunk-unreachable` with what to do. */
  error: errorDataSchema.nullable(),
});
export type TrunkView = z.infer<typeof trunkViewSchema>;

/** A SIP phone of the owner's own; its password lies in the vault as `phone.<id>`. */
export const mobilePhoneSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  name: z.string().trim().min(1).max(60),
  /** 1001… */
  extension: z.string().regex(/^1[0-9]{3}$/),
  /** Rings together with the window. */
  rings: z.boolean(),
  registered: z.boolean(),
});
export type MobilePhone = z.infer<typeof mobilePhoneSchema>;

export const phoneContactSchema = z.object({
  id,
  name: z.string().trim().min(1).max(120),
  numbers: z.array(phoneNumberSchema.min(1)).max(10),
  /** Language to greet in; '' = the window's. */
  language: z.enum(['', 'en', 'de']),
  blocked: z.boolean(),
  /** Never screened, and rings in quiet hours. */
  isFavourite: z.boolean(),
  /** May be told what the owner has released, beyond leaving messages. */
  mayAsk: z.boolean(),
  note: z.string().max(2000),
});
export type PhoneContact = z.infer<typeof phoneContactSchema>;

export const phoneStatusSchema = z.object({
  /** off: never set up, or shut down · setting-up · starting · ready · broken */
  state: z.enum(['off', 'setting-up', 'starting', 'ready', 'broken']),
  source: z.enum(['container', 'existing']).nullable(),
  steps: z.array(phoneStepSchema),
  error: errorDataSchema.nullable(),
  version: z.string(),
  /** Whether a page's softphone is registered now. */
  softphone: z.boolean(),
  trunks: z.array(trunkViewSchema),
  mobiles: z.array(mobilePhoneSchema),
  /** No call rings until then; null = calls ring. */
  quietUntilMs: z.number().nullable(),
  /** Absent = no. */
  hasPin: z.boolean().optional(),
});
export type PhoneStatus = z.infer<typeof phoneStatusSchema>;

/** A piece of a stored call. Times from the moment of answering, which is also where the recording begins. */
export const callSegmentSchema = z.object({
  speaker: z.enum(['caller', 'assistant', 'owner', 'note']),
  text: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  /** Where each word begins, in their order; absent = only the piece's own times are known. */
  wordStartsMs: z.array(z.number()).optional(),
});
export type CallSegment = z.infer<typeof callSegmentSchema>;

export const callRecordSchema = z.object({
  call: phoneCallSchema,
  answeredBy: callSpeakerSchema.nullable(),
  durationMs: z.number(),
  segments: z.array(callSegmentSchema),
  summary: z.string(),
  /** To-dos heard in it. */
  tasks: z.array(z.string()),
  /** -1 … 1; null = nothing to judge. */
  sentiment: z.number().nullable(),
  /** Caller's last word → first sound of the answer, per turn, ms. */
  latenciesMs: z.array(z.number()),
  recording: z.object({ durationMs: z.number(), bytes: z.number() }).nullable(),
  /** Places of the recording, led by the owner, that are still to be written down. They need the recording: without it they stay unwritten. Absent = none. */
  unheard: z.array(z.object({ speaker: z.enum(['caller', 'owner']), startMs: z.number(), endMs: z.number() })).optional(),
});
export type CallRecord = z.infer<typeof callRecordSchema>;

/** One line of the log. */
export const callLogEntrySchema = callRecordSchema.omit({ segments: true, latenciesMs: true, unheard: true });
export type CallLogEntry = z.infer<typeof callLogEntrySchema>;

export const phoneStatisticsSchema = z.object({
  /** Local days, oldest first, none left out. */
  days: z.array(z.object({ day: z.string(), incoming: z.number(), outgoing: z.number(), missed: z.number() })),
  answeredBy: z.object({ owner: z.number(), mobile: z.number(), assistant: z.number(), message: z.number(), nobody: z.number() }),
  durations: z.object({ medianMs: z.number(), p95Ms: z.number(), totalMs: z.number() }),
  responses: z.object({ p50Ms: z.number().nullable(), p95Ms: z.number().nullable(), count: z.number() }),
  sentiment: z.object({ good: z.number(), neutral: z.number(), bad: z.number() }),
});
export type PhoneStatistics = z.infer<typeof phoneStatisticsSchema>;

/** What the page's SIP.js needs. The password is made anew at each start of the exchange, is good for this softphone alone, and is never stored. */
export const softphoneAccessSchema = z.object({
  /** `ws://127.0.0.1:…/ws` */
  url: z.string(),
  user: z.string(),
  password: z.string(),
  realm: z.string(),
});
export type SoftphoneAccess = z.infer<typeof softphoneAccessSchema>;

export const phoneCheckSchema = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'problem']),
  message: z.string(),
});
export type PhoneCheck = z.infer<typeof phoneCheckSchema>;
