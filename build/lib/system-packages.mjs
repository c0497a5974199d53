// @ts-check
import { existsSync } from 'node:fs';
import { runCommand } from './commands.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * A thing that comes from the system: how to see whether it is here, and the packages that bring it, by package manager. Debian names are tried in
 * order, because newer releases renamed some (`…t64`).
 * @typedef {object} SystemPart
 * @property {string} name
 * @property {{ library: string } | { program: string }} seen
 * @property {string[]} apt
 * @property {string} dnf
 * @property {string} pacman
 */

/** What Electron links to. @type {SystemPart[]} */
export const windowLibraries = [
  { name: 'GTK 3', seen: { library: 'libgtk-3.so.0' }, apt: ['libgtk-3-0t64', 'libgtk-3-0'], dnf: 'gtk3', pacman: 'gtk3' },
  { name: 'NSS', seen: { library: 'libnss3.so' }, apt: ['libnss3'], dnf: 'nss', pacman: 'nss' },
  { name: 'ALSA', seen: { library: 'libasound.so.2' }, apt: ['libasound2t64', 'libasound2'], dnf: 'alsa-lib', pacman: 'alsa-lib' },
  { name: 'GBM', seen: { library: 'libgbm.so.1' }, apt: ['libgbm1'], dnf: 'mesa-libgbm', pacman: 'mesa' },
  {
    name: 'ATK bridge',
    seen: { library: 'libatk-bridge-2.0.so.0' },
    apt: ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
    dnf: 'at-spi2-atk',
    pacman: 'at-spi2-core',
  },
  {
    name: 'AT-SPI',
    seen: { library: 'libatspi.so.0' },
    apt: ['libatspi2.0-0t64', 'libatspi2.0-0'],
    dnf: 'at-spi2-core',
    pacman: 'at-spi2-core',
  },
  { name: 'CUPS', seen: { library: 'libcups.so.2' }, apt: ['libcups2t64', 'libcups2'], dnf: 'cups-libs', pacman: 'libcups' },
  { name: 'DRM', seen: { library: 'libdrm.so.2' }, apt: ['libdrm2'], dnf: 'libdrm', pacman: 'libdrm' },
  { name: 'xkbcommon', seen: { library: 'libxkbcommon.so.0' }, apt: ['libxkbcommon0'], dnf: 'libxkbcommon', pacman: 'libxkbcommon' },
];

/** A screen that exists in memory only, for tests. @type {SystemPart[]} */
export const testScreen = [
  { name: 'Xvfb', seen: { program: 'Xvfb' }, apt: ['xvfb'], dnf: 'xorg-x11-server-Xvfb', pacman: 'xorg-server-xvfb' },
];

/** What compiling the SQLite binding takes. @type {SystemPart[]} */
export const compiler = [
  { name: 'C++ compiler', seen: { program: 'g++' }, apt: ['g++'], dnf: 'gcc-c++', pacman: 'gcc' },
  { name: 'make', seen: { program: 'make' }, apt: ['make'], dnf: 'make', pacman: 'make' },
  { name: 'Python 3', seen: { program: 'python3' }, apt: ['python3'], dnf: 'python3', pacman: 'python' },
];

/** A Docker engine of our own for tests, and what makes an image without a registry. @type {SystemPart[]} */
export const testEngine = [
  { name: 'Docker engine', seen: { program: 'dockerd' }, apt: ['docker.io'], dnf: 'moby-engine', pacman: 'docker' },
  { name: 'containerd', seen: { program: 'containerd' }, apt: ['containerd'], dnf: 'containerd', pacman: 'containerd' },
  { name: 'runc', seen: { program: 'runc' }, apt: ['runc'], dnf: 'runc', pacman: 'runc' },
  { name: 'iptables', seen: { program: 'iptables' }, apt: ['iptables'], dnf: 'iptables', pacman: 'iptables' },
  { name: 'debootstrap', seen: { program: 'debootstrap' }, apt: ['debootstrap'], dnf: 'debootstrap', pacman: 'debootstrap' },
];

