export * from './keyring.ts';
export { openSealedBytes, writeSealedBytes, type SealedBytes } from './sealed-bytes.ts';
export * from './secrets-handlers.ts';
export * from './secrets-service.ts';
export * from './system-key-store.ts';
export * from './vault.ts';
export * from './vault-handlers.ts';
export * from './watch-secrets.ts';
export { sealedHeader, sealingKeyId } from './sealed-box.ts';
