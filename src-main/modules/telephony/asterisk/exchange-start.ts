import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../base/clock.ts';
import type { Engine } from '../../../platform/docker/index.ts';
import type { ExchangeSettings } from '../telephony.ts';
import { askAri, isAnswer, versionSchema, type AriDoor } from './ari-questions.ts';
import type { AsteriskContainer } from './asterisk-container.ts';
import { audioDevice } from './configuration.ts';
import type { FileOwner, Files } from './configuration-folder.ts';
import type { ContainerWish, ExchangeFolders } from './container-spec.ts';
import { exchangeError, inOurWords } from './exchange-errors.ts';
import { freeRtpPorts, freeSipPort, freeTcpPort, mustBeFree } from './ports.ts';
import { ARI_USER, type RenderSettings } from './render-settings.ts';

/** Until ARI answers, of an Asterisk that is up. */
const CONTROL_MS = 10_000;
const LOOK_MS = 100;

/** What the exchange is made from; it adds its own passwords and ports. */
export type ExchangeWishes = Omit<ExchangeSettings, 'softphonePassword' | 'ariPassword' | 'httpPort' | 'rtpPorts'> &
  Pick<RenderSettings, 'certificates'>;

/** All that a container is started from. */
export interface Prepared {
  engine: Engine;
  imageId: string;
  folders: ExchangeFolders;
  owner: FileOwner;
  settings: RenderSettings;
  files: Files;
}

/** One life of the exchange. */
export interface Running extends Prepared {
  container: AsteriskContainer;
  version: string;
}

export const doorOf = ({ httpPort, ariPassword }: RenderSettings): AriDoor => ({
  url: `http://127.0.0.1:${httpPort}`,
  user: ARI_USER,
  password: ariPassword,
});

/** Rejects with `phone.port-taken`. */
export const sipMustBeFree = ({ sipPort, reachableFrom }: Pick<RenderSettings, 'sipPort' | 'reachableFrom'>): Promise<void> =>
  mustBeFree(sipPort, reachableFrom === 'network' ? '0.0.0.0' : '127.0.0.1');

/** New passwords and free ports; the ports of one life stay for all of it. */
export async function settingsFor(wishes: ExchangeWishes, random: () => number): Promise<RenderSettings> {
  await sipMustBeFree(wishes);
  return {
    ...wishes,
    softphonePassword: newPassword(),
    ariPassword: newPassword(),
    httpPort: await freeTcpPort(),
    rtpPorts: await freeRtpPorts(random),
    trunkPort: await freeSipPort('0.0.0.0', random),
  };
}

const newPassword = (): string => randomBytes(24).toString('hex');

/** The same life with other wishes. */
export const settingsWith = (
  wishes: ExchangeWishes,
  {
    softphonePassword,
    ariPassword,
    httpPort,
    rtpPorts,
    trunkPort,
  }: Pick<RenderSettings, 'softphonePassword' | 'ariPassword' | 'httpPort' | 'rtpPorts' | 'trunkPort'>,
): RenderSettings => ({ ...wishes, softphonePassword, ariPassword, httpPort, rtpPorts, trunkPort });

/** To see whether files can be made at all. */
export const someLife = { softphonePassword: 'x', ariPassword: 'x', httpPort: 8088, rtpPorts: [20_000, 20_199], trunkPort: 5062 } as const;

export const wishOf = ({ imageId, owner, settings, folders }: Prepared, instance: string): ContainerWish => ({
  imageId,
  instance,
  user: `${owner.uid}:${owner.gid}`,
  configuration: folders.configuration,
  folders,
  dongle: settings.dongle && { device: settings.dongle.device, audio: audioDevice(settings.dongle.device) },
});

/** Asterisk reads these at its start only, or opens sockets by them; the rest is taken over while calls go on. */
const AT_START_ONLY = [
  'asterisk.conf',
  'modules.conf',
  'http.conf',
  'logger.conf',
  'rtp.conf',
  'chan_dongle.conf',
  'certificate.pem',
  'key.pem',
];

const transports = (files: Files): string =>
  (files.get('pjsip.conf') ?? '')
    .split(/^(?=\[)/m)
    .filter((section) => /^type = transport$/m.test(section))
    .join('');

export function needsRestart(before: Files, after: Files): boolean {
  return transports(before) !== transports(after) || AT_START_ONLY.some((name) => before.get(name) !== after.get(name));
}

/** Its version. Rejects with `phone.exchange-silent`. */
export async function waitForAri(clock: Clock, door: AriDoor, signal?: AbortSignal): Promise<string> {
  for (const untilMs = clock.nowMs() + CONTROL_MS; clock.nowMs() < untilMs;) {
    const told = await askAri(door, 'asterisk/info?only=system', versionSchema, signal);
    if (isAnswer(told)) return told.version;
    await pause(clock, LOOK_MS);
  }
  throw exchangeError('phone.exchange-silent');
}

/** Whether ARI answers now. */
export async function isAnswering(settings: RenderSettings): Promise<boolean> {
  return isAnswer(await askAri(doorOf(settings), 'asterisk/ping', z.object({ ping: z.string() })));
}

export const pause = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));

export const rethrow = (error: unknown): never => {
  throw inOurWords(error);
};