/** Telephones for tests: sipp speaks exact SIP, baresip is a telephone with sound. @type {SystemPart[]} */
export const testPhones = [
  { name: 'sipp', seen: { program: 'sipp' }, apt: ['sip-tester'], dnf: 'sipp', pacman: 'sipp' },
  { name: 'baresip', seen: { program: 'baresip' }, apt: ['baresip-core'], dnf: 'baresip', pacman: 'baresip' },
];

/** @typedef {'apt-get' | 'dnf' | 'pacman'} PackageManager */

const ROOT = 0;

/** Those of `parts` that this machine lacks; none where libraries come with the program (macOS, Windows). @param {readonly SystemPart[]} parts */
export async function missingParts(parts) {
  if (process.platform !== 'linux') return [];
  const libraries = parts.some((part) => 'library' in part.seen) ? await knownLibraries() : '';
  return parts.filter(({ seen }) => ('library' in seen ? !libraries.includes(`\t${seen.library} `) : !programOnPath(seen.program)));
}

/** The loader's own list; without it (musl) nothing can be said and everything counts as missing. */
async function knownLibraries() {
  const loader = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((path) => existsSync(path)) ?? 'ldconfig';
  return (await runCommand(loader, ['-p'])).output;
}

/** @param {string} program */
export function programOnPath(program) {
  return (process.env['PATH'] ?? '').split(':').some((folder) => folder !== '' && existsSync(`${folder}/${program}`));
}

/** @returns {PackageManager | undefined} */
function packageManager() {
  return /** @type {PackageManager[]} */ (['apt-get', 'dnf', 'pacman']).find(programOnPath);
}

/** Set-up installs by itself only here; everywhere else it prints the command. */
export const mayInstall = () => packageManager() === 'apt-get' && process.getuid?.() === ROOT;

/**
 * The exact command a person would type, e.g. `sudo apt-get install -y libnss3`.
 * @param {readonly SystemPart[]} parts
 */
export async function installCommand(parts) {
  const manager = packageManager();
  const sudo = process.getuid?.() === ROOT ? '' : 'sudo ';
  if (manager === 'apt-get') return `${sudo}apt-get update && ${sudo}apt-get install -y ${(await aptNames(parts)).join(' ')}`;
  if (manager === 'dnf') return `${sudo}dnf install -y ${unique(parts.map((part) => part.dnf)).join(' ')}`;
  if (manager === 'pacman') return `${sudo}pacman -S --needed ${unique(parts.map((part) => part.pacman)).join(' ')}`;
  return `the package manager of this system, for: ${parts.map((part) => part.name).join(', ')}`;
}

/**
 * Installs with apt as root; rejects with `system.install` and the command to run by hand.
 * @param {readonly SystemPart[]} parts
 */
export async function installParts(parts) {
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another package manager at work (a fresh machine updating itself) is waited for.
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  await runCommand('apt-get', ['update', '-q', ...wait], { env: environment });
  const names = await aptNames(parts);
  const { code, tail } = await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...wait, ...names], {
    env: environment,
  });
  if (code !== 0)
    throw new SetupError(
      'system.install',
      `The system packages could not be installed: run ${await installCommand(parts)} and then set-up again.\n${tail}`,
    );
}

/** The name that this release knows, for each part. @param {readonly SystemPart[]} parts */
async function aptNames(parts) {
  const { output } = await runCommand('apt-cache', ['policy', ...unique(parts.flatMap((part) => part.apt))], { env: { LC_ALL: 'C' } });
  const available = new Set(
    output
      .split(/^(?=\S+:$)/m)
      .filter((block) => /Candidate: (?!\(none\))/.test(block))
      .map((block) => block.slice(0, block.indexOf(':'))),
  );
  return unique(parts.map((part) => part.apt.find((name) => available.has(name)) ?? part.apt.at(-1) ?? part.name));
}

/** @param {readonly string[]} names */
const unique = (names) => [...new Set(names)];
