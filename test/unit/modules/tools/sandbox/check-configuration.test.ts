import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../../../../src-main/modules/tools/sandbox/check-configuration.ts';
import { containerSpec, type ContainerRequest } from '../../../../../src-main/modules/tools/sandbox/container-spec.ts';
import { checkFolder, type ForbiddenPlaces } from '../../../../../src-main/modules/tools/sandbox/workspace-check.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

async function places(): Promise<ForbiddenPlaces> {
  const home = await temporaryFolder();
  for (const name of ['.ssh', '.aws', '.gnupg', '.config/app', 'notes', 'data/models', 'docker'])
    await mkdir(join(home, name), { recursive: true });
  return {
    home,
    dataDirectory: join(home, 'data'),
    modelsDirectory: join(home, 'data', 'models'),
    socketPath: join(home, 'docker', 'docker.sock'),
    ownWorkspace: undefined,
  };
}

async function good(): Promise<{
  request: ContainerRequest;
  rules: { places: ForbiddenPlaces; proxyFolder: string; coverFolder: string };
}> {
  const known = await places();
  const proxyFolder = join(known.home, 'proxy');
  const request = containerSpec({
    imageId: `sha256:${'a'.repeat(64)}`,
    runner: '1',
    runtime: 'runc',
    instance: 'test',
    workspace: {
      access: 'write',
      folder: checkFolder(join(known.home, 'notes'), known),
      hidden: [
        { path: 'app/.env', isFolder: false, inode: 1 },
        { path: '.ssh', isFolder: true, inode: 2 },
      ],
    },
    proxyFolder,
    coverFolder: '/tmp/covers',
    rootless: false,
  });
  return { request, rules: { places: known, proxyFolder, coverFolder: '/tmp/covers' } };
}

/** The request with one setting of it, or of its HostConfig, changed. */
const outside = (change: object) => (request: ContainerRequest) => ({ ...request, ...change }) as ContainerRequest;
const inside = (change: object) => (request: ContainerRequest) =>
  ({ ...request, HostConfig: { ...request.HostConfig, ...change } }) as ContainerRequest;
const mount = (change: object) =>
  inside({
    Mounts: [{ Type: 'bind', Source: '/tmp/x', Target: '/workspace', ReadOnly: true, BindOptions: { Propagation: 'rprivate' }, ...change }],
  });

