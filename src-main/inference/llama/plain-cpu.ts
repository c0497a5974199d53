import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Builds of llama.cpp's processor code without AVX-512 and AMX, which is where virtual machines fault. It picks the best of them by itself. */
const PLAIN_BUILDS = /^(?:lib)?ggml-cpu-(?:x64|sse42|sandybridge|ivybridge|haswell)\.(?:so|dll)$/;

/**
 * Makes this process use the plain processor code; call it before the first `getLlama`, which then finds a processor back end loaded and looks
 * for no better one. Returns false where there is only one build (macOS, ARM), so that nothing changes.
 */
export function usePlainCpu(platform: NodeJS.Platform = process.platform, architecture: string = process.arch): boolean {
  const folder = binariesFolder(platform, architecture);
  const builds = folder === undefined ? [] : readdirSync(folder).filter((name) => PLAIN_BUILDS.test(name));
  if (folder === undefined || builds.length === 0) return false;
  const chosen = mkdtempSync(join(tmpdir(), 'openclaw-plain-cpu-'));
  try {
    for (const name of builds) copyFileSync(join(folder, name), join(chosen, name));
    const binding = createRequire(import.meta.url)(join(folder, 'llama-addon.node')) as { loadBackends: (folder: string) => void };
    binding.loadBackends(chosen);
    return true;
  } finally {
    // Windows keeps loaded libraries; the system's own clean-up takes them there.
    if (platform !== 'win32') rmSync(chosen, { recursive: true, force: true });
  }
}

function binariesFolder(platform: NodeJS.Platform, architecture: string): string | undefined {
  const name = { linux: 'linux', win32: 'win' }[platform as string];
  if (name === undefined || architecture !== 'x64') return undefined;
  const entry = createRequire(import.meta.url).resolve(`@node-llama-cpp/${name}-x64`);
  // In a packed app native files lie beside the archive, see resolveActualBindingBinaryPath of node-llama-cpp.
  return join(dirname(entry), '..', 'bins', `${name}-x64`).replace(/\.asar(?=[\\/])/, '.asar.unpacked');
}
