import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { freePort } from './free-port.ts';
import { providerFiles } from './provider-configuration.ts';

/*
 * A telephone provider: a second Asterisk in a container, on loopback. Ours registers with it as `customer`; baresip is the telephone at the other end of the
 * network. See provider-configuration.ts for its numbers.
 */

const IMAGE = 'openclaw-asterisk';
const NOBODY = 65_534;
const RTP_PORTS = 60;
const START_MS = 20_000;

export interface Provider {
  readonly sipPort: number;
  /** A command of Asterisk's console, and what it printed. */
  command(line: string): Promise<string>;
  /** Whether somebody is registered under this name. */
  hasRegistered(user: string): Promise<boolean>;
  /** Calls that it is carrying. */
  channels(): Promise<number>;
  /** As when the line to the provider is cut: it neither answers nor says goodbye. */
  freeze(on: boolean): Promise<void>;
  dispose(): Promise<void>;
}

function engine(): Docker {
  const socketPath = /^unix:\/\/(.+)$/.exec(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock')?.[1] ?? '';
  return new Docker({ socketPath });
}

/** The newest image of Asterisk that set-up or another test has made; undefined = there is none. */
export async function asteriskImage(): Promise<string | undefined> {
  const images = await engine()
    .listImages({ filters: { reference: [IMAGE] } })
    .catch(() => []);
  return images.toSorted((left, right) => right.Created - left.Created)[0]?.Id;
}

/** Starts one and resolves when it takes calls. Rejects with its own words when it does not start. */
export async function startProvider({ image, dialplan }: { image: string; dialplan?: string }): Promise<Provider> {
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-provider-'));
  const sipPort = await freePort();
  const firstRtp = 20_000 + 2 * Math.floor(Math.random() * 9_000);
  const configuration = join(folder, 'asterisk');
  await mkdir(configuration);
  for (const [name, text] of Object.entries(providerFiles({ sipPort, rtpPorts: [firstRtp, firstRtp + RTP_PORTS], dialplan })))
    await writeFile(join(configuration, name), text);
  // It runs as nobody.
  for (const path of [folder, configuration]) await chmod(path, 0o755);
  const container = await engine().createContainer({
    name: `openclaw-provider-${sipPort}`,
    Image: image,
    Cmd: ['/usr/sbin/asterisk', '-f', '-C', '/etc/asterisk/asterisk.conf'],
    User: `${NOBODY}:${NOBODY}`,
    HostConfig: {
      NetworkMode: 'host',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 200,
      Memory: 512 * 1024 ** 2,
      Binds: [`${configuration}:/etc/asterisk:ro`],
      Tmpfs: {
        '/run/asterisk': `rw,noexec,nosuid,nodev,mode=0755,uid=${NOBODY},gid=${NOBODY}`,
        '/tmp': 'rw,noexec,nosuid,nodev,mode=1777',
      },
    },
  });
  const dispose = async (): Promise<void> => {
    await container.remove({ force: true });
    await rm(folder, { recursive: true, force: true });
  };
  const command = (line: string): Promise<string> =>
    run(container, ['/usr/sbin/asterisk', '-C', '/etc/asterisk/asterisk.conf', '-rx', line]);
  try {
    await container.start();
    for (const endMs = performance.now() + START_MS; !(await command('core waitfullybooted')).includes('fully booted'); await pause(100)) {
      if (performance.now() > endMs)
        throw new Error(`the provider did not start:\n${(await container.logs({ stdout: true, stderr: true })).toString()}`);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    sipPort,
    command,
    hasRegistered: async (user) => /Contact:.*sip:\S+@127\.0\.0\.1/.test(await command(`pjsip show aor ${user}`)),
    channels: async () => Number(/(\d+) active channel/.exec(await command('core show channels count'))?.[1] ?? Number.NaN),
    freeze: (on) => (on ? container.pause() : container.unpause()).then(() => undefined),
    dispose,
  };
}

async function run(container: Docker.Container, command: readonly string[]): Promise<string> {
  const execution = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await execution.start({ Tty: true });
  let text = '';
  for await (const piece of stream) text += String(piece);
  return text;
}
