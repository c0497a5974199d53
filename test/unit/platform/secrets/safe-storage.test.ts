import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSafeStorageKeyStore } from '../../../../src-main/platform/secrets/safe-storage.electron.ts';

/** Electron itself is not there in a unit test: this stands for its safeStorage, old (synchronous) or new. */
const storage = vi.hoisted(() => ({ safeStorage: {} as Record<string, unknown> }));
vi.mock('electron', () => storage);

function offer(calls: Record<string, unknown>): void {
  storage.safeStorage = calls;
}

const older = (backend: string, available = true) => ({
  isEncryptionAvailable: () => available,
  getSelectedStorageBackend: () => backend,
  encryptString: (text: string) => Buffer.from(`sealed ${text}`),
  decryptString: (sealed: Buffer) => sealed.toString().replace('sealed ', ''),
});

const newer = (backend: string) => ({
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => backend,
  encryptStringAsync: async (text: string) => Buffer.from(`sealed ${text}`),
  decryptStringAsync: async (sealed: Buffer) => ({ result: sealed.toString().replace('sealed ', ''), shouldReEncrypt: true }),
});

const platform = Object.getOwnPropertyDescriptor(process, 'platform');
function runOn(name: NodeJS.Platform): void {
  Object.defineProperty(process, 'platform', { ...platform, value: name });
}
afterEach(() => {
  if (platform) Object.defineProperty(process, 'platform', platform);
});

describe('createSafeStorageKeyStore', () => {
  it.each([
    ['basic_text', older('basic_text'), false],
    ['unknown', older('unknown'), false],
    ['gnome_libsecret without encryption', older('gnome_libsecret', false), false],
    ['gnome_libsecret', older('gnome_libsecret'), true],
    ['kwallet6 (newer Electron)', newer('kwallet6'), true],
    ['basic_text (newer Electron)', newer('basic_text'), false],
  ])('on Linux with the backend %s', async (_backend, calls, isProtected) => {
    runOn('linux');
    offer(calls);
    const status = await createSafeStorageKeyStore().status();
    expect(status.protected).toBe(isProtected);
    if (!status.protected) expect(status.reason).toMatch(/the desktop offers no key store/);
  });

  it.each([
    ['darwin', 'keychain'],
    ['win32', 'dpapi'],
  ] as const)('on %s is the %s', async (name, backend) => {
    runOn(name);
    offer(older(''));
    expect(await createSafeStorageKeyStore().status()).toEqual({ protected: true, backend });
  });

  it.each([
    ['older', older('kwallet'), false],
    ['newer', newer('kwallet'), true],
  ])('seals and opens with an %s Electron', async (_age, calls, resealAdvised) => {
    offer(calls);
    const store = createSafeStorageKeyStore();
    expect(await store.open(await store.seal('key'))).toEqual({ text: 'key', resealAdvised });
  });
});
