import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readChildEnvironment, readEnvironment, readOwnerEnvironment } from '../../../../src-main/platform/config/index.ts';

const foldersOf = (platform: NodeJS.Platform, variables: NodeJS.ProcessEnv = {}) => {
  const { dataDirectory, modelsDirectory, cacheDirectory } = readEnvironment(variables, platform);
  return { dataDirectory, modelsDirectory, cacheDirectory };
};

describe('readEnvironment', () => {
  it('puts everything where the system keeps such things', () => {
    const home = homedir();
    expect(foldersOf('linux')).toEqual({
      dataDirectory: join(home, '.local/share/openclaw-desktop'),
      modelsDirectory: join(home, '.local/share/openclaw-desktop/models'),
      cacheDirectory: join(home, '.cache/openclaw-desktop'),
    });
    expect(foldersOf('linux', { XDG_DATA_HOME: '/data', XDG_CACHE_HOME: '/cache' })).toEqual({
      dataDirectory: join('/data', 'openclaw-desktop'),
      modelsDirectory: join('/data', 'openclaw-desktop', 'models'),
      cacheDirectory: join('/cache', 'openclaw-desktop'),
    });
    expect(foldersOf('darwin').dataDirectory).toBe(join(home, 'Library/Application Support/openclaw-desktop'));
    expect(foldersOf('darwin').cacheDirectory).toBe(join(home, 'Library/Caches/openclaw-desktop'));
    expect(foldersOf('win32', { APPDATA: 'R', LOCALAPPDATA: 'L' })).toMatchObject({
      dataDirectory: join('R', 'openclaw-desktop'),
      cacheDirectory: join('L', 'openclaw-desktop'),
    });
  });

  it('follows what the owner says from outside', () => {
    const variables = {
      OPENCLAW_DATA_DIR: '/d',
      OPENCLAW_MODELS_DIR: '/m',
      OPENCLAW_CACHE_DIR: '/c',
      OPENCLAW_SQLITE_BINDING: '/b.node',
      OPENCLAW_LOG_LEVEL: 'debug',
      OPENCLAW_TEST: '1',
      DOCKER_HOST: 'unix:///run/docker.sock',
    };
    expect(readEnvironment(variables, 'linux')).toEqual({
      dataDirectory: '/d',
      modelsDirectory: '/m',
      cacheDirectory: '/c',
      sessionKind: 'none',
      sqliteBinding: '/b.node',
      logLevel: 'debug',
      dockerHost: 'unix:///run/docker.sock',
      isTest: true,
    });
    expect(readEnvironment({ OPENCLAW_LOG_LEVEL: 'loud' }, 'linux').logLevel).toBeUndefined();
    expect(readEnvironment({ OPENCLAW_DATA_DIR: '/d' }, 'linux').modelsDirectory).toBe(join('/d', 'models'));
  });

  it.each([
    ['linux', {}, 'none'],
    ['linux', { DISPLAY: ':0' }, 'x11'],
    ['linux', { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0' }, 'wayland'],
    ['linux', { XDG_SESSION_TYPE: 'wayland' }, 'wayland'],
    ['darwin', {}, 'native'],
    ['win32', {}, 'native'],
  ] as const)('on %s with %j the session is %s', (platform, variables, kind) => {
    expect(readEnvironment(variables, platform).sessionKind).toBe(kind);
  });
});

describe('readChildEnvironment', () => {
  it('hands on where things lie and the language, nothing that could be a secret, and that no library may report home', () => {
    const variables = {
      PATH: '/bin',
      Path: 'C:\\bin',
      LC_ALL: 'de_DE.UTF-8',
      CUDA_VISIBLE_DEVICES: '0',
      ANTHROPIC_API_KEY: 'x',
      GITHUB_TOKEN: 'x',
      NODE_OPTIONS: '--inspect',
      NODE_COMPILE_CACHE: '/c',
      OPENCLAW_DATA_DIR: '/d',
      LC: undefined,
    };
    expect(readChildEnvironment(variables)).toEqual({
      PATH: '/bin',
      Path: 'C:\\bin',
      LC_ALL: 'de_DE.UTF-8',
      CUDA_VISIBLE_DEVICES: '0',
      NODE_COMPILE_CACHE: '/c',
      ORT_DISABLE_TELEMETRY: '1',
    });
  });
});

describe('readOwnerEnvironment', () => {
  it('is the whole environment with the additions on top', () => {
    expect(readOwnerEnvironment({ A: '2', B: '3' }, { A: '1', TOKEN: 'x' })).toEqual({ A: '2', B: '3', TOKEN: 'x' });
  });
});
