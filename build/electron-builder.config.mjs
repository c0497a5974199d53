// @ts-check
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRuntime } from './lib/electron-runtime.mjs';
import { bundledPackages } from './lib/bundled-packages.mjs';
import { readPaths } from './lib/paths.mjs';
import { bindingFile, needsOwnBinding } from './lib/sqlite-binding.mjs';

/*
 * What a packaged app is made of. `npm run package -- --dir` makes the folder that an installer would contain; without --dir the installers of the
 * platform it runs on are made (the tools for them are fetched by electron-builder).
 */

const paths = readPaths();
const runtime = readRuntime(paths);

/** Packages with binaries: they must lie as plain files, because neither the system's loader nor a child process can read an archive. */
const NATIVE = [
  '@napi-rs',
  'better-sqlite3',
  'koffi',
  '@koromix',
  'node-hid',
  'node-llama-cpp',
  '@node-llama-cpp',
  'onnxruntime-node',
  '@serialport/bindings-cpp',
  'sherpa-onnx-*',
];

/** Everything the build has bundled into out/ stays behind; only packages with files of their own travel along. */
const EXTERNAL = [
  '@napi-rs/canvas',
  'better-sqlite3',
  'koffi',
  'node-hid',
  'node-llama-cpp',
  'onnxruntime-node',
  'serialport',
  'sherpa-onnx-node',
];

/** Sources, other platforms and tools of native packages: 1.2 GB that no user's app ever opens. */
const LEFT_BEHIND = [
  '!**/node_modules/better-sqlite3/{src,deps,build}/**',
  '!**/node_modules/node-hid/{hidapi,src,binding.gyp}/**',
  '!**/node_modules/@serialport/bindings-cpp/{src,binding.gyp}/**',
  '!**/node_modules/onnxruntime-node/{script,lib/**/*.map}/**',
  // Its lists of ready-made binaries (llama/*.json) stay: it does not start without them.
  '!**/node_modules/node-llama-cpp/{llama/{addon,cmake,patches,profiles,toolchains,xpack},templates}/**',
  '!**/node_modules/node-llama-cpp/llama/{gitRelease.bundle,CMakeLists.txt}',
  // CUDA libraries alone are 540 MB. NVIDIA cards are used through Vulkan; who wants CUDA runs an own server or builds with it.
  '!**/node_modules/@node-llama-cpp/*-cuda*/**',
  '!**/*.{map,ts,mts,cts}',
];

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.openclaw.desktop',
  productName: 'OpenClaw Desktop',
  copyright: 'Copyright © 2026 The OpenClaw Desktop authors',
  // The addresses of whoever publishes a build; reserved names that lead nowhere until then.
  extraMetadata: { homepage: process.env['OPENCLAW_HOMEPAGE'] ?? 'https://openclaw-desktop.invalid' },
  directories: { output: 'dist', buildResources: 'resources' },
  files: [
    'out/**',
    'models/**',
    'resources/icons/**',
    'resources/characters/**',
    'resources/asterisk/**',
    'resources/sandbox/**',
    'package.json',
    ...bundledPackages(paths.root, EXTERNAL).map((name) => `!**/node_modules/${name}/**`),
    ...LEFT_BEHIND,
    '!out/.sources',
  ],
  asar: true,
  // The recipes of the images are sent to Docker as they lie there.
  asarUnpack: [...NATIVE.map((name) => `**/node_modules/${name}/**`), 'resources/asterisk/**', 'resources/sandbox/**'],
  npmRebuild: false,
  ...(runtime ? { electronVersion: runtime.version, electronDist: runtime.directory } : {}),

  // Every fuse is stated. runAsNode is off: nobody can turn the app into a plain Node with the app's rights. Nothing of ours needs it, because
  // workers are utility processes; the probe that node-llama-cpp would fork is answered inside the language worker.
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },

  linux: {
    // deb first: it installs the sandbox's AppArmor profile. An AppImage has no sandbox on systems that forbid user namespaces, and says so.
    target: ['deb', 'AppImage'],
    category: 'Utility',
    executableName: 'openclaw-desktop',
    maintainer: process.env['OPENCLAW_MAINTAINER'] ?? 'OpenClaw Desktop authors <authors@openclaw-desktop.invalid>',
    synopsis: 'A voice assistant that stays on your computer',
  },
  // libusb is for the button of the off-switch: without it there is none over USB, and the rest works.
  deb: { recommends: ['libappindicator3-1', 'libusb-1.0-0'] },
  mac: {
    target: ['dmg'],
    category: 'public.app-category.productivity',
    // The hardened runtime refuses the microphone and code that is not ours alone; these are the exceptions.
    hardenedRuntime: true,
    entitlements: join(paths.root, 'build', 'entitlements.mac.plist'),
    entitlementsInherit: join(paths.root, 'build', 'entitlements.mac.plist'),
    extendInfo: { NSMicrophoneUsageDescription: 'OpenClaw Desktop listens to you, on this computer only.' },
  },
  win: { target: ['nsis'] },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },

  afterPack: (context) => {
    const resources = join(context.appOutDir, 'resources');
    // The registry's Electron carries a loader for development, and needs its own SQLite binding; see electron-registry.mjs.
    if (existsSync(join(resources, 'app', 'loader.mjs'))) rmSync(join(resources, 'app'), { recursive: true });
    if (runtime && needsOwnBinding(runtime)) {
      const prebuilt = join('node_modules', 'better-sqlite3', 'prebuilds', `${process.platform}-${process.arch}.node`);
      copyFileSync(bindingFile(paths, runtime), join(resources, 'app.asar.unpacked', prebuilt));
    }
  },
};
