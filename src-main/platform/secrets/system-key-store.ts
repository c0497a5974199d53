/**
 * The operating system's own safe for small secrets (Keychain, DPAPI, libsecret, KWallet), as an adapter hands it to us.
 * The one for Electron is safe-storage.electron.ts; without a window there is none.
 */
export interface SystemKeyStore {
  /** `protected: false` also when the system offers a store that protects nothing (Electron's basic_text). */
  status(): Promise<{ protected: true; backend: string } | { protected: false; reason: string }>;
  seal(text: string): Promise<Buffer>;
  /** `resealAdvised`: the system has a newer key of its own and wants the value sealed again. Rejects when the value cannot be opened. */
  open(sealed: Buffer): Promise<{ text: string; resealAdvised: boolean }>;
}
