import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { AppError } from '../../base/errors.ts';
import { codeOf, engineError, mayNotUseDocker, noDocker, notAnswering, unknownAddress } from './docker-errors.ts';

/** What is asked of an engine must be answered within this; only builds and the end of a run are waited for longer. */
const ANSWER_MS = 10_000;

/** Fixes of the container escapes of November 2025 (CVE-2025-31133, -52565, -52881), by minor version. */
const RUNC_FIXED: readonly (readonly [major: number, minor: number, patch: number])[] = [
  [1, 2, 8],
  [1, 3, 3],
  [1, 4, 0],
];

/** A Docker that has answered. */
export interface Engine {
  docker: Docker;
  /** `unix:///var/run/docker.sock` */
  address: string;
  /** The socket's path, which may never be shared. */
  socketPath: string;
  /** `Docker 20.10.24` */
  name: string;
  runc: { version: string; outdated: boolean } | null;
  gvisor: boolean;
  /** Its root is no root of the machine; files of the owner belong to its uid 0. */
  rootless: boolean;
  architecture: string;
  /** Asks something with a time limit; every failure is one of ours (`sandbox.*`). */
  ask<Answer>(question: (signal: AbortSignal) => Promise<Answer>, withinMs?: number): Promise<Answer>;
}

export interface EnginePlaces {
  dockerHost: string | undefined;
  platform: NodeJS.Platform;
}

/** Finds the engine and asks who it is. Rejects with `sandbox.no-docker` or `sandbox.not-answering`. */
export async function findEngine({ dockerHost, platform }: EnginePlaces): Promise<Engine> {
  const socketPath = dockerHost === undefined ? usualSocket(platform) : socketOf(dockerHost);
  if (socketPath === undefined) throw noDocker(platform);
  if (dockerHost !== undefined && platform !== 'win32' && !existsSync(socketPath)) throw notAnswering();
  const { default: Client } = await import('dockerode');
  const docker = new Client({ socketPath });
  const ask = asker();
  // An engine that hangs is found out here: this client gives up by itself.
  const visitor = new Client({ socketPath, timeout: ANSWER_MS / 2 });
  const address = `${platform === 'win32' ? 'npipe' : 'unix'}://${socketPath}`;
  const [info, version] = await ask(() => Promise.all([visitor.info(), visitor.version()])).catch((error: unknown) => {
    throw codeOf(error instanceof AppError ? error.cause : error) === 'EACCES' ? mayNotUseDocker(address, userInfo().username) : error;
  });
  return {
    docker,
    address,
    socketPath,
    ask,
    name: `Docker ${version.Version.split(/[+~-]/)[0] ?? version.Version}`,
    runc: readRunc(version),
    gvisor: Object.keys(info.Runtimes ?? {}).includes('runsc'),
    rootless: (info.SecurityOptions ?? []).some((option: string) => option.includes('rootless')),
    architecture: info.Architecture,
  };
}

function asker(): Engine['ask'] {
  return async (question, withinMs = ANSWER_MS) => {
    try {
      const signal = AbortSignal.timeout(withinMs);
      // Not every question can be taken back: those are left alone.
      const late = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(notAnswering(signal.reason)), { once: true });
      });
      return await Promise.race([question(signal), late]);
    } catch (error) {
      throw engineError(error);
    }
  };
}

function usualSocket(platform: NodeJS.Platform): string | undefined {
  // A named pipe cannot be looked for without opening it: asking it is the test.
  if (platform === 'win32') return '//./pipe/docker_engine';
  const home = homedir();
  const user = process.getuid?.() ?? 0;
  return [
    '/var/run/docker.sock',
    `/run/user/${user}/docker.sock`,
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
  ].find((path) => existsSync(path));
}

function socketOf(dockerHost: string): string {
  const found = /^(?:unix|npipe):\/\/(.+)$/.exec(dockerHost)?.[1];
  if (found === undefined) throw unknownAddress(dockerHost);
  return found;
}

function readRunc(version: { Components?: { Name: string; Version: string }[] }): Engine['runc'] {
  const found = version.Components?.find(({ Name }) => Name === 'runc')?.Version;
  return found === undefined ? null : { version: found.split(/[+~]/)[0] ?? found, outdated: isRuncOutdated(found) };
}

/** Whether this runc lacks the fixes of November 2025; what cannot be read counts as outdated. */
export function isRuncOutdated(version: string): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)(-rc\.?\d+)?/.exec(version);
  if (!parts) return true;
  const [major, minor, patch] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const fixed = RUNC_FIXED.find((each) => each[0] === major && each[1] === minor);
  if (!fixed) return major < 1 || (major === 1 && minor < 2);
  // 1.4.0-rc.3 was the first of its line with the fixes.
  if (patch === fixed[2] && parts[4] !== undefined) return !(minor === 4 && Number(/\d+/.exec(parts[4])?.[0]) >= 3);
  return patch < fixed[2];
}
