import { z } from 'zod';
import { callCaptionSchema, phoneCallSchema, phoneStatusSchema } from './phone.ts';

/** What the core tells about the phone. Part of `events`. */
export const phoneEvents = {
  'phone.status': phoneStatusSchema,
  /** A call has begun, or something about it has changed; the last one says `ended`. */
  'phone.call': phoneCallSchema,
  'phone.caption': callCaptionSchema,
  /** How loud each end is now, 0..1, ten times a second while somebody looks. */
  'phone.levels': z.object({ callId: z.string(), caller: z.number(), here: z.number() }),
  /** Told to pages that are not the owner's telephone: another one is, or (`free`) none is any more. */
  'phone.softphoneMoved': z.object({ free: z.boolean() }),
  /** Records came, changed or went: ask again. */
  'phone.logChanged': z.object({}),
  'phone.contactsChanged': z.object({}),
} as const;
