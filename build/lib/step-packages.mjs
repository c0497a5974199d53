// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { node24 } from './paths.mjs';
import { requireSpace, sizeOfFile } from './files.mjs';

/*
 * npm packages are installed without their install scripts: ours need none (their binaries come as packages of their own), several would
 * download what nobody asked for (CUDA libraries, Electron's other copy), and a package that runs nothing cannot do harm. The one exception
 * is `node`, whose script puts Node 24 in its place.
 */

/** Installing, measured; the packages' own sizes are not in the lock file. */
const INSTALL_BYTES = 780e6;
const INSTALLED_BYTES = 1.8e9;
const INSTALL_SECONDS = 40;
const NODE_BYTES = 45e6;

/** Says to the few scripts that could still run (an owner's own `npm install`) to leave the network alone. */
const QUIET_ENVIRONMENT = {
  ELECTRON_SKIP_BINARY_DOWNLOAD: '1',
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip',
  NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true',
};

/**
 * @param {{ root: string }} paths
 * @returns {import('./setup.mjs').Step}
 */
export function packagesStep({ root }) {
  return {
    id: 'packages',
    title: 'npm packages and Node 24',
    check: async () => {
      const missing = missingPackages(root);
      if (missing.length > 0) return { bytes: INSTALL_BYTES + NODE_BYTES, seconds: INSTALL_SECONDS };
      return hasNode24(root) ? undefined : { bytes: NODE_BYTES, seconds: 5 };
    },
    run: async (progress) => {
      if (missingPackages(root).length > 0) await install(root, progress);
      if (!hasNode24(root))
        await npm(['rebuild', 'node', '--foreground-scripts'], {
          cwd: root,
          env: QUIET_ENVIRONMENT,
          code: 'packages.node',
          sentence:
            'Node 24 could not be installed through npm: check that the package registry can be reached (npm ping) and run set-up again.',
        });
    },
    proof: async () => [join(root, 'node_modules', '.package-lock.json'), node24(root)],
  };
}

/** @param {string} root @param {import('./report.mjs').Progress} progress */
async function install(root, progress) {
  requireSpace(root, INSTALLED_BYTES, 'Installing the npm packages');
  const wanted = Object.keys(wantedPackages(root));
  const timer = setInterval(() => {
    progress({
      done: wanted.filter((path) => existsSync(join(root, path, 'package.json'))).length,
      total: wanted.length,
      unit: 'items',
      note: 'packages',
    });
  }, 500);
  try {
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: root,
      env: QUIET_ENVIRONMENT,
      code: 'packages.install',
      sentence: 'The npm packages could not be installed: check that the package registry can be reached (npm ping) and run set-up again.',
    });
  } finally {
    clearInterval(timer);
  }
}

/** Packages of the lock file that are not installed in that version. @param {string} root @returns {string[]} */
function missingPackages(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wantedPackages(root))
    .filter(([path, { version }]) => installed[path]?.version !== version)
    .map(([path]) => path);
}

/**
 * @typedef {{ version?: string, os?: string[], cpu?: string[], libc?: string[], optional?: boolean }} LockedPackage
 */

/** What this machine must have: optional packages only where they are made for it. @param {string} root */
function wantedPackages(root) {
  return Object.fromEntries(
    Object.entries(readPackages(join(root, 'package-lock.json'))).filter(([path, entry]) => path !== '' && !entry.optional),
  );
}

/** @param {string} file @returns {Record<string, LockedPackage>} */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
}

/** @param {string} root */
function hasNode24(root) {
  return sizeOfFile(node24(root)) > 1e6;
}
