import { join } from 'node:path';
import { z } from 'zod';
import { mobilePhoneSchema, phoneContactSchema, phoneNumberSchema, trunkSchema } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { openOwnerFile, type OwnerFile } from '../../platform/config/index.ts';
import { phoneError } from './telephony-errors.ts';

const savedMobileSchema = mobilePhoneSchema.omit({ registered: true });
export type SavedMobile = z.infer<typeof savedMobileSchema>;

const contentSchema = z.object({
  /** Which exchange; null = never set up. Its password lies in the vault as `phone.existing`. */
  exchange: z.union([
    z.null(),
    z.object({ kind: z.literal('container') }),
    z.object({ kind: z.literal('existing'), url: z.string(), user: z.string() }),
  ]),
  /** Starts together with the app. */
  isOn: z.boolean(),
  trunks: z.array(trunkSchema),
  mobiles: z.array(savedMobileSchema),
  contacts: z.array(phoneContactSchema),
  /** On the block list without being in the phone book. */
  blockedNumbers: z.array(phoneNumberSchema),
  quietUntilMs: z.number().nullable(),
});
export type PhoneContent = z.infer<typeof contentSchema>;

/**
 * `phone.json` in the data folder: the exchange, trunks, phones, phone book and block list. Holds no password; those lie in the vault. Changes reject with
 * `phone.file-not-written` or `phone.file-unreadable`.
 */
export type PhoneFile = OwnerFile<PhoneContent>;

export function openPhoneFile(deps: { dataDirectory: string; clock: Pick<Clock, 'wallMs'> }): Promise<PhoneFile> {
  return openOwnerFile({
    file: join(deps.dataDirectory, 'phone.json'),
    schema: contentSchema,
    empty: { exchange: null, isOn: false, trunks: [], mobiles: [], contacts: [], blockedNumbers: [], quietUntilMs: null },
    nowMs: deps.clock.wallMs(),
    errors: {
      unreadable: (file, cause) => phoneError('phone.file-unreadable', { file }, cause),
      damaged: (aside) => phoneError('phone.file-damaged', { file: aside }),
      notWritten: (file, cause) => phoneError('phone.file-not-written', { file }, cause),
    },
  });
}
