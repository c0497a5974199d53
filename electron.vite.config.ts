import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

/*
 * Builds out/main (the Electron entry, the entry without a window and one file per worker), out/preload and out/renderer.
 * Everything but native packages is bundled: hundreds of small files would cost more than a second before the first paint.
 */
const root = import.meta.dirname;
/** The oldest runtime that the app runs on: Electron 33. */
const NODE_TARGET = 'node20.18';
const CHROME_TARGET = 'chrome130';

/** Packages with binaries or files of their own, or that look for their files at run time. */
const EXTERNAL = [
  'electron',
  '@napi-rs/canvas',
  'better-sqlite3',
  'koffi',
  'node-hid',
  'node-llama-cpp',
  'onnxruntime-node',
  'serialport',
  'sherpa-onnx-node',
  // Optional accelerators of `ws`; it does without them.
  'bufferutil',
  'utf-8-validate',
];

/**
 * Parts of dockerode for Docker on other machines (ssh2, with binaries) and for private registries (gRPC): 1.3 MB that are never used, because the sandbox
 * speaks to a Docker on this machine only.
 */
const LEFT_OUT = new Set(['ssh2', '@grpc/grpc-js', '@grpc/proto-loader']);
const withoutUnusedParts: Plugin = {
  name: 'without-unused-parts',
  enforce: 'pre',
  resolveId: (id) => (LEFT_OUT.has(id) ? `\0left-out:${id}` : undefined),
  load: (id) => (id.startsWith('\0left-out:') ? 'module.exports = {};' : undefined),
};

/** `x.worker.ts` → `x.worker`: platform/workers/entries.ts finds them by this name beside the main entry. */
const workers = Object.fromEntries(
  globSync('src-main/**/*.worker.ts', { cwd: root }).map((file) => [basename(file, '.ts'), resolve(root, file)]),
);

export default defineConfig({
  main: {
    plugins: [withoutUnusedParts],
    build: {
      outDir: 'out/main',
      target: NODE_TARGET,
      sourcemap: true,
      minify: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { 'main.electron': resolve(root, 'src-main/main.electron.ts'), ...workers },
        external: EXTERNAL,
        // All beside each other, so that a chunk finds the worker entries at the same place as the main entry.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: NODE_TARGET,
      sourcemap: true,
      minify: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'src-preload/preload.ts') },
        external: ['electron'],
        // A sandboxed preload must be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    // Relative, because the window serves the page at openclaw://app/ and a browser at http://127.0.0.1:PORT/.
    base: './',
    plugins: [react(), tailwindcss()],
    worker: { format: 'es' },
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: CHROME_TARGET,
      sourcemap: true,
      // Fonts and worklets inlined as data URLs would be refused by the page's own policy.
      assetsInlineLimit: 0,
      // The window, and the small one with the face alone.
      // By name: a list would be joined with electron-vite's own guess, which is empty here.
      rolldownOptions: { input: { index: resolve(root, 'src-renderer/index.html'), face: resolve(root, 'src-renderer/face.html') } },
    },
  },
});
