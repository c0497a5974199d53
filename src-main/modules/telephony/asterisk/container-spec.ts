import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Engine } from '../../../platform/docker/index.ts';

const MEBIBYTE = 1024 ** 2;
const NOBODY = 65_534;
/** Debian's group of serial ports. */
const DIALOUT = '20';

/** Marks containers of the exchange with the data folder that they belong to; another label than the sandbox's, whose sweep must not find them. */
export const EXCHANGE_LABEL = 'openclaw.exchange';

/** Where Asterisk looks for music; the image has an empty folder there. */
export const MUSIC_FOLDER = '/var/lib/asterisk';

/** Folders of this machine that the container sees. */
export interface ExchangeFolders {
  configuration: string;
  spool: string;
  log: string;
  state: string;
  /** What is heard on hold. */
  music: string;
}

export interface ContainerWish {
  imageId: string;
  instance: string;
  /** `1000:1000`, see {@link actingUser}. */
  user: string;
  configuration: string;
  music: string;
  /** Without folders nothing of it stays, and it has no network: to look at a configuration. */
  folders: Pick<ExchangeFolders, 'spool' | 'log' | 'state'> | undefined;
  dongle: { device: string; audio: string } | null;
}

/** Who Asterisk is: the owner of the folders, so that what it writes is the owner's; nobody where that would be root. */
export function actingUser({ rootless }: Pick<Engine, 'rootless'>, platform: NodeJS.Platform): { uid: number; gid: number } {
  // There, root of the container is the owner and nobody more.
  if (rootless) return { uid: 0, gid: 0 };
  const uid = process.getuid?.() ?? NOBODY;
  if (platform !== 'linux' || uid === 0) return { uid: NOBODY, gid: NOBODY };
  return { uid, gid: process.getgid?.() ?? uid };
}

const bind = (source: string, target: string, readOnly: boolean): NonNullable<HostConfig['Mounts']>[number] => ({
  Type: 'bind',
  Source: source,
  Target: target,
  ReadOnly: readOnly,
  BindOptions: { Propagation: 'rprivate' },
});

/**
 * Asterisk behind walls: no rights of root, nothing of its file system can be written but its own folders, few processes, bounded memory. It shares the
 * machine's network, because every call has ports of its own for sound; the configuration binds them to loopback unless a trunk or a phone outside needs them.
 */
export function exchangeContainer(wish: ContainerWish): ContainerCreateOptions {
  const [uid, gid] = wish.user.split(':');
  const temporary = (sizeMebibytes: number): string =>
    `rw,noexec,nosuid,nodev,mode=0755,uid=${uid},gid=${gid},size=${sizeMebibytes * MEBIBYTE}`;
  const places = { spool: '/var/spool/asterisk', log: '/var/log/asterisk', state: '/var/lib/openclaw' } as const;
  const { folders, dongle } = wish;
  return {
    Image: wish.imageId,
    Entrypoint: ['/usr/sbin/asterisk'],
    Cmd: ['-f', '-C', '/etc/asterisk/asterisk.conf'],
    User: wish.user,
    Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/tmp', 'LANG=C.UTF-8'],
    WorkingDir: '/',
    Labels: { [EXCHANGE_LABEL]: wish.instance },
    HostConfig: {
      NetworkMode: folders ? 'host' : 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Privileged: false,
      IpcMode: 'private',
      PidsLimit: 256,
      Memory: 512 * MEBIBYTE,
      MemorySwap: 512 * MEBIBYTE,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: 8192, Hard: 8192 },
      ],
      Tmpfs: {
        '/tmp': temporary(16),
        '/run/asterisk': temporary(1),
        ...(folders ? {} : { [places.spool]: temporary(4), [places.log]: temporary(4), [places.state]: temporary(4) }),
      },
      Mounts: [
        bind(wish.configuration, '/etc/asterisk', true),
        bind(wish.music, MUSIC_FOLDER, true),
        ...(folders
          ? [bind(folders.spool, places.spool, false), bind(folders.log, places.log, false), bind(folders.state, places.state, false)]
          : []),
      ],
      ...(dongle && folders
        ? {
            GroupAdd: [DIALOUT],
            Devices: [...new Set([dongle.device, dongle.audio])].map((path) => ({
              PathOnHost: path,
              PathInContainer: path,
              CgroupPermissions: 'rw',
            })),
          }
        : {}),
      // What it says before its own log is open.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
      RestartPolicy: { Name: 'no' },
    },
  };
}
