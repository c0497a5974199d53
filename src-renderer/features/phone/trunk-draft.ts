import type { Trunk, TrunkDraft, TrunkPreset, TrunkView } from '../../../src-preload/contract/index.ts';

/** What the form holds; the port as it is typed. */
export interface TrunkForm {
  name: string;
  preset: TrunkPreset;
  host: string;
  port: string;
  transport: Trunk['transport'];
  username: string;
  authUser: string;
  password: string;
  callerId: string;
  codecs: Trunk['codecs'];
  registers: boolean;
  countryPrefix: string;
}

type PresetFields = Pick<TrunkForm, 'name' | 'host' | 'port' | 'transport' | 'codecs' | 'countryPrefix' | 'registers'>;

/** What providers tell their customers. Whatever is wrong for one of them can be changed in the form. */
export const TRUNK_PRESETS: Record<TrunkPreset, PresetFields> = {
  sipgate: preset('sipgate', 'sipgate.de', '49'),
  peoplefone: preset('peoplefone', 'sips.peoplefone.ch', '41'),
  voipms: preset('VoIP.ms', 'newyork1.voip.ms', '1', ['ulaw']),
  zadarma: preset('Zadarma', 'sip.zadarma.com', '49'),
  custom: { ...preset('', '', '49'), name: '' },
};

function preset(name: string, host: string, countryPrefix: string, codecs: Trunk['codecs'] = ['g722', 'alaw']): PresetFields {
  return { name, host, port: '5060', transport: 'udp', codecs, countryPrefix, registers: true };
}

export function newTrunk(name: TrunkPreset): TrunkForm {
  return { ...TRUNK_PRESETS[name], preset: name, username: '', authUser: '', password: '', callerId: '' };
}

export function formOf(trunk: TrunkView): TrunkForm {
  const { name, preset: kind, host, transport, username, authUser, callerId, codecs, registers, countryPrefix } = trunk;
  return {
    name,
    preset: kind,
    host,
    port: String(trunk.port),
    transport,
    username,
    authUser,
    password: '',
    callerId,
    codecs,
    registers,
    countryPrefix,
  };
}

/** As the contract wants it: what goes into Asterisk's files has no spaces, quotes or semicolons. */
const HOST = /^[A-Za-z0-9.:_-]{1,255}$/;
const WORD = /^[A-Za-z0-9.@_+~=-]{0,120}$/;
const PREFIX = /^[1-9]\d{0,2}$/;
const NUMBER = /^[+\d*#]{0,40}$/;

export type TrunkField = 'host' | 'username' | 'authUser' | 'callerId' | 'port' | 'countryPrefix';

/** What is filled in and cannot be right. What is empty is only missing. */
export function wrongFields(form: TrunkForm): ReadonlySet<TrunkField> {
  const port = Number(form.port);
  const isRight: Record<TrunkField, boolean> = {
    host: HOST.test(form.host.trim()),
    username: WORD.test(form.username.trim()),
    authUser: WORD.test(form.authUser.trim()),
    callerId: NUMBER.test(plainCallerId(form)),
    port: Number.isInteger(port) && port >= 1 && port <= 65_535,
    countryPrefix: PREFIX.test(form.countryPrefix),
  };
  const fields = Object.keys(isRight) as TrunkField[];
  return new Set(fields.filter((field) => form[field].trim() !== '' && !isRight[field]));
}

const plainCallerId = ({ callerId }: TrunkForm): string => callerId.replaceAll(/[\s()/.-]/g, '');

/** What the core is asked to keep; undefined while something is missing or wrong. An empty password leaves the stored one. */
export function trunkOf(form: TrunkForm, before: Pick<TrunkView, 'id' | 'enabled' | 'hasPassword'> | undefined): TrunkDraft | undefined {
  const { password } = form;
  const trimmed = {
    name: form.name.trim(),
    host: form.host.trim(),
    username: form.username.trim(),
    authUser: form.authUser.trim(),
    callerId: plainCallerId(form),
  };
  const hasPassword = password !== '' || before?.hasPassword === true;
  const isWhole =
    wrongFields(form).size === 0 &&
    trimmed.name !== '' &&
    trimmed.host !== '' &&
    form.port.trim() !== '' &&
    form.countryPrefix !== '' &&
    form.codecs.length > 0 &&
    (!form.registers || (trimmed.username !== '' && hasPassword));
  if (!isWhole) return undefined;
  return {
    ...trimmed,
    preset: form.preset,
    enabled: before?.enabled ?? true,
    port: Number(form.port),
    transport: form.transport,
    codecs: form.codecs,
    registers: form.registers,
    countryPrefix: form.countryPrefix,
    ...(before ? { id: before.id } : {}),
    ...(password === '' ? {} : { password }),
  };
}
