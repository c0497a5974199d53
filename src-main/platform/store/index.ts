export type { StoreBackup } from './backups.ts';
export * from './history-store.ts';
export * from './store.ts';
export { BIN_DAYS } from './upkeep.ts';