describe('checkConfiguration', () => {
  it('lets the configuration of this app through', async () => {
    const { request, rules } = await good();
    expect(() => checkConfiguration({ ...request, name: 'openclaw-sandbox-1' }, rules)).not.toThrow();
  });

  it.each([
    ['another folder inside the workspace', mount({ Source: '/tmp/other', Target: '/workspace/x' })],
    ['a cover that can be written', mount({ Source: '/tmp/covers/empty', Target: '/workspace/x', ReadOnly: false })],
    ['a cover over something else', mount({ Source: '/tmp/covers/empty', Target: '/workspace/../etc' })],
    ['binds', inside({ Binds: ['/:/host'] })],
    ['the network of the host', inside({ NetworkMode: 'host' })],
    ['the network of another container', inside({ NetworkMode: 'container:abc' })],
    ['any other network', inside({ NetworkMode: 'bridge' })],
    ['no word about the network', inside({ NetworkMode: undefined })],
    ['privileges', inside({ Privileged: true })],
    ['a capability', inside({ CapAdd: ['SYS_ADMIN'] })],
    ['capabilities that are not dropped', inside({ CapDrop: [] })],
    ['no seccomp', inside({ SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] })],
    ['no AppArmor', inside({ SecurityOpt: ['no-new-privileges', 'apparmor=unconfined'] })],
    ['open system paths', inside({ SecurityOpt: ['systempaths=unconfined'] })],
    ['new privileges', inside({ SecurityOpt: [] })],
    ['a device', inside({ Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda', CgroupPermissions: 'rwm' }] })],
    ['a graphics card', inside({ DeviceRequests: [{ Count: -1 }] })],
    ['device rules', inside({ DeviceCgroupRules: ['a *:* rwm'] })],
    ['the processes of the host', inside({ PidMode: 'host' })],
    ['the IPC of the host', inside({ IpcMode: 'host' })],
    ['the users of the host', inside({ UsernsMode: 'host' })],
    ['the name of the host', inside({ UTSMode: 'host' })],
    ['the groups of the host', inside({ CgroupnsMode: 'host' })],
    ['a group of its own choice', inside({ CgroupParent: '/' })],
    ['the volumes of another', inside({ VolumesFrom: ['abc'] })],
    ['a root that can be written', inside({ ReadonlyRootfs: false })],
    ['no bound on processes', inside({ PidsLimit: -1 })],
    ['more memory', inside({ Memory: 2 ** 40, MemorySwap: 2 ** 40 })],
    ['swap', inside({ MemorySwap: 2 ** 29 - 1 })],
    ['no OOM killer', inside({ OomKillDisable: true })],
    ['sysctls', inside({ Sysctls: { 'kernel.core_pattern': '|/x' } })],
    ['paths of /proc that are not masked', inside({ MaskedPaths: [] })],
    ['another runtime', inside({ Runtime: 'crun' })],
    ['a log', inside({ LogConfig: { Type: 'json-file' } })],
    ['a restart', inside({ RestartPolicy: { Name: 'always' } })],
    ['a temporary folder that executes', inside({ Tmpfs: { '/tmp': 'rw,size=1' } })],
    ['a temporary folder elsewhere', inside({ Tmpfs: { '/etc': 'rw,noexec,nosuid,nodev,size=1' } })],
    ['a setting from the future', inside({ SomethingNew: true })],
    ['a setting of the prototype', inside({ constructor: 1 })],
    ['an image by tag', outside({ Image: 'debian:latest' })],
    ['root', outside({ User: '0:0' })],
    ['root by name', outside({ User: 'root' })],
    ['nobody said who', outside({ User: '' })],
    ['a variable of the host', outside({ Env: ['GITHUB_TOKEN=x'] })],
    ['a variable for the loader', outside({ Env: ['LD_PRELOAD=/workspace/x.so'] })],
    ['another program', outside({ Entrypoint: ['/bin/sh', '-c', 'id'] })],
    ['ports', outside({ ExposedPorts: { '80/tcp': {} } })],
    ['networks by another name', outside({ NetworkingConfig: { EndpointsConfig: { host: {} } } })],
    ['a name that is a path', outside({ name: '../../x' })],
    ['labels of others', outside({ Labels: { 'openclaw.desktop': 'test', 'com.docker.x': '1' } })],
    ['a label with lines in it', outside({ Labels: { 'openclaw.desktop': 'a\nb' } })],
    ['the root of the host', mount({ Source: '/' })],
    ['the socket of the engine', mount({ Source: '/var/run/docker.sock' })],
    ['a mount elsewhere', mount({ Target: '/etc' })],
    ['a volume', mount({ Type: 'volume' })],
    ['shared mounts', mount({ BindOptions: { Propagation: 'rshared' } })],
    ['a path that is not full', mount({ Source: '../x' })],
    ['a mount that may be written in place of the socket', mount({ Target: '/run/openclaw', ReadOnly: false })],
  ])('refuses %s', async (_what, change) => {
    const { request, rules } = await good();
    expect(() => checkConfiguration(change(request), rules)).toThrow(expect.objectContaining({ code: 'sandbox.refused' }));
  });
});

describe('checkFolder', () => {
  it('takes a folder of the owner, and what a link really leads to', async () => {
    const known = await places();
    const folder = join(known.home, 'notes');
    await symlink(folder, join(known.home, 'link'));
    expect(checkFolder(join(known.home, 'link'), known).path).toBe(checkFolder(folder, known).path);
  });

  it.each([
    '.ssh',
    '.aws',
    '.gnupg',
    '.config',
    '.config/app',
    'data',
    'data/models',
    'docker',
    '.',
    '..',
    '/',
    '/etc',
    '/proc/self',
    '/run',
    'missing',
    'notes/../.ssh',
  ])('refuses %s', async (name) => {
    const known = await places();
    expect(() => checkFolder(name.startsWith('/') ? name : join(known.home, name), known)).toThrow(
      expect.objectContaining({ code: 'sandbox.refused' }),
    );
  });

  it('refuses a link that leads to keys, and a relative path', async () => {
    const known = await places();
    await symlink(join(known.home, '.ssh'), join(known.home, 'harmless'));
    expect(() => checkFolder(join(known.home, 'harmless'), known)).toThrow('may not be shared');
    expect(() => checkFolder('notes', known)).toThrow('full path');
  });
});
