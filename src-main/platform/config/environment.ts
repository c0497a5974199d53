import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LogLevel } from '../observability/index.ts';

/** Folders and switches that come from outside; the only place that reads `process.env`. */
export interface Environment {
  /** Store, settings, keys, logs, backups. */
  dataDirectory: string;
  /** One folder per model id. */
  modelsDirectory: string;
  /** What can be fetched again: partial downloads, runtimes. */
  cacheDirectory: string;
  /** 'wayland' keeps global shortcuts from working; see modules/shell. */
  sessionKind: 'x11' | 'wayland' | 'native' | 'none';
  /** Path of a better-sqlite3 binary rebuilt by set-up for a runtime whose N-API is older than 10. */
  sqliteBinding: string | undefined;
  /** Wins over the setting; undefined = the setting decides. */
  logLevel: LogLevel | undefined;
  /** Where the owner says that Docker listens (`DOCKER_HOST`: `unix:///…`, `npipe:////./pipe/…`); undefined = the usual places. */
  dockerHost: string | undefined;
  /** True in tests and CI: no notices on screen about what only a person can mend. */
  isTest: boolean;
}

const APP = 'openclaw-desktop';
/** Not imported from the logger: the first picture waits for this file, and must not wait for pino. */
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Reads the environment once; `variables` and `platform` are parameters for tests. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): Environment {
  const dataDirectory = variables['OPENCLAW_DATA_DIR'] ?? join(platformFolder(variables, platform, 'data'), APP);
  return {
    dataDirectory,
    modelsDirectory: variables['OPENCLAW_MODELS_DIR'] ?? join(dataDirectory, 'models'),
    cacheDirectory: variables['OPENCLAW_CACHE_DIR'] ?? join(platformFolder(variables, platform, 'cache'), APP),
    sessionKind: sessionKind(variables, platform),
    sqliteBinding: variables['OPENCLAW_SQLITE_BINDING'],
    logLevel: LOG_LEVELS.find((level) => level === variables['OPENCLAW_LOG_LEVEL']),
    dockerHost: variables['DOCKER_HOST'] || undefined,
    isTest: variables['OPENCLAW_TEST'] === '1',
  };
}

/** What a child process may know of our environment: where programs, homes, languages, compiled code, graphics cards and the system lie, and nothing that could be a secret. */
const CHILD_VARIABLES = new Set(
  (
    'PATH HOME USER LANG LANGUAGE TZ TMPDIR XDG_RUNTIME_DIR LD_LIBRARY_PATH NODE_COMPILE_CACHE ' +
    'CUDA_PATH CUDA_VISIBLE_DEVICES HIP_VISIBLE_DEVICES VK_ICD_FILENAMES ' +
    'USERPROFILE SYSTEMROOT SYSTEMDRIVE WINDIR TEMP TMP APPDATA LOCALAPPDATA COMSPEC PATHEXT NUMBER_OF_PROCESSORS'
  ).split(' '),
);

/**
 * onnxruntime since 1.29 reports to its maker on Linux and macOS, and writes an identifier of the machine into the cache folder, unless this
 * is set before it is loaded (microsoft/onnxruntime#27379; the variable is a full opt-out). On Windows it writes to the system's own trace, which the owner rules.
 */
const NO_REPORTS = { ORT_DISABLE_TELEMETRY: '1' } as const;

/** The environment for our own worker processes: a short list, so that no key or token of the owner's shell travels on, and no library reports home. */
export function readChildEnvironment(variables: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const allowed: Record<string, string> = { ...NO_REPORTS };
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && (CHILD_VARIABLES.has(name.toUpperCase()) || name.startsWith('LC_'))) allowed[name] = value;
  }
  return allowed;
}

/** The owner's whole environment with additions, for programs that act in the owner's name: npm and pip need its proxies, registries and tokens. */
export function readOwnerEnvironment(additions: Record<string, string>, variables: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...variables, ...additions };
}

function platformFolder(variables: NodeJS.ProcessEnv, platform: NodeJS.Platform, kind: 'data' | 'cache'): string {
  if (platform === 'win32')
    return variables[kind === 'data' ? 'APPDATA' : 'LOCALAPPDATA'] ?? join(homedir(), 'AppData', kind === 'data' ? 'Roaming' : 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', kind === 'data' ? 'Application Support' : 'Caches');
  return kind === 'data'
    ? (variables['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'))
    : (variables['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'));
}

function sessionKind(variables: NodeJS.ProcessEnv, platform: NodeJS.Platform): Environment['sessionKind'] {
  if (platform === 'win32' || platform === 'darwin') return 'native';
  if (variables['WAYLAND_DISPLAY'] || variables['XDG_SESSION_TYPE'] === 'wayland') return 'wayland';
  return variables['DISPLAY'] ? 'x11' : 'none';
}
