import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src-main/platform/config/environment.ts';
import { hasScreen, readPaths } from '../../../build/lib/paths.mjs';

const machines: [string, NodeJS.Platform, NodeJS.ProcessEnv][] = [
  ['Linux', 'linux', {}],
  ['Linux with XDG folders', 'linux', { XDG_DATA_HOME: '/x/data', XDG_CACHE_HOME: '/x/cache', DISPLAY: ':0' }],
  ['Linux on Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }],
  ['folders of the owner', 'linux', { OPENCLAW_DATA_DIR: '/d', OPENCLAW_CACHE_DIR: '/c', OPENCLAW_MODELS_DIR: '/m' }],
  ['macOS', 'darwin', {}],
  ['Windows', 'win32', { APPDATA: '/roaming', LOCALAPPDATA: '/local' }],
];

describe('readPaths', () => {
  it.each(machines)('finds the same folders and the same screen as the app: %s', (_name, platform, variables) => {
    const paths = readPaths(variables, platform);
    const environment = readEnvironment(variables, platform);
    expect({ data: paths.data, models: paths.models, cache: paths.cache, screen: hasScreen(variables, platform) }).toEqual({
      data: environment.dataDirectory,
      models: environment.modelsDirectory,
      cache: environment.cacheDirectory,
      screen: environment.sessionKind !== 'none',
    });
  });
});
