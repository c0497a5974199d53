import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import config from '../../../build/electron-builder.config.mjs';

describe('the packaged app on a Mac', () => {
  it('may use the microphone and load native code under the hardened runtime', () => {
    expect(config.mac).toMatchObject({
      hardenedRuntime: true,
      entitlementsInherit: config.mac?.entitlements,
      extendInfo: { NSMicrophoneUsageDescription: expect.any(String) },
    });
    const granted = readFileSync(String(config.mac?.entitlements), 'utf8').match(/<key>[^<]+<\/key>\s*<true\/>/g);
    expect(granted?.map((entry) => entry.slice(5, entry.indexOf('</')))).toEqual([
      'com.apple.security.device.audio-input',
      'com.apple.security.cs.allow-jit',
      'com.apple.security.cs.allow-unsigned-executable-memory',
      'com.apple.security.cs.disable-library-validation',
    ]);
  });
});

describe('the packaged app', () => {
  it('takes the picture decoder along with its binary as plain files, and the graphs that find faces', () => {
    expect(config.asarUnpack).toContain('**/node_modules/@napi-rs/**');
    expect(config.files).not.toContain('!**/node_modules/@napi-rs/canvas/**');
    expect(config.files).toEqual(expect.arrayContaining(['models/**', 'resources/characters/**']));
  });
});
