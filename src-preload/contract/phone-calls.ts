import { z } from 'zod';
import {
  callLogEntrySchema,
  callRecordSchema,
  callSpeakerSchema,
  mobilePhoneSchema,
  phoneCallSchema,
  phoneCheckSchema,
  phoneContactSchema,
  phoneNumberSchema,
  phoneStatisticsSchema,
  phoneStatusSchema,
  softphoneAccessSchema,
  trunkDraftSchema,
  trunkSchema,
  trunkViewSchema,
  typedNumberSchema,
} from './phone.ts';

const id = z.string().min(1).max(80);
const nothing = z.object({}).strict();
const done = z.void();
const callId = z.object({ callId: id });
const switched = callId.extend({ on: z.boolean() });
/** What the log is narrowed down to; absent = everything. */
const logFilter = z.object({
  query: z.string().trim().max(200).optional(),
  direction: z.enum(['in', 'out']).optional(),
  answeredBy: z.union([callSpeakerSchema, z.literal('nobody')]).optional(),
});

/** What a page may ask about the phone. Part of `calls`. Calls that are over reject with `phone.no-call`. */
export const phoneCalls = {
  'phone.status': { input: nothing, result: phoneStatusSchema },
  /** Begins the set-up, or does again what failed; resolves when it is begun, `phone.status` events tell how it goes. */
  'phone.setUp': {
    input: z.object({
      /** An Asterisk that is there already; absent = our own container. */
      existing: z
        .object({ url: z.url({ protocol: /^https?$/ }).max(300), user: z.string().min(1).max(80), password: z.string().min(1).max(200) })
        .optional(),
    }),
    result: phoneStatusSchema,
  },
  /** Stops the exchange and its container; settings and log stay. */
  'phone.shutDown': { input: nothing, result: done },
  /**
   * Makes this page the owner's telephone. One page at a time is: rejects with `phone.softphone-elsewhere` while another one is, unless `takeOver`, which
   * rejects with `phone.softphone-in-call` while that one talks. Rejects with `phone.not-ready`, too; the page has its place then. For the owner's own pages
   * on this machine only.
   */
  'phone.softphone': { input: z.object({ takeOver: z.boolean().optional() }), result: softphoneAccessSchema },
  /** Says what this page's softphone sees. `one-way`: no sound comes in, or none goes out. */
  'phone.reportSoftphone': {
    input: z.object({
      registered: z.boolean(),
      callId: id.optional(),
      /** `hears`: the first sound of the other end was played. */
      sound: z.enum(['hears', 'nothing-comes', 'nothing-goes']).optional(),
      atMs: z.number().optional(),
    }),
    result: done,
  },
  'phone.active': { input: nothing, result: z.array(phoneCallSchema) },
  /** Rejects with `phone.bad-number`, `phone.emergency-refused`, `phone.no-way-out`, `phone.busy-here`, `phone.limit`. */
  'phone.dial': {
    input: z.object({
      number: typedNumberSchema,
      by: z.enum(['owner', 'assistant']),
      purpose: z.string().trim().max(500).optional(),
      /** Trunk; absent = the first that works. */
      way: z.string().max(80).optional(),
    }),
    result: phoneCallSchema,
  },
  'phone.answer': { input: callId.extend({ by: z.enum(['owner', 'assistant', 'message']) }), result: phoneCallSchema },
  'phone.reject': { input: callId.extend({ reason: z.enum(['busy', 'declined', 'blocked']) }), result: done },
  'phone.hangUp': { input: callId, result: done },
  /** The owner speaks from now on; the other end notices nothing but the voice. */
  'phone.takeOver': { input: callId, result: phoneCallSchema },
  /** The assistant speaks on. Rejects with `phone.emergency-call` where an emergency centre is in the call. */
  'phone.handOver': { input: callId, result: phoneCallSchema },
  'phone.listenIn': { input: switched, result: phoneCallSchema },
  /** A hint to the assistant that the other end does not hear. */
  'phone.whisper': { input: callId.extend({ text: z.string().trim().min(1).max(500) }), result: done },
  'phone.hold': { input: switched, result: phoneCallSchema },
  'phone.mute': { input: switched, result: phoneCallSchema },
  'phone.record': { input: switched, result: phoneCallSchema },
  'phone.sendDigits': { input: callId.extend({ digits: z.string().regex(/^[\d*#A-Dw]{1,40}$/) }), result: done },
  /**
   * `attended`: whoever speaks calls there first. The assistant says the briefing and joins both. The owner speaks with them (after the briefing, if there is one), and
   * ends that with `phone.finishTransfer`; the call is `consulting` until then. Rejects with `phone.transfer-failed` or
   * `phone.emergency-transfer`, with `phone.emergency-call` where an emergency centre is in the call, and the call is as it was.
   */
  'phone.transfer': {
    input: callId.extend({ number: typedNumberSchema, kind: z.enum(['blind', 'attended']), briefing: z.string().max(300).optional() }),
    result: phoneCallSchema,
  },
  /** join: both others speak with each other, and the call here is over. return: back to the other end, also while it still rings there. */
  'phone.finishTransfer': { input: callId.extend({ how: z.enum(['join', 'return']) }), result: phoneCallSchema },
  /** null = calls ring again. */
  'phone.setQuiet': { input: z.object({ untilMs: z.number().nullable() }), result: phoneStatusSchema },

  /** The digits by which the owner proves who they are in a call; '' takes them away. Kept as a hash in the vault. */
  'phone.setPin': { input: z.object({ pin: z.string().regex(/^(?:\d{4,12})?$/) }), result: phoneStatusSchema },

  'phone.contacts': { input: nothing, result: z.array(phoneContactSchema) },
  'phone.saveContact': { input: phoneContactSchema.extend({ id: id.optional() }), result: phoneContactSchema },
  'phone.removeContact': { input: z.object({ id }), result: done },
  /** On or off the block list, known or not. */
  'phone.block': { input: z.object({ number: phoneNumberSchema.min(1), blocked: z.boolean() }), result: done },

  /** Checked by Asterisk itself before it is taken over; rejects with `phone.bad-configuration`, and the last good one stays. */
  'phone.saveTrunk': { input: trunkDraftSchema, result: trunkViewSchema },
  'phone.removeTrunk': { input: z.object({ id: trunkSchema.shape.id }), result: done },
  'phone.addMobile': {
    input: z.object({ name: z.string().trim().min(1).max(60) }),
    /** Shown once, as a picture to be scanned. */
    result: z.object({ mobile: mobilePhoneSchema, server: z.string(), port: z.number(), user: z.string(), password: z.string() }),
  },
  'phone.saveMobile': { input: mobilePhoneSchema.pick({ id: true, name: true, rings: true }), result: mobilePhoneSchema },
  'phone.removeMobile': { input: z.object({ id: mobilePhoneSchema.shape.id }), result: done },

  'phone.log': {
    input: logFilter.extend({ beforeMs: z.number().optional(), limit: z.number().int().min(1).max(200) }),
    result: z.array(callLogEntrySchema),
  },
  'phone.record.get': { input: z.object({ callId: id }), result: callRecordSchema.nullable() },
  /** Out of the log at once, and deleted some seconds later, unless it is kept. */
  'phone.record.remove': { input: z.object({ callId: id }), result: done },
  /** Takes a removal back. Too late, it changes nothing. */
  'phone.record.keep': { input: z.object({ callId: id }), result: done },
  /** Address of the recording on this page's own door, good for ten minutes; null = there is none. */
  'phone.record.sound': { input: z.object({ callId: id }), result: z.object({ url: z.string() }).nullable() },
  /** These calls, or else all that the filter lets through, whatever their number; newest first. */
  'phone.record.export': {
    input: z.object({
      callIds: z.array(id).max(500).optional(),
      filter: logFilter.optional(),
      format: z.enum(['markdown', 'json', 'csv']),
    }),
    result: z.object({ fileName: z.string(), content: z.string() }),
  },
  'phone.statistics': { input: z.object({ days: z.number().int().min(1).max(366) }), result: phoneStatisticsSchema },
  'phone.doctor': { input: nothing, result: z.array(phoneCheckSchema) },
  /** For an Asterisk of one's own: what its dialplan must say. */
  'phone.dialplan': { input: nothing, result: z.object({ text: z.string() }) },
} as const;
