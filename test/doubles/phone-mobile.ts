import { setTimeout as pause } from 'node:timers/promises';
import { startBaresip, type Baresip, type BaresipOptions } from './baresip.ts';
import type { PhoneServer } from './phone-server.ts';

const REGISTERED_MS = 30_000;

/** A mobile phone of the owner's that takes every call: a person can speak in it without a window and without models. */
interface OwnersMobile {
  readonly phone: Baresip;
  /** Takes it out of the core again. */
  dispose(): Promise<void>;
}

/** Adds it to the core, starts it, and resolves when both know that it is registered. */
export async function startOwnersMobile(core: PhoneServer, says?: BaresipOptions['says']): Promise<OwnersMobile> {
  const { mobile, user, password } = await core.call('phone.addMobile', { name: 'Mobile' });
  const phone = await startBaresip({
    server: { port: core.sipPort, user, password },
    answers: true,
    ...(says === undefined ? {} : { says }),
  });
  const isRegistered = async (): Promise<boolean> =>
    (await core.call('phone.status', {})).mobiles.some(({ id, registered }) => id === mobile.id && registered);
  try {
    await phone.registered(REGISTERED_MS);
    for (const endMs = performance.now() + REGISTERED_MS; !(await isRegistered()); await pause(20))
      if (performance.now() > endMs) throw new Error('the core does not know that the mobile phone is registered');
  } catch (error) {
    await phone.dispose();
    throw error;
  }
  return {
    phone,
    async dispose() {
      await phone.dispose();
      await core.call('phone.removeMobile', { id: mobile.id });
    },
  };
}
