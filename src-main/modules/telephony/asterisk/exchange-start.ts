import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Clock } from '../../../base/clock.ts';
import type { AppError, ErrorData } from '../../../base/errors.ts';
import type { Engine } from '../../../platform/docker/index.ts';
import type { ExchangeSettings } from '../telephony.ts';
import { askAri, isAnswer, versionSchema, type AriDoor } from './ari-questions.ts';
import type { AsteriskContainer } from './asterisk-container.ts';
import { ownCertificate } from './certificate.ts';
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
export type ExchangeWishes = Omit<ExchangeSettings, 'softphonePassword' | 'ariPassword' | 'httpPort' | 'rtpPorts'>;

/** All that a container is started from. */
export interface Prepared {
  engine: Engine;
  imageId: string;
  folders: ExchangeFolders;
  owner: FileOwner;
  settings: RenderSettings;
  files: Files;
  /** The image is of an earlier recipe: good to go on with. */
  hasEarlierImage: boolean;
  /** Why it is not as the owner wants it: it goes on with what was good last. */
  trouble: ErrorData | null;
}

/** One life of the exchange: what is wanted of it, and what it was started from. */
export interface Running extends Prepared {
  container: AsteriskContainer;
  version: string;
  started: Prepared;
}

/** What a next life begins with. */
export const planOf = ({ engine, imageId, folders, owner, settings, files, hasEarlierImage, trouble }: Prepared): Prepared => ({
  engine,
  imageId,
  folders,
  owner,
  settings,
  files,
  hasEarlierImage,
  trouble,
});

/** What is wanted cannot be had without a new start. */
export const isOutdated = ({ imageId, files, started }: Running): boolean =>
  imageId !== started.imageId || needsRestart(started.files, files);

/** Whether an error is about what is in the files, so that other wishes may well do. */
export const isAboutWishes = (error: AppError): boolean => ['phone.bad-configuration', 'phone.no-dongle-driver'].includes(error.code);

export const doorOf = ({ httpPort, ariPassword }: RenderSettings): AriDoor => ({
  url: `http://127.0.0.1:${httpPort}`,
  user: ARI_USER,
  password: ariPassword,
});

/** Rejects with `phone.port-taken`. */
export const sipMustBeFree = ({ sipPort, reachableFrom }: Pick<RenderSettings, 'sipPort' | 'reachableFrom'>): Promise<void> =>
  mustBeFree(sipPort, reachableFrom === 'network' ? '0.0.0.0' : '127.0.0.1');

/** Passwords and ports that one life has from its beginning to its end. */
export type OwnSettings = Pick<
  RenderSettings,
  'softphonePassword' | 'ariPassword' | 'httpPort' | 'rtpPorts' | 'trunkPort' | 'certificates'
>;

/** New passwords, free ports. */
export const newLife = async (random: () => number): Promise<OwnSettings> => ({
  softphonePassword: newPassword(),
  ariPassword: newPassword(),
  httpPort: await freeTcpPort(),
  rtpPorts: await freeRtpPorts(random),
  trunkPort: await freeSipPort('0.0.0.0', random),
});

const newPassword = (): string => randomBytes(24).toString('hex');

/** The wishes of an owner in this life. Who lets phones of the network in has a certificate for them, kept in `folder`. */
export async function settingsWith(wishes: ExchangeWishes, own: OwnSettings, folder: string, nowMs: number): Promise<RenderSettings> {
  const { softphonePassword, ariPassword, httpPort, rtpPorts, trunkPort } = own;
  const settings = { ...wishes, softphonePassword, ariPassword, httpPort, rtpPorts, trunkPort };
  if (wishes.reachableFrom === 'loopback') return settings;
  const certificates = own.certificates ?? {
    ...(await ownCertificate(folder, hostname(), nowMs)),
    httpsPort: await freeTcpPort(),
  };
  return { ...settings, certificates };
}

/** For looks at files that nothing is started from. */
export const someLife = { softphonePassword: 'x', ariPassword: 'x', httpPort: 8088, rtpPorts: [20_000, 20_199], trunkPort: 5062 } as const;

export const wishOf = ({ imageId, owner, settings, folders }: Prepared, instance: string): ContainerWish => ({
  imageId,
  instance,
  user: `${owner.uid}:${owner.gid}`,
  configuration: folders.configuration,
  music: folders.music,
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
