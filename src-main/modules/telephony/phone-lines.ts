import { randomBytes } from 'node:crypto';
import type { MobilePhone, Trunk, TrunkDraft, TrunkView } from '../../../src-preload/contract/index.ts';
import type { PhoneLines } from './calls/routes.ts';
import type { PhoneSecrets } from './calls/owner-pin.ts';
import { countryPrefixOf } from './calls/phone-numbers.ts';
import type { PhoneFile, SavedMobile } from './phone-file.ts';
import { phoneError, phoneReason } from './telephony-errors.ts';

export type Registration = 'registered' | 'unregistered' | 'rejected' | 'unreachable';

/** Trunks and phones: what is stored, and how it is doing. */
export interface LineBook extends PhoneLines {
  /** For the exchange, with passwords. */
  withPasswords(): { trunks: (Trunk & { password: string })[]; mobiles: (SavedMobile & { password: string })[] };
  /** `apply`: has the exchange take it over; when that rejects, all is as before. */
  saveTrunk(draft: TrunkDraft, apply: () => Promise<void>): Promise<TrunkView>;
  removeTrunk(id: string, apply: () => Promise<void>): Promise<void>;
  addMobile(name: string, apply: () => Promise<void>): Promise<{ mobile: MobilePhone; password: string }>;
  /** Its name, and whether it rings together with the window. Rejects with `phone.no-mobile`. */
  saveMobile(change: Pick<MobilePhone, 'id' | 'name' | 'rings'>, apply: () => Promise<void>): Promise<MobilePhone>;
  removeMobile(id: string, apply: () => Promise<void>): Promise<void>;
  setRegistrations(registrations: ReadonlyMap<string, Registration>): void;
  /** By extension: whether a phone is there. Returns whether that is news. */
  setOnline(extension: string, isOnline: boolean): boolean;
  isOnline(extension: string): boolean;
  /** The exchange has gone: nothing is known any more. */
  forgetStates(): void;
}

const FIRST_MOBILE = 1001;
const MOST_MOBILES = 50;

