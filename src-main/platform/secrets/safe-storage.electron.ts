import { safeStorage } from 'electron';
import type { SystemKeyStore } from './system-key-store.ts';

/**
 * Electron's safeStorage as a {@link SystemKeyStore}; use it after the app is ready. The asynchronous calls come first because the synchronous
 * ones are going away (Electron 46); Electron 33, which tests run on, has only those. On Linux the backend `basic_text` encrypts with a fixed
 * password and counts as no protection.
 */
export function createSafeStorageKeyStore(): SystemKeyStore {
  const hasAsync = typeof safeStorage.encryptStringAsync === 'function';
  return {
    async status() {
      const available = hasAsync ? await safeStorage.isAsyncEncryptionAvailable() : safeStorage.isEncryptionAvailable();
      const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : nativeBackend();
      if (!available || backend === 'basic_text' || backend === 'unknown') return { protected: false, reason: noKeyStore };
      return { protected: true, backend };
    },
    async seal(text) {
      return hasAsync ? safeStorage.encryptStringAsync(text) : safeStorage.encryptString(text);
    },
    async open(sealed) {
      if (!hasAsync) return { text: safeStorage.decryptString(sealed), resealAdvised: false };
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      return { text: result, resealAdvised: shouldReEncrypt };
    },
  };
}

const noKeyStore = 'the desktop offers no key store (GNOME Keyring and KWallet are two)';

function nativeBackend(): string {
  return process.platform === 'darwin' ? 'keychain' : 'dpapi';
}
