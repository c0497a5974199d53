import { isAbsolute, join } from 'node:path';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { COVERS, environment, LABEL, limits, PROXY_FOLDER, WORKSPACE } from './container-spec.ts';
import { refused } from './sandbox-errors.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { whyForbidden, type ForbiddenPlaces } from './workspace-check.ts';

/*
 * The last look at what the engine is asked for, right before it is asked. It does not trust the code that made it: every key must be known here, and every
 * known one must have a value that keeps the walls up. Whatever Docker learns tomorrow is refused until somebody has thought about it.
 */

export interface ConfigurationRules {
  places: ForbiddenPlaces;
  /** The one folder of ours that may be mounted: where the proxy's socket lies. */
  proxyFolder: string | undefined;
  /** What may lie over places of the workspace. */
  coverFolder: string;
}

type Check<Value> = (value: Value) => boolean;

const is =
  <Value>(...allowed: readonly Value[]): Check<Value> =>
  (value) =>
    allowed.includes(value);
const isEmpty: Check<unknown> = (value) =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
const isTrue = is<unknown>(true);
const isFalse = is<unknown>(false, undefined);
const between =
  (least: number, most: number): Check<unknown> =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;

const USER = /^[1-9]\d{0,9}:[1-9]\d{0,9}$/;
const IMAGE = /^sha256:[0-9a-f]{64}$/;
const INSTANCE = /^[a-z0-9-]{1,80}$/;
export const CONTAINER_NAME = /^openclaw-sandbox-[a-z0-9-]{1,60}$/;

const outside: Record<string, Check<unknown>> = {
  name: (value) => typeof value === 'string' && CONTAINER_NAME.test(value),
  Image: (value) => typeof value === 'string' && IMAGE.test(value),
  Entrypoint: (value) => Array.isArray(value) && value.length === 3 && value[0] === '/usr/bin/perl' && value[1] === '-e',
  Cmd: isEmpty,
  User: (value) => typeof value === 'string' && USER.test(value),
  Env: (value) => Array.isArray(value) && value.every(isKnownVariable),
  WorkingDir: is<unknown>('/'),
  Hostname: is<unknown>('sandbox'),
  AttachStdin: isTrue,
  AttachStdout: isTrue,
  AttachStderr: isTrue,
  OpenStdin: isTrue,
  StdinOnce: isTrue,
  Tty: isFalse,
  Labels: isOurLabel,
  HostConfig: (value) => typeof value === 'object' && value !== null,
  abortSignal: () => true,
};

const inside: Record<string, Check<unknown>> = {
  NetworkMode: is<unknown>('none'),
  ReadonlyRootfs: isTrue,
  CapDrop: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'ALL',
  SecurityOpt: (value) =>
    Array.isArray(value) && value.length === 2 && value.includes('no-new-privileges') && value.includes(`seccomp=${seccompProfile}`),
  Privileged: isFalse,
  IpcMode: is<unknown>('private', 'none'),
  CgroupnsMode: is<unknown>('private'),
  PidsLimit: between(1, limits.processes),
  Memory: between(1, limits.memoryBytes),
  MemorySwap: between(1, limits.memoryBytes),
  NanoCpus: between(1, limits.cpus * 1e9),
  OomScoreAdj: between(0, 1000),
  ShmSize: between(1, limits.temporaryBytes),
  Ulimits: (value) =>
    Array.isArray(value) && value.every(({ Name }: { Name?: unknown }) => ['core', 'nofile', 'fsize'].includes(String(Name))),
  Tmpfs: isSafeTmpfs,
  Mounts: (value) => Array.isArray(value),
  LogConfig: (value) => typeof value === 'object' && value !== null && 'Type' in value && value.Type === 'none',
  RestartPolicy: (value) => typeof value === 'object' && value !== null && 'Name' in value && value.Name === 'no',
  Runtime: is<unknown>('runc', 'runsc'),
};

/** Without these there would be no wall, so they must be said. */
const REQUIRED_OUTSIDE = ['Image', 'Entrypoint', 'User', 'Labels', 'HostConfig', 'StdinOnce'];
const REQUIRED_INSIDE = Object.keys(inside).filter((key) => !['Privileged', 'OomScoreAdj', 'ShmSize', 'Ulimits'].includes(key));

/** Throws `sandbox.refused` and the name of the first thing that would open a wall. */
export function checkConfiguration(create: ContainerCreateOptions, rules: ConfigurationRules): void {
  checkKeys(create, outside, REQUIRED_OUTSIDE);
  const host = create.HostConfig ?? {};
  checkKeys(host, inside, REQUIRED_INSIDE);
  if (host.Memory !== host.MemorySwap) throw refused('MemorySwap differs from Memory');
  for (const mount of host.Mounts ?? []) checkMount(mount, rules);
}

function checkKeys(part: object, checks: Readonly<Record<string, Check<unknown>>>, required: readonly string[]): void {
  for (const [key, value] of Object.entries(part)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) throw refused(`the container setting ${key} is not among those that are allowed`);
    if (!check(value)) throw refused(`the container setting ${key} would weaken the walls`);
  }
  const missing = required.find((key) => !Object.hasOwn(part, key) || part[key as keyof typeof part] === undefined);
  if (missing !== undefined) throw refused(`the container setting ${missing} is missing`);
}

function checkMount(mount: NonNullable<HostConfig['Mounts']>[number], { places, proxyFolder, coverFolder }: ConfigurationRules): void {
  const { Type, Source, Target, ReadOnly, BindOptions, ...others } = mount;
  if (Type !== 'bind') throw refused(`a mount of type ${String(Type)}`);
  if (!isEmpty(others)) throw refused(`the mount setting ${Object.keys(others).join(', ')}`);
  const { Propagation, ...rest } = BindOptions ?? {};
  if (Propagation !== 'rprivate' || Object.entries(rest).some(([key, value]) => key !== 'NonRecursive' || value !== true))
    throw refused('a mount that would pass on other mounts');
  if (!isAbsolute(Source)) throw refused(`the mount of ${Source}, which is not a full path`);
  if (Target === PROXY_FOLDER) {
    if (Source !== proxyFolder || ReadOnly !== true) throw refused(`the mount of ${Source} at ${Target}`);
    return;
  }
  if (Target.startsWith(`${WORKSPACE}/`)) {
    const isCover = [COVERS.file, COVERS.folder].some((name) => Source === join(coverFolder, name));
    if (!isCover || ReadOnly !== true || Target.split('/').includes('..')) throw refused(`the mount of ${Source} at ${Target}`);
    return;
  }
  if (Target !== WORKSPACE) throw refused(`a mount at ${Target}`);
  const why = whyForbidden(Source, places);
  if (why !== undefined) throw refused(why);
}

function isKnownVariable(entry: unknown): boolean {
  const [name, value] = typeof entry === 'string' ? [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] : ['', ''];
  return Object.hasOwn(environment, name) && environment[name] === value;
}

function isOurLabel(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0]?.[0] === LABEL && INSTANCE.test(String(entries[0][1]));
}

function isSafeTmpfs(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([path, options]) => {
    const words = String(options).split(',');
    return (
      (path === '/tmp' || path === WORKSPACE) &&
      ['nosuid', 'nodev', 'noexec'].every((word) => words.includes(word)) &&
      /size=\d+/.test(String(options))
    );
  });
}