export function createLineBook(deps: {
  file: PhoneFile;
  secrets: PhoneSecrets;
  country: () => string;
  hasDongle: () => boolean;
}): LineBook {
  const { file, secrets } = deps;
  let registrations: ReadonlyMap<string, Registration> = new Map();
  const online = new Set<string>();
  const passwordOf = (trunkId: string): string => secrets.get(`trunk.${trunkId}`) ?? '';

  const trunkView = (trunk: Trunk): TrunkView => {
    const status = statusOf(trunk, registrations.get(trunk.id));
    const code = status === 'rejected' ? 'phone.trunk-rejected' : status === 'unreachable' ? 'phone.trunk-unreachable' : undefined;
    return {
      ...trunk,
      hasPassword: passwordOf(trunk.id) !== '',
      status,
      error: code === undefined ? null : phoneReason(code, { name: trunk.name }),
    };
  };
  const mobileView = (mobile: SavedMobile): MobilePhone => ({ ...mobile, registered: online.has(mobile.extension) });
  /** Takes a change back when the exchange does not want it. */
  const changeAndApply = async (
    change: Parameters<PhoneFile['change']>[0],
    secret: { name: Parameters<PhoneSecrets['set']>[0]; value: string } | undefined,
    apply: () => Promise<void>,
  ): Promise<void> => {
    const before = file.content();
    const formerSecret = secret === undefined ? '' : (secrets.get(secret.name) ?? '');
    if (secret !== undefined) await secrets.set(secret.name, secret.value);
    try {
      await file.change(change);
      await apply();
    } catch (error) {
      await file.change((now) => ({ ...now, trunks: before.trunks, mobiles: before.mobiles }));
      if (secret !== undefined) await secrets.set(secret.name, formerSecret);
      throw error;
    }
  };

  return {
    trunks: () => file.content().trunks.map(trunkView),
    mobiles: () => file.content().mobiles.map(mobileView),
    hasDongle: deps.hasDongle,
    countryPrefix: () => countryPrefixOf(deps.country()),
    withPasswords: () => ({
      trunks: file.content().trunks.map((trunk) => ({ ...trunk, password: passwordOf(trunk.id) })),
      mobiles: file.content().mobiles.map((mobile) => ({ ...mobile, password: secrets.get(`phone.${mobile.id}`) ?? '' })),
    }),
    async saveTrunk({ id, password, ...fields }, apply) {
      const known = file.content().trunks;
      if (id !== undefined && !known.some((trunk) => trunk.id === id)) throw phoneError('phone.no-trunk');
      const trunk: Trunk = { ...fields, id: id ?? freeId(fields.name, known) };
      const secret = password === undefined ? undefined : { name: `trunk.${trunk.id}` as const, value: password };
      await changeAndApply(
        (content) => ({
          ...content,
          trunks: id === undefined ? [...content.trunks, trunk] : content.trunks.map((each) => (each.id === id ? trunk : each)),
        }),
        secret,
        apply,
      );
      return trunkView(trunk);
    },
    async removeTrunk(id, apply) {
      if (!file.content().trunks.some((trunk) => trunk.id === id)) return;
      await changeAndApply(
        (content) => ({ ...content, trunks: content.trunks.filter((trunk) => trunk.id !== id) }),
        { name: `trunk.${id}`, value: '' },
        apply,
      );
    },
    async addMobile(name, apply) {
      const taken = new Set(file.content().mobiles.map(({ extension }) => extension));
      const extension = Array.from({ length: MOST_MOBILES }, (_, index) => String(FIRST_MOBILE + index)).find((each) => !taken.has(each));
      if (extension === undefined) throw phoneError('phone.too-many-mobiles');
      const mobile: SavedMobile = { id: `mobile-${extension}`, name, extension, rings: true };
      // Letters and digits only: it is typed by hand where the picture cannot be read.
      const password = randomBytes(32)
        .toString('base64')
        .replaceAll(/[^A-Za-z0-9]/g, '')
        .slice(0, 20);
      await changeAndApply(
        (content) => ({ ...content, mobiles: [...content.mobiles, mobile] }),
        { name: `phone.${mobile.id}`, value: password },
        apply,
      );
      return { mobile: mobileView(mobile), password };
    },
    async saveMobile({ id, name, rings }, apply) {
      const known = file.content().mobiles.find((mobile) => mobile.id === id);
      if (known === undefined) throw phoneError('phone.no-mobile');
      const mobile: SavedMobile = { ...known, name, rings };
      await changeAndApply(
        (content) => ({ ...content, mobiles: content.mobiles.map((each) => (each.id === id ? mobile : each)) }),
        undefined,
        apply,
      );
      return mobileView(mobile);
    },
    async removeMobile(id, apply) {
      if (!file.content().mobiles.some((mobile) => mobile.id === id)) return;
      await changeAndApply(
        (content) => ({ ...content, mobiles: content.mobiles.filter((mobile) => mobile.id !== id) }),
        { name: `phone.${id}`, value: '' },
        apply,
      );
    },
    setRegistrations: (next) => void (registrations = next),
    setOnline(extension, isOnline) {
      const before = online.has(extension);
      if (isOnline) online.add(extension);
      else online.delete(extension);
      return before !== isOnline;
    },
    isOnline: (extension) => online.has(extension),
    forgetStates() {
      registrations = new Map();
      online.clear();
    },
  };
}

function statusOf({ enabled, registers }: Trunk, registration: Registration | undefined): TrunkView['status'] {
  if (!enabled) return 'off';
  if (registration === undefined) return 'unknown';
  return registration === 'unregistered' ? (registers ? 'connecting' : 'unknown') : registration;
}

/** A name for files and the vault: `sipgate`, `sipgate-2`. */
function freeId(name: string, known: readonly Trunk[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  const base = plain === '' ? 'trunk' : plain;
  const taken = new Set(known.map(({ id }) => id));
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(id)) return id;
  }
}
