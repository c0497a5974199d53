import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { ProtectedPlace } from './protected-places.ts';
import type { SandboxExplanation } from './sandbox.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { actingUser, type CheckedFolder } from './workspace-check.ts';

export const NOBODY = 65_534;
const MEBIBYTE = 1024 ** 2;

/** The same for every run. */
export const limits = {
  memoryBytes: 512 * MEBIBYTE,
  processes: 128,
  cpus: 1,
  /** Of each stream; what comes after is counted, not kept. */
  outputBytes: 256 * 1024,
  /** A program that has written this much is ended. */
  floodBytes: 8 * MEBIBYTE,
  temporaryBytes: 64 * MEBIBYTE,
  temporaryFiles: 20_000,
  /** Of one file in the workspace. */
  fileBytes: 256 * MEBIBYTE,
  openFiles: 1024,
} as const;

export const LABEL = 'openclaw.desktop';
export const WORKSPACE = '/workspace';
export const PROXY_FOLDER = '/run/openclaw';

/**
 * Over the settings of a repository in the workspace, which may name programs. What git can be told once and for all; the rest (filters, textconv …) cannot be
 * switched off, but a git that only reads is run unable to start anything. No threads: they would count as processes.
 */
const GIT_SETTINGS = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.sshCommand', '/bin/false'],
  ['core.pager', 'cat'],
  ['credential.helper', ''],
  ['protocol.ext.allow', 'never'],
  ['diff.ignoreSubmodules', 'dirty'],
  ['core.preloadIndex', 'false'],
  ['index.threads', '1'],
  ['grep.threads', '1'],
] as const;

/** Everything that a program in there finds in its environment. */
export const environment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/tmp',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
  NO_COLOR: '1',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_CONFIG_COUNT: String(GIT_SETTINGS.length),
  ...Object.fromEntries(
    GIT_SETTINGS.flatMap(([name, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, name],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
};

/** An empty file and an empty folder: all that is to be seen of files with keys. */
export const COVERS = { file: 'nothing', folder: 'empty' } as const;

export type WorkspaceWish = { access: 'none' } | { access: 'read' | 'write'; folder: CheckedFolder; hidden: readonly ProtectedPlace[] };

/** What differs between containers. */
export interface ContainerWish {
  imageId: string;
  /** The program of the first process, as text for perl. */
  runner: string;
  runtime: 'runc' | 'runsc';
  /** Marks containers of this app and this data folder; what the sweep goes by. */
  instance: string;
  workspace: WorkspaceWish;
  /** Folder of ours with what lies over protected places, see {@link COVERS}. */
  coverFolder: string;
  /** Folder on the host for the proxy's socket; undefined where sockets cannot be shared. */
  proxyFolder: string | undefined;
  rootless: boolean;
}

/** What the engine is asked for; the published types do not know every setting. */
export type ContainerRequest = ContainerCreateOptions & { HostConfig: HostConfig & { CgroupnsMode?: 'private' } };

/** The container as the engine is asked for it. */
export function containerSpec(wish: ContainerWish): ContainerRequest {
  const { workspace } = wish;
  const temporary = `rw,noexec,nosuid,nodev,mode=1777,size=${limits.temporaryBytes},nr_inodes=${limits.temporaryFiles}`;
  // Neither later mounts on the host nor those below the folder come along.
  const sharing = { Propagation: 'rprivate', NonRecursive: true } as const;
  const bind = (source: string, target: string, readOnly: boolean): NonNullable<HostConfig['Mounts']>[number] => ({
    Type: 'bind',
    Source: source,
    Target: target,
    ReadOnly: readOnly,
    BindOptions: sharing,
  });
  return {
    Image: wish.imageId,
    Entrypoint: ['/usr/bin/perl', '-e', wish.runner],
    Cmd: [],
    User: userOf(wish),
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    WorkingDir: '/',
    Hostname: 'sandbox',
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // Standard input closes with the connection: when the app is gone, the container ends.
    StdinOnce: true,
    Tty: false,
    Labels: { [LABEL]: wish.instance },
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', `seccomp=${seccompProfile}`],
      Privileged: false,
      IpcMode: 'private',
      CgroupnsMode: 'private',
      PidsLimit: limits.processes,
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      NanoCpus: limits.cpus * 1e9,
      OomScoreAdj: 500,
      ShmSize: 16 * MEBIBYTE,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: limits.openFiles, Hard: limits.openFiles },
        { Name: 'fsize', Soft: limits.fileBytes, Hard: limits.fileBytes },
      ],
      Tmpfs: { '/tmp': temporary, ...(workspace.access === 'none' ? { [WORKSPACE]: temporary } : {}) },
      Mounts: [
        ...(workspace.access === 'none' ? [] : [bind(workspace.folder.path, WORKSPACE, workspace.access === 'read')]),
        ...(workspace.access === 'none' ? [] : workspace.hidden).map(({ path, isFolder }) =>
          bind(join(wish.coverFolder, isFolder ? COVERS.folder : COVERS.file), `${WORKSPACE}/${path}`, true),
        ),
        ...(wish.proxyFolder === undefined ? [] : [bind(wish.proxyFolder, PROXY_FOLDER, true)]),
      ],
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      Runtime: wish.runtime,
    },
  };
}

/**
 * Nobody, where the folder is only looked at and everybody may. Who writes, or looks into a closed folder, is the one that the folder belongs to, so that
 * what is written is the owner's; never root.
 */
function userOf({ workspace, rootless }: ContainerWish): string {
  const nobody = `${NOBODY}:${NOBODY}`;
  if (workspace.access === 'none' || rootless || process.platform !== 'linux') return nobody;
  const isForAll = (workspace.folder.mode & 0o5) === 0o5;
  if (workspace.access === 'read' && isForAll) return nobody;
  const { uid, gid } = actingUser(workspace.folder);
  return uid === 0 ? nobody : `${uid}:${gid === 0 ? NOBODY : gid}`;
}

const short = (text: string): string =>
  text.length <= 300 ? text : `<${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 16)}>`;

/** The same for people and tests: long texts in it are named by their hash. */
export function explainSpec(spec: ContainerRequest, timeoutMs: number, hosts: readonly string[]): SandboxExplanation {
  const host = spec.HostConfig;
  return {
    image: spec.Image ?? '',
    runtime: host.Runtime === 'runsc' ? 'runsc' : 'runc',
    user: spec.User ?? '',
    network: hosts.length === 0 ? 'none' : `none, but for these hosts through the filtering proxy: ${hosts.join(', ')}`,
    mounts: (host.Mounts ?? []).map(({ Source, Target, ReadOnly }) => ({
      from: Source,
      to: Target,
      access: ReadOnly === true ? ('read' as const) : ('write' as const),
    })),
    limits: {
      memoryBytes: limits.memoryBytes,
      processes: limits.processes,
      cpus: limits.cpus,
      timeoutMs,
      outputBytes: limits.outputBytes,
    },
    create: JSON.parse(JSON.stringify(spec), (_key, value: unknown) => (typeof value === 'string' ? short(value) : value)) as Record<
      string,
      unknown
    >,
  };
}
